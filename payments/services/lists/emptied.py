"""Lists in draft from which everybody was taken off: they are cancelled, and wait for no signature."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

# A list somebody holds just now is left to the clock: whoever takes people off holds their payments already, and would wait for it crosswise.
_EMPTIED = """
WITH emptied AS (
    SELECT b.id FROM payments_paymentbatch b
    WHERE b.status = 'DRAFT' AND (%(lists)s::bigint[] IS NULL OR b.id = ANY(%(lists)s))
      AND NOT EXISTS (SELECT 1 FROM payments_payment p WHERE p.batch_id = b.id AND p.status <> 'CANCELLED')
    ORDER BY b.id FOR UPDATE OF b SKIP LOCKED
)
UPDATE payments_paymentbatch b SET status = 'CANCELLED', status_at = %(now)s FROM emptied WHERE b.id = emptied.id
"""


def cancel_emptied(*, batch_ids: Sequence[int] | None = None, now: datetime) -> int:
    """Cancel those of the lists (None: of all) that are in draft and have nobody left. Returns how many; doing it again changes nothing."""
    if batch_ids is not None and not batch_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_EMPTIED, {"lists": None if batch_ids is None else list(batch_ids), "now": now})
        return int(cursor.rowcount)
