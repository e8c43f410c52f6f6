"""Moving in: the new commune decides and goes on with the month after the last one the old commune paid. No gap, no overlap."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from beneficiaries.errors import DecisionImpossible
from beneficiaries.models import Beneficiary, Case, Decision, Enrolment
from beneficiaries.services.cases.following import follow_person
from beneficiaries.services.decisions.draft import Draft
from staff.models import User
from staff.rights import Right, require

COPIED = (
    "beneficiary_id",
    "programme_id",
    "category_id",
    "payee_kind",
    "payee_name",
    "payee_paper_until",
    "paid_to_id",
)
ADJUSTMENT = ("kind", "number", "signed_on", "signer", "effective_month", "reason", "coefficient", "paper_id")


@transaction.atomic
def take_in(*, moved: Enrolment, code: str, draft: Draft, actor: User, now: datetime) -> Enrolment:
    """The new commune's decision (TRANSFER_IN): an enrolment of its own that continues `moved`, from the month after the last one paid.

    The month is not typed but taken from the old commune's decision; months that passed in between come as arrears. The rate goes on as
    adjusted for that month, later adjustments come along, and a suspension lasts until a decision to resume. The person's file, with what is
    asked about them, moves to the new commune's scope. Raises `DecisionImpossible`, `NotAllowed`.
    """
    old = Enrolment.objects.select_for_update(of=("self",)).select_related("moved_to").get(pk=moved.pk)
    if old.moved_to is None or old.ended_month is None:
        raise DecisionImpossible("Hồ sơ này chưa có quyết định chuyển đi của nơi cũ.", conflicts=[old.code])
    require(actor, Right.RECORD_DECISION, unit=old.moved_to)
    if Enrolment.objects.filter(continues=old).exists():
        raise DecisionImpossible("Hồ sơ này đã được nơi mới tiếp nhận.", conflicts=[old.code])
    if Enrolment.objects.filter(code=code).exists():
        raise DecisionImpossible("Mã hồ sơ này đã có; mời dùng mã khác.", conflicts=[code])
    if draft.kind != Decision.Kind.TRANSFER_IN or draft.signed_on > timezone.localdate(now):
        raise DecisionImpossible("Ngày quyết định ở sau ngày hôm nay.", conflicts=[old.code])
    adjustments = list(old.decisions.filter(kind=Decision.Kind.ADJUST).order_by("effective_month", "signed_on", "pk"))
    rates = [one.coefficient for one in adjustments if one.coefficient and one.effective_month <= old.ended_month]
    new = Enrolment.objects.create(
        code=code,
        unit=old.moved_to,
        coefficient=rates[-1] if rates else old.coefficient,
        starts_month=old.ended_month,
        suspended_month=old.suspended_month,
        continues=old,
        recorded_at=now,
        **{name: getattr(old, name) for name in COPIED},
    )
    Decision.objects.create(
        enrolment=new,
        kind=Decision.Kind.TRANSFER_IN,
        number=draft.number,
        signed_on=draft.signed_on,
        signer=draft.signer,
        reason=draft.reason,
        paper_id=draft.paper_id,
        effective_month=old.ended_month,
        recorded_by=actor,
        recorded_at=now,
    )
    _carry(adjustments, old=old, new=new, actor=actor, now=now)
    Beneficiary.objects.filter(pk=old.beneficiary_id).update(unit=old.moved_to)
    follow_person(beneficiary_id=old.beneficiary_id, unit=old.moved_to, actor=actor, now=now)
    Case.objects.filter(enrolment=old, kind=Case.Kind.MOVED, status=Case.Status.OPEN).update(
        status=Case.Status.SOLVED, decided_by=actor, decided_at=now, note=f"Nơi mới quyết định số {draft.number}"[:300]
    )
    return new


def _carry(adjustments: Sequence[Decision], *, old: Enrolment, new: Enrolment, actor: User, now: datetime) -> None:
    """Adjustments decided already that take effect only after the first month at the new place: left behind, they would never."""
    Decision.objects.bulk_create(
        Decision(
            enrolment=new,
            recorded_by=actor,
            recorded_at=now,
            **{name: getattr(one, name) for name in ADJUSTMENT},
        )
        for one in adjustments
        if old.ended_month is not None and one.effective_month > old.ended_month
    )
