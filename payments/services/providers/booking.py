"""What providers paid, and what recoveries took, in the journal: counted from rows, so that booking again adds nothing.

Per list and day of payment: paid − what is booked. A payment that came back later is booked back on the day it did.
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from payments.models import FundingAccount, LedgerAccount, PaymentBatch
from payments.services.journal import book
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
    SELECT j.booked_on AS day, sum(x.amount) AS amount, count(*) AS entries FROM payments_journalentry j
    JOIN payments_posting x ON x.entry_id = j.id JOIN payments_ledgeraccount a ON a.id = x.account_id AND a.kind = %(kind)s
    WHERE j.batch_id = %(batch)s AND starts_with(j.source, 'provider-paid:') GROUP BY 1),
due AS (SELECT day, sum(amount) AS amount FROM should GROUP BY 1)
SELECT day, coalesce(d.amount, 0) - coalesce(b.amount, 0), coalesce(b.entries, 0) FROM due d FULL JOIN booked b USING (day)
WHERE coalesce(d.amount, 0) <> coalesce(b.amount, 0) ORDER BY day
"""
# A decision to recover makes a debt, of the list that last paid the enrolment before; each instalment on a payment that arrived settles a part.
_DEBTS = """
SELECT d.id, d.amount, d.signed_on, (
    SELECT p.batch_id FROM payments_entitlement e JOIN payments_payment p ON p.id = e.payment_id AND p.status = 'POSTED'
    WHERE e.enrolment_id = d.enrolment_id AND p.credited_on <= d.signed_on ORDER BY p.credited_on DESC, p.id DESC LIMIT 1)
FROM beneficiaries_decision d JOIN beneficiaries_enrolment n ON n.id = d.enrolment_id JOIN staff_administrativeunit u ON u.id = n.unit_id
WHERE d.kind = 'RECOVER' AND starts_with(u.path, %(path)s)
  AND NOT EXISTS (SELECT 1 FROM payments_journalentry j WHERE j.source = 'recovery:' || d.id)
ORDER BY d.id
"""
_INSTALMENTS = """
WITH taken AS (
    SELECT p.batch_id, sum(x.amount) AS amount, max(p.credited_on) AS day FROM payments_deduction x
    JOIN payments_payment p ON p.id = x.payment_id AND p.status = 'POSTED' JOIN payments_paymentbatch b ON b.id = p.batch_id
    WHERE b.paying_unit_id = %(unit)s GROUP BY 1),
booked AS (
    SELECT j.batch_id, -sum(x.amount) AS amount, count(*) AS entries, max(j.booked_on) AS day FROM payments_journalentry j
    JOIN payments_posting x ON x.entry_id = j.id JOIN payments_ledgeraccount a ON a.id = x.account_id AND a.kind = 'OWED_BACK'
    WHERE a.funding_account_id = %(account)s AND starts_with(j.source, 'instalment:') GROUP BY 1)
SELECT batch_id, coalesce(t.amount, 0) - coalesce(b.amount, 0), coalesce(b.entries, 0), coalesce(t.day, b.day)
FROM taken t FULL JOIN booked b USING (batch_id) WHERE coalesce(t.amount, 0) <> coalesce(b.amount, 0) ORDER BY 1
"""


@transaction.atomic
def book_provider_payments(*, batch: PaymentBatch, now: datetime) -> int:
    """Book what the provider paid of the list, and what recoveries took on lists of its unit; return the đồng newly booked as paid.

    A unit without a funding account keeps no journal; its lists stay what they are.
    """
    account = FundingAccount.objects.select_for_update().filter(paying_unit=batch.paying_unit).first()
    if account is None:
        return 0
    kind = Kind.PAID_CASH if batch.channel == Channel.CASH else Kind.PAID
    with connection.cursor() as cursor:
        cursor.execute(_PAID, {"batch": batch.pk, "kind": kind})
        rows = cursor.fetchall()
    for day, amount, entries in rows:
        book(
            source=f"provider-paid:{batch.token}:{day:%Y%m%d}:{entries}",
            description="Tổ chức dịch vụ chi trả đã chi theo danh sách kết quả",
            funding_account=account,
            amounts={kind: int(amount), Kind.PROVIDER: -int(amount)},
            booked_on=day,
            now=now,
            batch=batch,
        )
    book_recoveries(account=account, now=now)
    return sum(int(amount) for _, amount, _ in rows)


@transaction.atomic
def book_recoveries(*, account: FundingAccount, now: datetime) -> None:
    """Book decisions to recover as debts, and instalments that were taken off payments that arrived. Running it again books nothing."""
    given: dict[str, Any] = {"path": account.paying_unit.path, "unit": account.paying_unit_id, "account": account.pk}
    with connection.cursor() as cursor:
        cursor.execute(_DEBTS, given)
        debts = cursor.fetchall()
        cursor.execute(_INSTALMENTS, given)
        instalments = cursor.fetchall()
    wanted = {pk for *_, pk in debts} | {pk for pk, *_ in instalments}
    lists = PaymentBatch.objects.in_bulk([pk for pk in wanted if pk])
    for decision, amount, signed_on, batch_id in debts:
        book(
            source=f"recovery:{decision}",
            description="Phải thu hồi theo quyết định",
            funding_account=account,
            amounts={Kind.OWED_BACK: amount, Kind.RECOVERED: -amount},
            booked_on=signed_on,
            now=now,
            batch=lists.get(batch_id),
        )
    for batch_id, amount, entries, day in instalments:
        book(
            source=f"instalment:{lists[batch_id].token}:{entries}",
            description="Đã giảm trừ theo quyết định thu hồi",
            funding_account=account,
            amounts={Kind.RECOVERED: int(amount), Kind.OWED_BACK: -int(amount)},
            booked_on=day,
            now=now,
            batch=lists[batch_id],
        )
