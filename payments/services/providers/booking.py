"""What providers paid, in the journal: counted from rows, so that booking again adds nothing.

Per list and day of payment: paid − what is booked. A payment that came back later is booked back on the day it did. The day of payment stands in
the source of the entry: what becomes known when its month is closed is booked in an open one.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from payments.models import FundingAccount, LedgerAccount, PaymentBatch
from payments.services.ledger.journal import book_when_open
from payments.services.ledger.recovery_booking import book_recoveries
from payments.states import Channel

Kind = LedgerAccount.Kind

# đồng that should stand as paid by the provider, per day, against what does.
_PAID = """
WITH should AS (
    SELECT credited_on AS day, sum(amount) AS amount FROM payments_payment
    WHERE batch_id = %(batch)s AND status IN ('POSTED', 'RETURNED') AND credited_on IS NOT NULL GROUP BY 1
    UNION ALL
    SELECT returned_on, -sum(amount) FROM payments_payment
    WHERE batch_id = %(batch)s AND status = 'RETURNED' AND credited_on IS NOT NULL AND returned_on IS NOT NULL GROUP BY 1),
booked AS (
    SELECT to_date(split_part(j.source, ':', 3), 'YYYYMMDD') AS day, sum(x.amount) AS amount, count(*) AS entries FROM payments_journalentry j
    JOIN payments_posting x ON x.entry_id = j.id JOIN payments_ledgeraccount a ON a.id = x.account_id AND a.kind = %(kind)s
    WHERE j.batch_id = %(batch)s AND starts_with(j.source, 'provider-paid:') GROUP BY 1),
due AS (SELECT day, sum(amount) AS amount FROM should GROUP BY 1)
SELECT day, coalesce(d.amount, 0) - coalesce(b.amount, 0), coalesce(b.entries, 0) FROM due d FULL JOIN booked b USING (day)
WHERE coalesce(d.amount, 0) <> coalesce(b.amount, 0) ORDER BY day
"""


@dataclass(frozen=True)
class BookedLate:
    """đồng of a day whose month was closed, and the day they were booked on instead."""

    amount: int
    paid_on: date
    booked_on: date


@transaction.atomic
def book_provider_payments(*, batch: PaymentBatch, now: datetime) -> list[BookedLate]:
    """Book what the provider paid of the list, and what recoveries took on lists of its unit; returns what came too late for its own month.

    A unit without a funding account keeps no journal; its lists stay what they are.
    """
    account = FundingAccount.objects.select_for_update().filter(paying_unit=batch.paying_unit).first()
    if account is None:
        return []
    kind = Kind.PAID_CASH if batch.channel == Channel.CASH else Kind.PAID
    with connection.cursor() as cursor:
        cursor.execute(_PAID, {"batch": batch.pk, "kind": kind})
        rows = cursor.fetchall()
    late = []
    for day, amount, entries in rows:
        booked_on = book_when_open(
            source=f"provider-paid:{batch.token}:{day:%Y%m%d}:{entries}",
            description="Tổ chức dịch vụ chi trả đã chi theo danh sách kết quả",
            funding_account=account,
            amounts={kind: int(amount), Kind.PROVIDER: -int(amount)},
            booked_on=day,
            now=now,
            batch=batch,
        )
        if booked_on not in (None, day):
            late.append(BookedLate(int(amount), day, booked_on))
    book_recoveries(account=account, now=now)
    return late
