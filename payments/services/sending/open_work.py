"""What there is to do, asked in one statement: the sweeper looks every few seconds, and mostly there is nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from payments.services.sending.succession import FRESH

# List by list: what waits on lists that are paused or frozen is never walked past.
_READY_ON = """
EXISTS (SELECT FROM open_list l WHERE l.sends_by = '{way}'
        AND EXISTS (SELECT FROM payments_payment p WHERE p.batch_id = l.id AND p.status = 'READY' AND p.hold_code = ''))
"""
_LOOK = f"""
WITH open_list AS MATERIALIZED (
    SELECT b.id, f.sends_by FROM payments_paymentbatch b JOIN payments_fundingaccount f ON f.id = b.funding_account_id
    WHERE b.status = 'RELEASED' AND NOT b.paused AND b.channel = 'ACCOUNT'
      AND NOT EXISTS (SELECT FROM payments_frozenlist z WHERE z.batch_id = b.id)
)
SELECT {_READY_ON.format(way="API")},
       {_READY_ON.format(way="FILE")}
    OR EXISTS (SELECT FROM payments_paymentfile f JOIN payments_paymentbatch b ON b.id = f.batch_id WHERE b.status = 'RELEASED'),
       EXISTS (SELECT FROM payments_payment p WHERE p.status = 'SENT' AND p.lease_until < %(now)s),
       EXISTS (SELECT FROM payments_bankevent WHERE handled_at IS NULL AND (ask_again_at IS NULL OR ask_again_at <= %(now)s))
    OR EXISTS (SELECT FROM payments_paymentbatch b JOIN payments_payment p ON p.batch_id = b.id
               WHERE b.status = 'RELEASED' AND b.channel = 'ACCOUNT' AND p.status IN ('SENT', 'PROCESSING') AND p.file_id IS NULL
                 AND NOT EXISTS (SELECT FROM payments_handover h WHERE h.batch_id = b.id)),
       EXISTS (SELECT FROM payments_succession s JOIN payments_payment q ON q.id = s.predecessor_id JOIN payments_payment p ON p.id = s.successor_id
               JOIN payments_paymentbatch b ON b.id = p.batch_id
               WHERE q.cause = 'NEVER_HAD' AND q.confirmed_at < %(not_fresh)s AND p.status = 'READY' AND p.hold_code = '' AND b.status = 'RELEASED')
"""


@dataclass(frozen=True)
class OpenWork:
    """`to_send`: released payments for the bank's API; `in_files`: some for files, or files whose reports may come; `unknown`: sent, and never
    answered while the lease lasted; `in_flight`: states the bank may tell, or rang for; `to_confirm`: what replaces a payment people ended is about
    to go out, and the bank was asked about that payment too long ago."""

    to_send: bool
    in_files: bool
    unknown: bool
    in_flight: bool
    to_confirm: bool


def look_for_work(*, now: datetime) -> OpenWork:
    """What a sweep finds at `now`; a provider answers by its lists, and is not asked about here."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, {"now": now, "not_fresh": now - FRESH / 2})
        return OpenWork(*cursor.fetchone())
