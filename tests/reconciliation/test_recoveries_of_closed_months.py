"""A decision to recover that is entered late is booked all the same, on a day that is still open."""

from datetime import date

from beneficiaries.models import Decision, Enrolment
from payments.models import FundingAccount, JournalEntry
from payments.services.ledger.recovery_booking import book_all_recoveries
from reconciliation.services.months.close_period import close_period
from tests.reconciliation.paid_month import MONTH, RECEIVED_AT, PaidMonth


def test_a_debt_of_a_closed_month_is_booked_in_the_next(month: PaidMonth):
    month.receive(*month.pages)
    account = FundingAccount.objects.get()
    close_period(account=account, month=MONTH, carried={}, actor=month.checker, now=RECEIVED_AT)
    decision = Decision.objects.create(
        enrolment=Enrolment.objects.order_by("pk")[0], kind="RECOVER", number="15/QĐ", signed_on=MONTH.replace(day=20),
        effective_month=date(2024, 10, 1), amount=300_000, monthly_ceiling=200_000,
    )  # fmt: skip

    book_all_recoveries(now=RECEIVED_AT)

    entry = JournalEntry.objects.get(source=f"recovery:{decision.pk}")
    assert entry.booked_on > date(2024, 8, 31)
