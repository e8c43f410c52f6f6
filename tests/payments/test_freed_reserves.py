"""Money kept for a list goes back to what may be spent when a payment of it is stopped, fails or is cancelled; exactly once."""

from datetime import date

from django.db.models import Sum

from payments.models import FundingAccount, Payment, PaymentBatch, Posting
from payments.states import Cause
from reconciliation.services.free_reserves import free_reserves
from tests.beneficiaries.offices import NOW

ON = date(2024, 8, 31)


def reserved() -> int:
    return Posting.objects.filter(account__kind="RESERVED").aggregate(total=Sum("amount"))["total"]


def free() -> int:
    return free_reserves(account=FundingAccount.objects.get(batches__isnull=False), on=ON, now=NOW)


class TestFreeing:
    def test_frees_a_payment_stopped_after_release_once(self, released: PaymentBatch) -> None:
        stopped = Payment.objects.order_by("pk").first()
        assert stopped
        Payment.objects.filter(pk=stopped.pk).apply(Cause.STOP, now=NOW)

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
