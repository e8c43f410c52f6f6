"""Find payments somebody must be told of. Read from what is committed, so nobody is told of what did not happen."""

from datetime import datetime, timedelta

from django.db import connection, transaction

TELL_WITHIN = timedelta(days=7)  # older news is no news: a system that was off does not wake people with last month's

# Nobody is told of money of somebody who died or is asked about: a person goes to see the family.
_QUEUE = """
INSERT INTO payments_notice (payment_id, kind, status, attempts, not_before, queued_at)
SELECT p.id, CASE WHEN b.channel = 'CASH' THEN 'CASH_READY' WHEN p.status = 'POSTED' THEN 'PAID' ELSE 'NOT_PAID' END, 'WAITING', 0, %(now)s, %(now)s
FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
JOIN beneficiaries_phone t ON t.beneficiary_id = p.beneficiary_id AND t.opted_out_at IS NULL
JOIN beneficiaries_life l ON l.beneficiary_id = p.beneficiary_id AND l.deceased_on IS NULL AND l.notice_on IS NULL
WHERE p.status_at >= %(since)s
  AND ((b.channel = 'ACCOUNT' AND p.status IN ('POSTED', 'FAILED', 'RETURNED')) OR (b.channel = 'CASH' AND p.status = 'PROCESSING'))
ON CONFLICT (payment_id, kind) DO NOTHING
"""


@transaction.atomic
def queue_notices(*, now: datetime) -> int:
    """Queue what became certain in the last `TELL_WITHIN`; each payment once per kind, however often this runs. Returns how many are new."""
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, {"now": now, "since": now - TELL_WITHIN})
        return int(cursor.rowcount)
