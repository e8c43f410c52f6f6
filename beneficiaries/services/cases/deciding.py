"""Take, settle, reject, escalate, give back, reopen: each leaves one step in the trail, written by the database."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from beneficiaries.errors import CaseOfAnother, LifeWithoutPaper, NoHigherLevel, NotSolvableLikeThis, WrongCaseState
from beneficiaries.models import Case, CaseKind, CaseStatus, Level, LifeStatus, Solution, rule_of
from beneficiaries.services.cases.authority import locked_case, require_level
from beneficiaries.services.identity.left_in_cash import ask_about_left_in_cash
from staff.models import User
from staff.rights import Right
from staff.services.working_days import working_days_after

ANSWER_OF_A_LEVEL = 10  # working days the next level has


@transaction.atomic
def take_case(*, case_id: int, actor: User, now: datetime) -> Case:
    """Become the owner of a live case. Raises `NotAllowed`, `WrongCaseState`."""
    case = locked_case(case_id=case_id, actor=actor, right=Right.DECIDE_CASE, now=now)
    case.owner = actor
    return close_step(case, status=case.status, actor=actor, now=now, note="Nhận việc")


@transaction.atomic
def settle_case(*, case_id: int, actor: User, note: str, document: str, now: datetime) -> Case:
    """What had to be done was done outside this system; the note says what. Only kinds without a solution of their own.

    Raises `NotAllowed`, `WrongCaseState`, `CaseOfAnother`, `BeyondAuthority`, `DocumentMissing`, `LifeWithoutPaper`, `NotSolvableLikeThis`.
    """
    case = locked_case(
        case_id=case_id, actor=actor, right=Right.DECIDE_CASE, now=now, statuses=(CaseStatus.OPEN, CaseStatus.ESCALATED)
    )
    require_mine(case, actor=actor)
    require_level(case, actor=actor, document=document)
    require_solution(case, Solution.SETTLED)
    case.solution, case.document = Solution.SETTLED, paper_of(case, document)
    return close_step(case, status=CaseStatus.SOLVED, actor=actor, now=now, note=note)


@transaction.atomic
def reject_case(*, case_id: int, actor: User, note: str, document: str, now: datetime) -> Case:
    """There is nothing to it; the same evidence will not raise it again. Whoever stays unidentified and in cash by it is asked about anew.

    Raises as `settle_case`.
    """
    case = locked_case(
        case_id=case_id, actor=actor, right=Right.DECIDE_CASE, now=now, statuses=(CaseStatus.OPEN, CaseStatus.ESCALATED)
    )
    require_mine(case, actor=actor)
    require_level(case, actor=actor, document=document)
    if not rule_of(case.kind, case.reason).solutions:  # answered elsewhere, where the answer has its effect
        raise NotSolvableLikeThis(conflicts=[str(case.pk)])
    case.document = paper_of(case, document)
    step = close_step(case, status=CaseStatus.REJECTED, actor=actor, now=now, note=note)
    if case.kind == CaseKind.IDENTITY:
        ask_about_left_in_cash(beneficiary_id=case.beneficiary_id, now=now)
    return step


@transaction.atomic
def escalate_case(*, case_id: int, actor: User, proposal: str, to: Level | None, now: datetime) -> Case:
    """Report to the next level (or to `to`, further up) with a proposal; it gets its own term and no owner.

    Raises `NoHigherLevel`, `BeyondAuthority` (it already is above the actor), `NotAllowed`, `WrongCaseState`.
    """
    case = locked_case(
        case_id=case_id, actor=actor, right=Right.DECIDE_CASE, now=now, statuses=(CaseStatus.OPEN, CaseStatus.ESCALATED)
    )
    require_mine(case, actor=actor)
    order = list(Level)
    at = order.index(Level(case.level))
    require_level(case, actor=actor, document="đề xuất")
    target = to or (order[at + 1] if at + 1 < len(order) else None)
    if target is None or order.index(target) <= at:
        raise NoHigherLevel(conflicts=[str(case.pk)])
    case.level, case.owner = target, None
    case.due_on = working_days_after(timezone.localdate(now), ANSWER_OF_A_LEVEL)
    return close_step(case, status=CaseStatus.ESCALATED, actor=actor, now=now, note=proposal)


@transaction.atomic
def give_back_case(*, case_id: int, actor: User, note: str, now: datetime) -> Case:
    """The higher level leaves it to the level below, with what it thinks. Raises as `reject_case`."""
    case = locked_case(case_id=case_id, actor=actor, right=Right.DECIDE_CASE, now=now, statuses=(CaseStatus.ESCALATED,))
    require_mine(case, actor=actor)
    require_level(case, actor=actor, document=note)
    rule = rule_of(case.kind, case.reason)
    case.level, case.owner = rule.level, None
    case.due_on = working_days_after(timezone.localdate(now), rule.days)
    return close_step(case, status=CaseStatus.OPEN, actor=actor, now=now, note=note)


@transaction.atomic
def reopen_case(*, case_id: int, actor: User, note: str, now: datetime) -> Case:
    """Look again at what was decided, at the level that decided. What a solution changed stays changed.

    Raises `NotSolvableLikeThis` where the answer was given elsewhere (nobody could close it again), `WrongCaseState`, `NotAllowed`, …
    """
    case = locked_case(
        case_id=case_id,
        actor=actor,
        right=Right.DECIDE_CASE,
        now=now,
        statuses=(CaseStatus.SOLVED, CaseStatus.REJECTED),
    )
    require_level(case, actor=actor, document=note)
    if not rule_of(case.kind, case.reason).solutions:
        raise NotSolvableLikeThis(conflicts=[str(case.pk)])
    case.solution, case.proposal, case.proposed_by, case.document = "", None, None, ""
    case.due_on = working_days_after(timezone.localdate(now), rule_of(case.kind, case.reason).days)
    try:
        with transaction.atomic():
            return close_step(case, status=CaseStatus.OPEN, actor=actor, now=now, note=note)
    except IntegrityError as error:  # the same thing was raised again meanwhile: that case is the live one
        raise WrongCaseState(conflicts=[str(case.pk)]) from error


def paper_of(case: Case, document: str) -> str:
    """What the answer rests on; whether somebody lives is answered by a paper, or by the death notice that was recorded.

    Raises `LifeWithoutPaper`: a clerk's word alone would let a dead person's money go on, or be asked about no more.
    """
    if case.reason != "DEATH_IN_DOUBT" or document.strip():
        return document
    told = LifeStatus.objects.filter(pk=case.beneficiary_id).values_list("deceased_on", "notice_on").first()
    day = next((day for day in told or () if day), None)
    if day is None:
        raise LifeWithoutPaper(conflicts=[str(case.pk)])
    return f"Tin báo tử, mất ngày {day:%d/%m/%Y}"


def require_mine(case: Case, *, actor: User) -> None:
    """Raise `CaseOfAnother` where somebody else does it: whoever it was taken from decides it no more."""
    if case.owner_id not in (None, actor.pk):
        raise CaseOfAnother(conflicts=[str(case.pk)])


def require_solution(case: Case, solution: Solution) -> None:
    """Raise `NotSolvableLikeThis` unless the table of kinds names `solution` for the case."""
    if solution not in rule_of(case.kind, case.reason).solutions:
        raise NotSolvableLikeThis(conflicts=[str(case.pk)])


def close_step(case: Case, *, status: str, actor: User, now: datetime, note: str) -> Case:
    """Write one step; the trigger keeps it in the trail."""
    case.status, case.decided_by, case.decided_at, case.note = status, actor, now, note[:300]
    case.save(
        update_fields=[
            "status", "level", "owner", "due_on", "solution", "proposal", "proposed_by", "document", "decided_by", "decided_at", "note",
        ]
    )  # fmt: skip
    return case
