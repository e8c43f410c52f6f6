"""Record decisions: one typed by a clerk or a list of many, by the same few statements."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from beneficiaries.errors import DecidedSinceRead, DecisionImpossible
from beneficiaries.linkage.signers import signer_as_kept
from beneficiaries.models import Decision, Enrolment
from beneficiaries.services.decisions.draft import Draft
from beneficiaries.services.decisions.papers import keep_paper
from beneficiaries.services.decisions.rules import Objection, apply, in_a_sentence, objection, paused_since
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

CHANGED = ("starts_month", "ended_month", "suspended_month", "moved_to")
SAYS = (
    "effective_month",
    "coefficient",
    "last_month",
    "to_unit_id",
    "to_place",
    "pay_between",
    "amount",
    "monthly_ceiling",
    "payee_name",
)
SAID_OTHERWISE = Objection(
    "number",
    "quyết định cùng loại, cùng số, cùng ngày đã ghi với nội dung khác và không sửa được; mời kiểm tra, ghi quyết định mới nếu cần.",
)
NUMBER_TWICE = "quyết định cùng loại số {number} ký năm {day:%Y} đã ghi với ngày ký {day:%d/%m/%Y}; mời xem lại ngày ký, hoặc số của quyết định này."
GRANTING = (Decision.Kind.GRANT, Decision.Kind.TRANSFER_IN)


def record_decision(
    *,
    enrolment: Enrolment,
    draft: Draft,
    actor: User,
    now: datetime,
    paper: bytes | None = None,
    newest: int | None = None,
) -> Decision:
    """Record one decision and let it take effect from its month; what lists already hold is corrected with the next list.

    `paper`: the signed paper; it is kept with the decision or not at all. `newest`: the id of the last decision whoever decides has seen, 0 for
    none. Raises `DecidedSinceRead` if there is a later one, `DecisionImpossible` with the reason, `PaperUnreadable`, `NotAllowed`. The same
    decision again is returned as it is; one that says something else under the same number is refused.
    """
    require(actor, Right.RECORD_DECISION, unit=enrolment.unit)
    same = Decision.objects.filter(enrolment=enrolment, kind=draft.kind, number=draft.number, signed_on=draft.signed_on)
    with transaction.atomic():
        Enrolment.objects.select_for_update().get(pk=enrolment.pk)  # who decides at the same time is seen, or waits
        if newest is not None and not same.exists() and enrolment.decisions.filter(pk__gt=newest).exists():
            raise DecidedSinceRead(conflicts=[enrolment.code])
        if paper is not None:
            draft = replace(draft, paper_id=keep_paper(content=paper, actor=actor, now=now).pk)
        problem = record_drafts(drafts=[(enrolment.pk, draft)], actor=actor, now=now)[0]
        if problem:
            raise DecisionImpossible(in_a_sentence(problem), conflicts=[enrolment.code])
    return same.get()


def objection_to(draft: Draft, *, enrolment: Enrolment, now: datetime) -> Objection | None:
    """Why the decision could not be recorded today; None when it could."""
    granted = Decision.objects.filter(enrolment=enrolment, kind__in=GRANTING).exists()
    return objection(draft, enrolment=enrolment, granted=granted, today=timezone.localdate(now))


@transaction.atomic
def record_drafts(*, drafts: Sequence[tuple[int, Draft]], actor: User, now: datetime) -> list[Objection | None]:
    """Record many decisions, (enrolment id, draft) in the order they were signed; per draft why it was not, None when it was or was there before.

    The caller has checked the rights. Enrolments are locked by id, so that two lists at once wait for each other.
    """
    ids = sorted({enrolment_id for enrolment_id, _ in drafts})
    locked = Enrolment.objects.select_for_update(of=("self",)).select_related("category", "programme")
    enrolments = {enrolment.pk: enrolment for enrolment in locked.filter(pk__in=ids).order_by("pk")}
    kept = Decision.objects.filter(enrolment__in=ids).values_list("enrolment_id", "kind", "number", "signed_on", *SAYS)
    seen: dict[tuple[object, ...], tuple[object, ...]] = {tuple(row[:4]): tuple(row[4:]) for row in kept}
    days = {(row[0], row[1], row[2], row[3].year): row[3] for row in kept}
    granted = {row[0] for row in kept if row[1] in GRANTING}
    units = set(
        AdministrativeUnit.objects.filter(
            pk__in={draft.to_unit_id for _, draft in drafts if draft.to_unit_id}, kind=AdministrativeUnit.Kind.COMMUNE
        ).values_list("pk", flat=True)
    )
    fresh: list[Decision] = []
    problems: list[Objection | None] = []
    for enrolment_id, draft in drafts:
        enrolment = enrolments[enrolment_id]
        key = (enrolment_id, draft.kind, draft.number, draft.signed_on)
        problem: Objection | None = None
        says = tuple(getattr(draft, name) for name in SAYS)
        if key in seen:
            problem = SAID_OTHERWISE if seen[key] != says else None
        # An office counts its decisions by the year: the same number again is the same paper with its day typed wrongly.
        elif day := days.get((enrolment_id, draft.kind, draft.number, draft.signed_on.year)):
            problem = Objection("signed_on", NUMBER_TWICE.format(number=draft.number, day=day))
        else:
            problem = objection(
                draft, enrolment=enrolment, granted=enrolment_id in granted, today=timezone.localdate(now)
            )
            if draft.to_unit_id is not None and draft.to_unit_id not in units:
                problem = Objection("to_unit_id", "nơi chuyển đến không phải là xã, phường.")
            if not problem:
                fresh.append(_decision(draft, enrolment=enrolment, actor=actor, now=now))
                apply(draft, enrolment)
                seen[key] = says
                days[enrolment_id, draft.kind, draft.number, draft.signed_on.year] = draft.signed_on
                granted |= {enrolment_id} if draft.kind in GRANTING else set()
        problems.append(problem)
    _keep(fresh, enrolments=enrolments)
    return problems


def _decision(draft: Draft, *, enrolment: Enrolment, actor: User, now: datetime) -> Decision:
    """The row to keep; a resumption notes since when nothing was paid, because the enrolment forgets it."""
    is_resumption = draft.kind == Decision.Kind.RESUME
    return Decision(
        enrolment=enrolment,
        **{name: getattr(draft, name) for name in Draft.__dataclass_fields__}
        | {"signer": signer_as_kept(draft.signer)},
        from_month=paused_since(enrolment) if is_resumption else None,
        recorded_by=actor,
        recorded_at=now,
    )


def _keep(fresh: list[Decision], *, enrolments: dict[int, Enrolment]) -> None:
    changed = {decision.enrolment_id for decision in fresh}
    try:
        with transaction.atomic():
            Decision.objects.bulk_create(fresh, batch_size=2000)
            Enrolment.objects.bulk_update([enrolments[pk] for pk in sorted(changed)], CHANGED, batch_size=2000)
    except IntegrityError as error:
        if "transfer_names_the_last_month_given" in str(error.__cause__) or "more months than it says" in str(error):
            raise DecisionImpossible(
                "Nơi cũ đã lập danh sách chi trả cho tháng sau tháng ghi trong quyết định; mời kiểm tra “đã chi trả đến hết tháng”.",
                conflicts=[decision.number for decision in fresh if decision.kind == Decision.Kind.TRANSFER_OUT],
            ) from error
        if "no more is recovered than was paid" in str(error):
            raise DecisionImpossible(
                "Số tiền thu hồi lớn hơn số đã chi cho hồ sơ này, trừ số các quyết định trước đã thu hồi; mời xem các khoản chi rồi ghi đúng số tiền.",
                conflicts=[decision.number for decision in fresh if decision.kind == Decision.Kind.RECOVER],
            ) from error
        if "a closed month takes nobody" in str(error):
            raise DecisionImpossible(
                "Kỳ chi trả của khoản chi một lần này đã khóa, hưởng lại thì không danh sách nào chi; mời ghi khoản chi mới ở một tháng chưa khóa.",
                conflicts=[decision.number for decision in fresh],
            ) from error
        if "another commune already goes on" in str(error):
            raise DecisionImpossible(
                "Nơi mới đã ra quyết định chi trả tiếp, không hưởng lại ở nơi cũ được.",
                conflicts=[decision.number for decision in fresh],
            ) from error
        raise
