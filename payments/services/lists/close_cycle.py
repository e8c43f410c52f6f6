"""Close a cycle (khóa kỳ): nothing joins it any more; what changes later goes with the next list."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from payments.errors import (
    CycleNotFinished,
    GrantsNotListed,
)
from payments.models import Cycle, Payment, PaymentBatch
from payments.services.lists.granted_late import granted_late
from payments.states import BatchStatus, PaymentStatus
from staff.errors import constraint_of
from staff.models import User
from staff.rights import Right, require
from staff.services.units import the_province

UNDER_WAY = (PaymentStatus.DRAFT, PaymentStatus.READY, PaymentStatus.SENT, PaymentStatus.PROCESSING)


def unfinished_lists(cycle: Cycle) -> QuerySet[PaymentBatch]:
    """Lists that keep the cycle open: not released, or with payments under way."""
    under_way = Payment.objects.filter(batch=OuterRef("pk"), status__in=UNDER_WAY)
    released = Q(status__in=(BatchStatus.RELEASED, BatchStatus.CLOSED))
    return cycle.batches.exclude(status=BatchStatus.CANCELLED).filter(~released | Exists(under_way)).order_by("pk")


def close_cycle(*, month: date, actor: User, now: datetime) -> Cycle:
    """Close the cycle of `month` once every payment of it is final; closing it again changes nothing.

    A return days later still moves its payment. Raises `CycleNotFinished`, `GrantsNotListed`, `NotAllowed`, Cycle.DoesNotExist.
    """
    require(actor, Right.CLOSE_CYCLE, unit=the_province())
    with transaction.atomic():
        cycle = Cycle.objects.select_for_update().get(month=month)
        if cycle.closed_at is not None:
            return cycle
        if ids := list(unfinished_lists(cycle).values_list("pk", flat=True)):
            raise CycleNotFinished(conflicts=[str(pk) for pk in ids])
        if grants := _codes_granted_late(month):
            raise GrantsNotListed(conflicts=grants)
        cycle.closed_at, cycle.closed_by = now, actor
        try:
            with transaction.atomic():
                cycle.save(update_fields=["closed_at", "closed_by"])
        except IntegrityError as error:
            if (
                constraint_of(error) == "closed_cycle_answered_everybody"
            ):  # resumed, or sent back, while it was being closed
                raise GrantsNotListed(conflicts=_codes_granted_late(month)) from error
            raise CycleNotFinished from error
    return cycle


def _codes_granted_late(month: date) -> list[str]:
    codes = granted_late(month).values_list("programme__code", flat=True)
    return list(codes.distinct().order_by("programme__code"))
