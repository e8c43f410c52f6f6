"""Moving in: the new commune decides and goes on with the month after the last one the old commune paid. No gap, no overlap."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from beneficiaries.errors import DecisionImpossible
from beneficiaries.linkage.signers import signer_as_kept
from beneficiaries.models import LIVE, ArrivalRefusal, Beneficiary, Case, CaseKind, Decision, Enrolment
from beneficiaries.services.cases.following import follow_person
from beneficiaries.services.cases.raising import raise_cases
from beneficiaries.services.decisions.draft import Draft
from beneficiaries.services.decisions.rules import in_a_sentence, objection_to_paper, planned_end
from staff.errors import constraint_of
from staff.models import AdministrativeUnit, User
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
KEPT_OF_A_DECISION = ("kind", "number", "signed_on", "signer", "effective_month", "reason", "coefficient", "paper_id")

_REFUSED = """
WITH found AS (
    SELECT e.beneficiary_id, e.id AS enrolment_id, NULL::bigint AS against_id, e.unit_id, 'ARRIVAL_REFUSED' AS reason, e.code AS subject,
           %(evidence)s::jsonb AS evidence
    FROM beneficiaries_enrolment e WHERE e.id = %(enrolment)s
)"""


@transaction.atomic
def take_in(*, moved: Enrolment, code: str, draft: Draft, actor: User, now: datetime) -> Enrolment:
    """The new commune's decision (TRANSFER_IN): an enrolment of its own that continues `moved`, from the month after the last one paid.

    The month is not typed but taken from the old commune's decision; months that passed in between come as arrears. The rate goes on as
    adjusted for that month, later adjustments and an end decided ahead come along, and a suspension lasts until a decision to resume. The
    person's file, with what is asked about them, moves to the new commune's scope. Raises `DecisionImpossible`, `NotAllowed`.
    """
    old = Enrolment.objects.select_for_update(of=("self",)).select_related("moved_to", "programme").get(pk=moved.pk)
    if old.moved_to is None or old.ended_month is None:
        raise DecisionImpossible("Hồ sơ này chưa có quyết định chuyển đi của nơi cũ.", conflicts=[old.code])
    require(actor, Right.RECORD_DECISION, unit=old.moved_to)
    if Enrolment.objects.filter(continues=old).exists():
        raise DecisionImpossible("Hồ sơ này đã được nơi mới tiếp nhận.", conflicts=[old.code])
    if Enrolment.objects.filter(code=code).exists():
        raise DecisionImpossible("Mã hồ sơ này đã có; mời dùng mã khác.", conflicts=[code])
    problem = objection_to_paper(signed_on=draft.signed_on, signer=draft.signer, today=timezone.localdate(now))
    if problem or draft.kind != Decision.Kind.TRANSFER_IN:
        raise DecisionImpossible(in_a_sentence(problem) if problem else None, conflicts=[old.code])
    adjustments = list(old.decisions.filter(kind=Decision.Kind.ADJUST).order_by("effective_month", "signed_on", "pk"))
    ends = planned_end(old.decisions.order_by("recorded_at", "pk"), of=old)
    stops = list(old.decisions.filter(kind=Decision.Kind.STOP, effective_month__gt=old.ended_month)) if ends else []
    rates = [one.coefficient for one in adjustments if one.coefficient and one.effective_month <= old.ended_month]
    with _in_an_open_month(old):
        new = Enrolment.objects.create(
            code=code,
            unit=old.moved_to,
            coefficient=rates[-1] if rates else old.coefficient,
            starts_month=old.ended_month,
            ended_month=ends if ends and ends > old.ended_month else None,
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
        signer=signer_as_kept(draft.signer),
        reason=draft.reason,
        paper_id=draft.paper_id,
        effective_month=old.ended_month,
        recorded_by=actor,
        recorded_at=now,
    )
    _carry([*adjustments, *stops], old=old, new=new, actor=actor, now=now)
    Beneficiary.objects.filter(pk=old.beneficiary_id).update(unit=old.moved_to)
    follow_person(beneficiary_id=old.beneficiary_id, unit=old.moved_to, actor=actor, now=now)
    Case.objects.filter(enrolment=old, kind=Case.Kind.MOVED, status=Case.Status.OPEN).update(
        status=Case.Status.SOLVED, decided_by=actor, decided_at=now, note=f"Nơi mới quyết định số {draft.number}"[:300]
    )
    return new


@transaction.atomic
def refuse_arrival(*, moved: Enrolment, reason: str, actor: User, now: datetime) -> ArrivalRefusal:
    """The person is not here: the papers go back, and who sent them pays on, from the month after "đã chi trả đến hết tháng"; a case asks them.

    The sender's decision to move them out had no effect then; a stop decided ahead stands again. Raises `DecisionImpossible`, `NotAllowed`.
    """
    old = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("moved_to", "unit", "programme")
        .get(pk=moved.pk)
    )
    decisions = list(old.decisions.order_by("recorded_at", "pk"))
    sent = next((one for one in reversed(decisions) if one.kind == Decision.Kind.TRANSFER_OUT), None)
    if old.moved_to is None or sent is None or Enrolment.objects.filter(continues=old).exists():
        raise DecisionImpossible("Hồ sơ này không chờ nơi mới tiếp nhận.", conflicts=[old.code])
    require(actor, Right.RECORD_DECISION, unit=old.moved_to)
    refusal = ArrivalRefusal.objects.create(
        decision=sent, unit=old.moved_to, reason=reason, refused_by=actor, refused_at=now
    )
    Case.objects.filter(enrolment=old, kind=CaseKind.MOVED, status__in=LIVE).update(
        status=Case.Status.SOLVED, decided_by=actor, decided_at=now, note=f"Không tiếp nhận: {reason}"[:300]
    )
    old.moved_to, old.ended_month = None, planned_end(decisions, of=old)
    with _in_an_open_month(old):
        old.save(update_fields=["moved_to", "ended_month"])
    last = sent.last_month or sent.effective_month
    said = [f"{refusal.unit.name} không tiếp nhận: {reason}", f"đã chi trả đến hết tháng {last:%m/%Y}"]
    raise_cases(
        kind=CaseKind.MOVE,
        found=_REFUSED,
        given={"enrolment": old.pk, "evidence": json.dumps(said, ensure_ascii=False)},
        now=now,
    )
    return refusal


def ends_of_moves(decisions: Iterable[Decision]) -> dict[int, str]:
    """By the decision that moved somebody out, in a sentence what undid it: the papers went back, or the sender decided otherwise later.

    `decisions` are all of one enrolment, with `refusal__unit`, `refusal__refused_by` and `recorded_by` at hand. What stands is not named.
    """
    found: dict[int, str] = {}
    moving: Decision | None = None
    for one in sorted(decisions, key=lambda decision: (decision.recorded_at, decision.pk)):
        if moving is not None and one.kind == Decision.Kind.RESUME:
            found[moving.pk] = f"nơi cũ đã hủy việc chuyển bằng quyết định hưởng tiếp {_who_and_when(one)}"
            moving = None
        if one.kind != Decision.Kind.TRANSFER_OUT:
            continue
        moving = one
        if refusal := getattr(one, "refusal", None):
            day = timezone.localdate(refusal.refused_at)
            found[one.pk] = (
                f"{refusal.unit.name} đã trả hồ sơ lại nơi cũ ngày {day:%d/%m/%Y} ({refusal.refused_by.full_name}): {refusal.reason}"
            )
            moving = None
    return found


def what_became_of(enrolment_id: int, *, sent_to: AdministrativeUnit) -> str | None:
    """Of an enrolment that was sent to the unit or below and waits there no longer, in a sentence why; None where it never was."""
    decisions = with_ends(Decision.objects.filter(enrolment=enrolment_id).select_related("to_unit"))
    ends, sent = ends_of_moves(decisions), None
    for one in decisions:
        if one.pk in ends and one.to_unit is not None and one.to_unit.path.startswith(sent_to.path):
            sent = one
    if sent is None:
        return None
    return f"Hồ sơ này không còn chờ tiếp nhận: {ends[sent.pk]}. Nơi cũ chi trả tiếp; mời hỏi nơi cũ nếu người này đang ở đây."


def with_ends(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """With what `ends_of_moves` reads."""
    return decisions.select_related("refusal__unit", "refusal__refused_by", "recorded_by").order_by("recorded_at", "pk")


def _who_and_when(decision: Decision) -> str:
    by = f", {decision.recorded_by.full_name} ghi" if decision.recorded_by else ""
    return f"số {decision.number} ngày {decision.signed_on:%d/%m/%Y}{by} ngày {timezone.localdate(decision.recorded_at):%d/%m/%Y}"


@contextmanager
def _in_an_open_month(moved: Enrolment) -> Iterator[None]:
    """What is paid once goes on a list of its own month only: closed, that month pays nobody any more. Raises `DecisionImpossible`."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if constraint_of(error) != "closed_month_takes_nobody":
            raise
        raise DecisionImpossible(
            f"Kỳ chi trả tháng {moved.starts_month:%m/%Y} của khoản chi một lần này đã khóa, không danh sách nào chi nữa; "
            "mời ghi khoản chi mới ở một tháng chưa khóa.",
            conflicts=[moved.code],
        ) from error


def _carry(decisions: Sequence[Decision], *, old: Enrolment, new: Enrolment, actor: User, now: datetime) -> None:
    """What was decided already and takes effect only after the first month at the new place: left behind, it never would."""
    Decision.objects.bulk_create(
        Decision(
            enrolment=new,
            # Taken over long ago without its signer, or with a day that can be none, it is taken over again: nobody here can say it better.
            recorded_by=actor if _is_whole(one, today=timezone.localdate(now)) else None,
            recorded_at=now,
            **{name: getattr(one, name) for name in KEPT_OF_A_DECISION},
        )
        for one in decisions
        if old.ended_month is not None and one.effective_month > old.ended_month
    )


def _is_whole(one: Decision, *, today: date) -> bool:
    """Whether somebody could record it today as it stands."""
    return objection_to_paper(signed_on=one.signed_on, signer=one.signer, today=today) is None
