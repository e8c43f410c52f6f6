"""Months that came back go with the next month's money; what is paid, or may still be out, does not."""

from banks.fake import FakeTransfers
from banks.transfers import Status
from payments.models import Entitlement, Payment
from payments.services.learning.confirm import confirm_unpaid
from payments.services.learning.learn import fetch_states
from payments.services.sending.send import send_ready_payments
from tests.payments.province import AUGUST, SEPTEMBER, Province


def due_to(enrolment) -> list[tuple[str, int]]:
    """(month it is for, đồng) of all entitlements of an enrolment, in the order they were made."""
    rows = Entitlement.objects.filter(enrolment=enrolment).order_by("cycle__month", "month")
    return [(f"{row.month:%Y-%m}", row.amount) for row in rows]


class TestCarriedOver:
    def test_a_month_that_came_back_goes_with_the_next(self, province, bank):
        enrolment = province.enrol(coefficient="1.0")
        province.open_account(enrolment.beneficiary)
        pay_and_return(province, bank)

        province.build(SEPTEMBER)

        payment = Payment.objects.get(batch__cycle__month=SEPTEMBER)
        carried = Entitlement.objects.filter(payment=payment).order_by("month")
        assert (payment.amount, payment.batch.channel) == (1_000_000, "CASH")
        assert [(f"{row.month:%m}", row.amount) for row in carried] == [("08", 500_000), ("09", 500_000)]
        assert due_to(enrolment) == [("2024-08", 500_000), ("2024-09", 500_000)]

    def test_a_paid_month_is_not_carried(self, province, bank):
        enrolment = province.enrol()
        province.open_account(enrolment.beneficiary)
        pay(province, bank)

        province.build(SEPTEMBER)

        assert Payment.objects.get(batch__cycle__month=SEPTEMBER).amount == 750_000

    def test_a_month_still_on_the_way_is_not_carried(self, province, bank):
        enrolment = province.enrol()
        province.open_account(enrolment.beneficiary)
        province.build(AUGUST)
        province.release_lists(AUGUST, bank=bank)
        send_ready_payments(bank=bank, clock=province.clock)

        province.build(SEPTEMBER)

        assert Payment.objects.get(batch__cycle__month=SEPTEMBER).amount == 750_000

    def test_an_account_that_was_credited_is_proven(self, province, bank):
        account = province.open_account(province.enrol().beneficiary)
        pay(province, bank)

        province.build(SEPTEMBER)

        account.refresh_from_db()
        assert account.last_credited_month == AUGUST


def pay(province: Province, bank: FakeTransfers) -> None:
    """August, credited."""
    province.build(AUGUST)
    province.release_lists(AUGUST, bank=bank)
    send_ready_payments(bank=bank, clock=province.clock)
    bank.post_all()
    fetch_states(bank=bank, now=province.clock())


def pay_and_return(province: Province, bank: FakeTransfers) -> None:
    """August, sent and sent back, and confirmed to be back."""
    province.build(AUGUST)
    province.release_lists(AUGUST, bank=bank)
    send_ready_payments(bank=bank, clock=province.clock)
    bank.move(bank.taken[0].bank_reference, to=Status.RETURNED, return_code="account_closed")
    fetch_states(bank=bank, now=province.clock())
    confirm_unpaid(bank=bank, now=province.clock())
