"""Money kept for a list goes back to what may be spent when a payment of it is stopped, fails or is cancelled; exactly once."""

from datetime import date

from django.db.models import Sum

from payments.models import FundingAccount, Payment, PaymentBatch, Posting
from payments.services.signing.removal import sign_slip, take_off
from payments.states import Cause
from reconciliation.services.months.free_reserves import free_reserves
from staff.models import User
from tests.beneficiaries.offices import NOW

ON = date(2024, 8, 31)


def reserved() -> int:
    return Posting.objects.filter(account__kind="RESERVED").aggregate(total=Sum("amount"))["total"]


def take_off_with_slip(payment: Payment) -> None:
    """The way a released payment is stopped: a slip, and its two signatures."""
    staff = {role: User.objects.filter(role=role).earliest("pk") for role in ("MAKER", "CHECKER", "RELEASER")}
    slip = take_off(payment_id=payment.pk, reason="Gia đình báo tin.", actor=staff["MAKER"], now=NOW)
    assert slip
    for role in ("CHECKER", "RELEASER"):
        sign_slip(slip_id=slip.pk, actor=staff[role], now=NOW)


def free() -> int:
    return free_reserves(account=FundingAccount.objects.get(batches__isnull=False), on=ON, now=NOW)


class TestFreeing:
    def test_frees_a_payment_stopped_after_release_once(self, released: PaymentBatch) -> None:
        stopped = Payment.objects.order_by("pk").first()
        assert stopped
        take_off_with_slip(stopped)

        assert (free(), free()) == (stopped.amount, 0)
        assert reserved() == sum(Payment.objects.filter(status="READY").values_list("amount", flat=True))

    def test_frees_what_failed_at_the_bank(self, released: PaymentBatch) -> None:
        for cause in (Cause.CLAIM, Cause.BANK_FAILED):
            Payment.objects.all().apply(cause, now=NOW)

        free()

        assert reserved() == 0

    def test_keeps_what_the_bank_may_still_take(self, released: PaymentBatch) -> None:
        Payment.objects.all().apply(Cause.CLAIM, now=NOW)

        assert free() == 0
