"""Where money is concerned one person proposes and a second one confirms; the database refuses the same person twice."""

from datetime import datetime
from typing import Any

from django.db import transaction

from beneficiaries.errors import SecondPersonNeeded
from beneficiaries.models import Case, CaseStatus, Solution
from beneficiaries.services.cases.authority import locked_case, require_level
from beneficiaries.services.cases.deciding import close_step, require_mine, require_solution
from staff.models import User
from staff.rights import Right

PROPOSABLE = (CaseStatus.OPEN, CaseStatus.ESCALATED)


@transaction.atomic
def propose_solution(
    *, case_id: int, solution: Solution, proposal: dict[str, Any], actor: User, note: str, document: str, now: datetime
) -> Case:
    """Put a solution before a second person; `proposal` holds ids and dates only.

    Raises `NotAllowed`, `WrongCaseState`, `BeyondAuthority`, `DocumentMissing`, `NotSolvableLikeThis`.
    """
    case = locked_case(case_id=case_id, actor=actor, right=Right.DECIDE_CASE, now=now, statuses=PROPOSABLE)
    require_mine(case, actor=actor)
    require_level(case, actor=actor, document=document)
    require_solution(case, solution)
    case.solution, case.proposal, case.proposed_by, case.document = solution, proposal, actor, document
    return close_step(case, status=CaseStatus.PROPOSED, actor=actor, now=now, note=note)


@transaction.atomic
def decline_proposal(*, case_id: int, actor: User, note: str, now: datetime) -> Case:
    """The second person, or whoever proposed, says no: the case is open again. Raises `NotAllowed`, `WrongCaseState`."""
    case = locked_case(case_id=case_id, actor=actor, right=Right.CONFIRM_CASE, now=now, statuses=(CaseStatus.PROPOSED,))
    case.solution, case.proposal, case.proposed_by, case.document = "", None, None, ""
    return close_step(case, status=CaseStatus.OPEN, actor=actor, now=now, note=note)


def locked_proposal(*, case_id: int, actor: User, right: Right, now: datetime) -> Case:
    """A proposal to be confirmed, locked. Raises `SecondPersonNeeded`, `NotAllowed`, `BeyondAuthority`, `WrongCaseState`."""
    case = locked_case(case_id=case_id, actor=actor, right=right, now=now, statuses=(CaseStatus.PROPOSED,))
    require_level(case, actor=actor, document=case.document)
    if case.proposed_by_id == actor.pk:
        raise SecondPersonNeeded(conflicts=[str(case.pk)])
    return case
