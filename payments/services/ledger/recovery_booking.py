"""Recoveries in the journal: debts by decision, instalments taken off payments that arrived, receipts; counted from rows, so that again adds nothing."""

from datetime import datetime

from django.db import connection, transaction

from payments.models import FundingAccount, LedgerAccount, PaymentBatch, RecoveryReceipt
from payments.services.ledger.journal import book_when_open

Kind = LedgerAccount.Kind

# A decision to recover makes a debt, of the list that last paid the enrolment before; each instalment on a payment that arrived settles a part.
# The unit that pays keeps it: the nearest one at or above the person's own that has an account.
_DEBTS = """
SELECT d.id, d.amount, d.signed_on, (
    SELECT p.batch_id FROM payments_entitlement e JOIN payments_payment p ON p.id = e.payment_id AND p.status = 'POSTED'
    WHERE e.enrolment_id = d.enrolment_id AND p.credited_on <= d.signed_on ORDER BY p.credited_on DESC, p.id DESC LIMIT 1)
FROM beneficiaries_decision d JOIN beneficiaries_enrolment n ON n.id = d.enrolment_id JOIN staff_administrativeunit u ON u.id = n.unit_id
WHERE d.kind = 'RECOVER' AND starts_with(u.path, %(path)s)
  AND NOT EXISTS (SELECT 1 FROM payments_journalentry j WHERE j.source = 'recovery:' || d.id)
  AND NOT EXISTS (SELECT 1 FROM payments_fundingaccount f JOIN staff_administrativeunit nearer ON nearer.id = f.paying_unit_id
                  WHERE starts_with(u.path, nearer.path) AND length(nearer.path) > length(%(path)s))
ORDER BY d.id
"""
# By the list that was paid the less, wherever it was paid, and by the list each debt is of: who moved is paid by another unit, and owes to the books
# that keep the debt, of the budget source it was paid from. A debt of no list stands with the one that was paid the less.
_INSTALMENTS = """
WITH debt AS (
    SELECT DISTINCT substr(j.source, 10)::bigint AS decision_id, j.batch_id FROM payments_journalentry j
    JOIN payments_posting x ON x.entry_id = j.id JOIN payments_ledgeraccount a ON a.id = x.account_id AND a.kind = 'OWED_BACK'
    WHERE a.funding_account_id = %(account)s AND starts_with(j.source, 'recovery:')),
taken AS (
    SELECT b.token, coalesce(debt.batch_id, b.id) AS list, sum(x.amount) AS amount, max(p.credited_on) AS day
    FROM debt JOIN payments_deduction x ON x.decision_id = debt.decision_id
    JOIN payments_payment p ON p.id = x.payment_id AND p.status = 'POSTED' JOIN payments_paymentbatch b ON b.id = p.batch_id GROUP BY 1, 2),
booked AS (
    SELECT split_part(j.source, ':', 2) AS token, j.batch_id AS list, -sum(x.amount) AS amount, count(*) AS entries, max(j.booked_on) AS day
    FROM payments_journalentry j
    JOIN payments_posting x ON x.entry_id = j.id JOIN payments_ledgeraccount a ON a.id = x.account_id AND a.kind = 'OWED_BACK'
    WHERE a.funding_account_id = %(account)s AND starts_with(j.source, 'instalment:') GROUP BY 1, 2)
SELECT token, list, coalesce(t.amount, 0) - coalesce(b.amount, 0), coalesce(b.entries, 0), coalesce(t.day, b.day)
FROM taken t FULL JOIN booked b USING (token, list) WHERE coalesce(t.amount, 0) <> coalesce(b.amount, 0) ORDER BY 1, 2
"""


@transaction.atomic
def book_recoveries(*, account: FundingAccount, now: datetime) -> None:
    """Book what is not booked yet of the debts the account keeps, wherever they were paid off. Running it again books nothing."""
    FundingAccount.objects.select_for_update().get(pk=account.pk)
    with connection.cursor() as cursor:
        cursor.execute(_DEBTS, {"path": account.paying_unit.path})
        debts = cursor.fetchall()
    lists = PaymentBatch.objects.in_bulk([pk for *_, pk in debts if pk])
    for decision, amount, signed_on, batch_id in debts:
        book_when_open(
            source=f"recovery:{decision}",
            description="Phải thu hồi theo quyết định",
            funding_account=account,
            amounts={Kind.OWED_BACK: amount, Kind.RECOVERED: -amount},
            booked_on=signed_on,
            now=now,
            batch=lists.get(batch_id),
        )
    with connection.cursor() as cursor:
        cursor.execute(_INSTALMENTS, {"account": account.pk})
        instalments = cursor.fetchall()
    lists = PaymentBatch.objects.in_bulk([batch_id for _, batch_id, *_ in instalments])
    for token, batch_id, amount, entries, day in instalments:
        book_when_open(
            source=f"instalment:{token}:{account.code}:{batch_id}:{entries}",
            description="Đã giảm trừ theo quyết định thu hồi",
            funding_account=account,
            amounts={Kind.RECOVERED: int(amount), Kind.OWED_BACK: -int(amount)},
            booked_on=day,
            now=now,
            batch=lists[batch_id],
        )


def book_all_recoveries(*, now: datetime) -> None:
    """`book_recoveries` for every funding account, also where no provider ever sent a list. Called by the clock, every night."""
    for account in FundingAccount.objects.select_related("paying_unit").order_by("pk"):
        book_recoveries(account=account, now=now)


def book_receipt(*, receipt: RecoveryReceipt, account: FundingAccount, now: datetime) -> bool:
    """What was paid back at the counter settles a part of the debt and is in the unit's hands."""
    booked_on = book_when_open(
        source=f"receipt:{receipt.pk}",
        description=f"Thu hồi bằng tiền mặt, phiếu thu {receipt.number}"[:200],
        funding_account=account,
        amounts={Kind.COUNTER: receipt.amount, Kind.OWED_BACK: -receipt.amount},
        booked_on=receipt.received_on,
        now=now,
    )
    return booked_on is not None
