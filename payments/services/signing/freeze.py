"""The freeze switch (tạm ngừng chi): who, why, since when. Easy to switch on, lifted by the releaser alone; meanwhile nothing is released (ADR 82)."""

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils import timezone

from beneficiaries.models import Programme
from payments.errors import (
    AlreadyFrozen,
    NotFrozen,
    PaymentIsSuspended,
)
from payments.models import Freeze, PaymentBatch
from staff.models import AdministrativeUnit, User
from staff.rights import Right, may, require

_MEANWHILE = "Chưa duyệt chi, chưa giao danh sách được cho đến khi gỡ ở trang Tạm ngừng chi."
FREEZING = 1970001  # the lock whoever switches a freeze holds alone, and whoever releases, sends or hands over together


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


def require_not_frozen(*batches: PaymentBatch) -> None:
    """Raises `PaymentIsSuspended`, which names what holds them: who, since when, why, and who may lift it.

    Within a transaction no freeze begins from here on until it ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [FREEZING])
    if holding := list({frozen.pk: frozen for batch in batches for frozen in freezes_of(batch)}.values()):
        sentence = f"Đang tạm ngừng chi: {'; '.join(map(_said, holding))}. {_MEANWHILE}"
        raise PaymentIsSuspended(sentence, conflicts=[str(frozen.pk) for frozen in holding])


def lifted_by(unit: AdministrativeUnit) -> list[str]:
    """Names of those who may lift a freeze of this unit."""
    staff = User.objects.filter(is_active=True, unit__isnull=False).select_related("unit").order_by("full_name", "pk")
    return [user.full_name for user in staff if may(user, Right.UNFREEZE) and user.reaches(unit)]


def freezes_of(batch: PaymentBatch) -> list[Freeze]:
    """What holds the list now, the oldest first; nothing of it leaves while anything does."""
    path = batch.paying_unit.path
    open_ones = (
        Freeze.objects.filter(ended_at__isnull=True).select_related("unit", "programme", "began_by").order_by("pk")
    )
    of_programme = open_ones.filter(Q(programme__isnull=True) | Q(programme=batch.programme_id))
    return [frozen for frozen in of_programme if path.startswith(frozen.unit.path)]


def _said(frozen: Freeze) -> str:
    programme = frozen.programme.name if frozen.programme else "mọi chính sách"
    since = timezone.localtime(frozen.began_at)
    lifting = ", ".join(lifted_by(frozen.unit)) or "chưa có ai giữ vai trò này"
    return (
        f"{frozen.unit.name} ({programme}) từ {since:%H:%M %d/%m/%Y}, {frozen.began_by.full_name} ngừng, lý do: "
        f"{frozen.reason.rstrip('. ')}; người gỡ được: chủ tài khoản ({lifting})"
    )


def _holding() -> QuerySet[Freeze]:
    return (
        Freeze.objects.filter(ended_at__isnull=True)
        .annotate(paying_path=ExpressionWrapper(OuterRef("paying_unit__path"), output_field=CharField()))
        .filter(Q(programme__isnull=True) | Q(programme=OuterRef("programme")), paying_path__startswith=F("unit__path"))
    )
