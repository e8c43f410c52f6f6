"""The freeze switch (tạm ngừng chi): who, why, since when. Easy to switch on, lifted by the releaser alone."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from beneficiaries.models import Programme
from payments.errors import (
    AlreadyFrozen,
    NotFrozen,
    PaymentIsSuspended,
)
from payments.models import Freeze, PaymentBatch
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require


@transaction.atomic
def freeze(*, unit: AdministrativeUnit, programme: Programme | None, reason: str, actor: User, now: datetime) -> Freeze:
    """Nothing of `unit` and below (of `programme`, if given) is claimed or handed over from when this is committed.

    It waits for claims under way, so that none is committed after it. Raises `AlreadyFrozen`, `NotAllowed`.
    """
    require(actor, Right.FREEZE, unit=unit)
    try:
        with transaction.atomic():
            return Freeze.objects.create(unit=unit, programme=programme, reason=reason, began_by=actor, began_at=now)
    except IntegrityError as error:
        raise AlreadyFrozen(conflicts=[unit.code]) from error


@transaction.atomic
def lift(*, freeze_id: int, reason: str, actor: User, now: datetime) -> Freeze:
    """Payment goes on; others that hold the same lists still hold them. Raises `NotFrozen`, `NotAllowed`."""
    frozen = Freeze.objects.select_for_update(of=("self",)).select_related("unit", "programme").get(pk=freeze_id)
    require(actor, Right.UNFREEZE, unit=frozen.unit)
    if frozen.ended_at is not None:
        raise NotFrozen(conflicts=[str(freeze_id)])
    frozen.ended_by, frozen.ended_at, frozen.end_reason = actor, now, reason
    frozen.save(update_fields=["ended_by", "ended_at", "end_reason"])
    return frozen


def frozen_lists() -> QuerySet[PaymentBatch]:
    """Lists of which nothing leaves now."""
    return PaymentBatch.objects.filter(Exists(_holding()))


def require_not_frozen(batch: PaymentBatch) -> None:
    """Raises `PaymentIsSuspended`, naming the freezes."""
    if holding := [str(frozen.pk) for frozen in freezes_of(batch)]:
        raise PaymentIsSuspended(conflicts=holding)


def freezes_of(batch: PaymentBatch) -> list[Freeze]:
    """What holds the list now, the oldest first; nothing of it leaves while anything does."""
    path = batch.paying_unit.path
    open_ones = Freeze.objects.filter(ended_at__isnull=True).select_related("unit", "began_by").order_by("pk")
    of_programme = open_ones.filter(Q(programme__isnull=True) | Q(programme=batch.programme_id))
    return [frozen for frozen in of_programme if path.startswith(frozen.unit.path)]


def _holding() -> QuerySet[Freeze]:
    return (
        Freeze.objects.filter(ended_at__isnull=True)
        .annotate(paying_path=ExpressionWrapper(OuterRef("paying_unit__path"), output_field=CharField()))
        .filter(Q(programme__isnull=True) | Q(programme=OuterRef("programme")), paying_path__startswith=F("unit__path"))
    )
