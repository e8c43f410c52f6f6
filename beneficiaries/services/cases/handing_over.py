"""Handover (bàn giao): one officer's open work, listed, signed by both sides, and moved in one step."""

import hashlib
import json
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from beneficiaries.errors import HandoverChanged, NothingToHandOver, SecondPersonNeeded, WrongCaseState
from beneficiaries.models import LIVE, Case, Handover, HandoverSignature
from staff.errors import NotAllowed
from staff.models import AdministrativeUnit, User
from staff.rights import Right, may, no_right, require

RECEIVER_SIGNS = (
    "Biên bản bàn giao chỉ do người nhận có tên trong biên bản ký; mời người ấy đăng nhập và bấm “Ký nhận”."
)
NOT_THEIRS_TO_TAKE = "Người nhận không có quyền xử lý việc này; mời chọn công chức xã, người lập hoặc kế toán trưởng."


@transaction.atomic
def draw_up_handover(
    *, giver: User, receiver: User, unit: AdministrativeUnit, actor: User, note: str, now: datetime
) -> Handover:
    """List the giver's live cases below `unit` and sign it for the giver's side; nothing moves before the receiver signs.

    The giver draws it up, or a superior with `ASSIGN_WORK` for a giver who left. Raises `NothingToHandOver`, `SecondPersonNeeded`
    (the receiver can't also sign for the giver), `NotAllowed`.
    """
    require(actor, Right.TRANSFER_WORK, unit=unit)
    if actor.pk == receiver.pk or giver.pk == receiver.pk:
        raise SecondPersonNeeded
    if actor.pk != giver.pk and not may(actor, Right.ASSIGN_WORK):
        raise no_right(actor, Right.ASSIGN_WORK)
    if not may(receiver, Right.TRANSFER_WORK):
        raise NotAllowed(NOT_THEIRS_TO_TAKE)
    ids = list(work_in_hand(giver, unit=unit).values_list("pk", flat=True))
    if not ids:
        raise NothingToHandOver
    digest = _digest(giver=giver, receiver=receiver, unit=unit, ids=ids)
    handover = Handover.objects.create(
        giver=giver, receiver=receiver, unit=unit, case_ids=ids, digest=digest, note=note[:300], listed_at=now
    )
    _sign(handover, side=HandoverSignature.Side.GIVER, signer=actor, now=now)
    return handover


@transaction.atomic
def accept_handover(*, handover_id: int, actor: User, now: datetime) -> int:
    """The receiver signs, and all of the list is theirs; returns how many cases. All or none.

    Raises `NotAllowed` (somebody else's), `WrongCaseState` (signed before), `HandoverChanged`.
    """
    handover = Handover.objects.filter(pk=handover_id, receiver=actor).first()
    if handover is None or not may(actor, Right.TRANSFER_WORK):
        raise NotAllowed(RECEIVER_SIGNS)
    try:
        with transaction.atomic():
            _sign(handover, side=HandoverSignature.Side.RECEIVER, signer=actor, now=now)
    except IntegrityError as error:
        raise WrongCaseState(conflicts=[str(handover.pk)]) from error
    cases = Case.objects.filter(pk__in=handover.case_ids, owner=handover.giver, status__in=LIVE)
    still = set(cases.select_for_update().values_list("pk", flat=True))
    if missing := sorted(set(handover.case_ids) - still):
        raise HandoverChanged(conflicts=[str(pk) for pk in missing])
    return cases.update(owner=actor, decided_by=actor, decided_at=now, note=f"Nhận bàn giao số {handover.pk}")


def work_in_hand(officer: User, *, unit: AdministrativeUnit) -> QuerySet[Case]:
    """Live cases the officer owns below `unit`, in the order of due dates."""
    return Case.objects.filter(owner=officer, status__in=LIVE, unit__path__startswith=unit.path).order_by(
        "due_on", "pk"
    )


def _sign(handover: Handover, *, side: HandoverSignature.Side, signer: User, now: datetime) -> None:
    HandoverSignature.objects.create(handover=handover, side=side, signer=signer, digest=handover.digest, signed_at=now)


def _digest(*, giver: User, receiver: User, unit: AdministrativeUnit, ids: list[int]) -> str:
    listed = json.dumps([giver.pk, receiver.pk, unit.code, ids], separators=(",", ":"))
    return hashlib.sha256(listed.encode()).hexdigest()
