"""Lists are held before the payments on them, by id (ADR 71): whoever signs and whoever takes off wait for each other, none for both."""

from collections.abc import Collection

from payments.models import PaymentBatch


def hold_lists_of(payment_ids: Collection[int]) -> None:
    """Hold the lists of these payments until the transaction ends; what is read of a list before this may have changed since."""
    lists = PaymentBatch.objects.filter(payments__in=payment_ids).values("pk")
    list(PaymentBatch.objects.select_for_update(no_key=True).filter(pk__in=lists).order_by("pk").values_list("pk"))
