"""Close lists that are done: every payment final, and what the bank did with it explained on a statement."""

from datetime import datetime

from django.db import connection

# A return days later still finds its payment: it moves a payment of a closed list too. Cash lists stay open for the provider's next list;
# of transfers a provider pays, no statement shows the single ones.
_CLOSE = """
UPDATE payments_paymentbatch b SET status = 'CLOSED', status_at = %s
WHERE b.status = 'RELEASED' AND b.channel = 'ACCOUNT'
  AND NOT EXISTS (SELECT 1 FROM payments_payment p WHERE p.batch_id = b.id AND p.status IN ('DRAFT', 'READY', 'SENT', 'PROCESSING'))
  AND (EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = b.id) OR NOT EXISTS (
      SELECT 1 FROM payments_payment p LEFT JOIN reconciliation_livematch m ON m.payment_id = p.id AND m.kind = 'DEBIT'
      WHERE p.batch_id = b.id AND p.status IN ('POSTED', 'RETURNED') AND m.id IS NULL
        AND NOT EXISTS (SELECT 1 FROM reconciliation_discrepancy d WHERE d.payment_id = p.id AND d.ground = 'WRITTEN_OFF' AND d.ours < 0))
    AND NOT EXISTS (
      SELECT 1 FROM payments_payment p LEFT JOIN reconciliation_livematch m ON m.payment_id = p.id AND m.kind = 'RETURN'
      WHERE p.batch_id = b.id AND p.status = 'RETURNED' AND m.id IS NULL
        AND NOT EXISTS (SELECT 1 FROM reconciliation_discrepancy d WHERE d.payment_id = p.id AND d.ground = 'WRITTEN_OFF' AND d.ours > 0)))
"""


def close_finished_lists(*, now: datetime) -> int:
    """Close every account list that is done; return how many. What is open is what work is looked for in, so this keeps looking cheap."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, [now])
        return int(cursor.rowcount)
