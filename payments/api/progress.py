"""How far lists and months have come, counted from rows each time it is asked."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import Coalesce

from payments.models import Payment
from payments.states import PaymentStatus

Step = dict[str, Any]


def progress_by_batch(payments: QuerySet[Payment], *, batch_ids: Iterable[int]) -> dict[int, list[Step]]:
    """Per list: people and đồng of `payments` in each status that occurs, in the order of a payment's life."""
    rows = payments.filter(batch__in=list(batch_ids)).values("batch_id", "status").order_by()
    by_batch: dict[int, list[Step]] = defaultdict(list)
    for row in rows.annotate(people=Count("beneficiary_id", distinct=True), amount=Sum("amount")):
        by_batch[row["batch_id"]].append({"status": row["status"], "people": row["people"], "amount": row["amount"]})
    return {batch_id: in_order(steps) for batch_id, steps in by_batch.items()}


def progress(payments: QuerySet[Payment]) -> list[Step]:
    """The same over all of `payments`; a person on two lists counts once per status."""
    rows = payments.values("status").order_by()
    counted = rows.annotate(people=Count("beneficiary_id", distinct=True), amount=Sum("amount"))
    return in_order([dict(row) for row in counted])


def total_of(steps: Iterable[Step]) -> dict[str, int]:
    """People and đồng of a list without what was cancelled; on one list a person has one payment."""
    counted = [step for step in steps if step["status"] != PaymentStatus.CANCELLED]
    return {"people": sum(step["people"] for step in counted), "amount": sum(step["amount"] for step in counted)}


def total_over(payments: QuerySet[Payment]) -> dict[str, int]:
    """The same over many lists: whoever stands on two of them is one person."""
    counted = payments.exclude(status=PaymentStatus.CANCELLED)
    return counted.aggregate(people=Count("beneficiary_id", distinct=True), amount=Coalesce(Sum("amount"), 0))


def in_order(steps: list[Step]) -> list[Step]:
    """In the order of a payment's life."""
    life = list(PaymentStatus)
    return sorted(steps, key=lambda step: life.index(step["status"]))
