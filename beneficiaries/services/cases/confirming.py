"""The second person confirms, and the solution is carried out in the same transaction."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from beneficiaries.errors import NotSolvableLikeThis
from beneficiaries.models import Case, Solution
from beneficiaries.services.cases.duplicates import carry_out_same_person
from beneficiaries.services.cases.identities import carry_out_identified
from beneficiaries.services.cases.proposals import locked_proposal
from staff.models import User
from staff.rights import Right

_CARRY_OUT: dict[str, Callable[..., Case]] = {
    Solution.IDENTIFIED: carry_out_identified,
    Solution.SAME_PERSON: carry_out_same_person,
}


@transaction.atomic
def confirm_proposal(*, case_id: int, actor: User, now: datetime) -> Case:
    """Carry out what somebody else proposed. Offering a payment again is confirmed with the bank's answer instead (payments).

    Raises `SecondPersonNeeded`, `NotSolvableLikeThis`, and what `locked_proposal` raises.
    """
    case = locked_proposal(case_id=case_id, actor=actor, right=Right.CONFIRM_CASE, now=now)
    carry_out = _CARRY_OUT.get(case.solution)
    if carry_out is None:
        raise NotSolvableLikeThis(conflicts=[str(case.pk)])
    return carry_out(case, actor=actor, now=now)
