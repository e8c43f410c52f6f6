"""Duplicates: two people after all, remembered for good; or one person, and one of the enrolments ends by decision."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from beneficiaries.errors import DecisionImpossible, NotSolvableLikeThis
from beneficiaries.models import (
    BankAccount,
    Beneficiary,
    Case,
    CaseKind,
    CaseStatus,
    Decision,
    DistinctPeople,
    Enrolment,
    IdentityStatus,
    Solution,
)
from beneficiaries.services.cases.authority import locked_case, require_level
from beneficiaries.services.cases.deciding import close_step, require_mine, require_solution
from beneficiaries.services.cases.proposals import PROPOSABLE, propose_solution
from beneficiaries.services.cases.raising import raise_cases
from beneficiaries.services.decisions.draft import Draft
from beneficiaries.services.decisions.record import objection_to, record_drafts
from beneficiaries.services.decisions.rules import in_a_sentence
from beneficiaries.services.identity.doubted_deaths import follow_identities
from beneficiaries.states import AccountCause
from staff.models import User
from staff.rights import Right

# Whoever does not keep the identity is a case of its own: the number on their row is another person's.
_NUMBER_OF_ANOTHER = """
WITH found AS (
    SELECT b.id AS beneficiary_id, NULL::bigint AS enrolment_id, NULL::bigint AS against_id, b.unit_id, 'NUMBER_OF_ANOTHER' AS reason, '' AS subject,
           jsonb_build_array('đã xác định không phải người có số định danh này') AS evidence
    FROM beneficiaries_beneficiary b WHERE b.id = %(beneficiary)s
)"""


@dataclass(frozen=True)
class Stop:
    """Which enrolment ends (`this`: the case's, else the other one), from which month (a first day), by which decision."""

    this: bool
    from_month: date
    number: str
    signed_on: date
    signer: str


@transaction.atomic
def declare_not_the_same(*, case_id: int, this_keeps_identity: bool, actor: User, note: str, now: datetime) -> Case:
    """Two people: no run joins them again, and one of the two has another's number, which becomes a case of its own.

    Nobody loses money by it: an account paid last month goes on being paid, else the money goes out as cash. Raises
    `NotSolvableLikeThis` where it is one record enrolled twice, and what `locked_case` and `require_level` raise.
    """
    case = locked_case(case_id=case_id, actor=actor, right=Right.DECIDE_CASE, now=now, statuses=PROPOSABLE)
    require_mine(case, actor=actor)
    require_level(case, actor=actor)
    require_solution(case, Solution.NOT_THE_SAME)
    if case.against is None or case.against.beneficiary_id == case.beneficiary_id:
        raise NotSolvableLikeThis(conflicts=[str(case.pk)])
    here, there = case.beneficiary_id, case.against.beneficiary_id
    DistinctPeople.objects.get_or_create(
        first_id=min(here, there),
        second_id=max(here, there),
        defaults={"case": case, "decided_by": actor, "decided_at": now},
    )
    _lose_identity(there if this_keeps_identity else here, actor=actor, now=now)
    Beneficiary.objects.filter(pk__in=(here, there), same_as__in=(here, there)).update(same_as=None)
    follow_identities(people=(here, there), actor_id=actor.pk, now=now)
    case.solution = Solution.NOT_THE_SAME
    return close_step(case, status=CaseStatus.SOLVED, actor=actor, now=now, note=note)


def _lose_identity(beneficiary_id: int, *, actor: User, now: datetime) -> None:
    Beneficiary.objects.filter(pk=beneficiary_id).update(
        identity=None, identity_status=IdentityStatus.CONFLICT, same_as=None
    )
    BankAccount.objects.filter(beneficiary=beneficiary_id).apply(
        AccountCause.HOLDER_CHANGED,
        now=now,
        on=timezone.localdate(now),
        actor=actor,
        reason="IDENTITY_CHECK",
        verified_on=None,
    )
    raise_cases(kind=CaseKind.IDENTITY, found=_NUMBER_OF_ANOTHER, given={"beneficiary": beneficiary_id}, now=now)


@transaction.atomic
def propose_same_person(*, case_id: int, stop: Stop, actor: User, note: str, now: datetime) -> Case:
    """One person: propose which enrolment ends, from which month, by which decision. Money is concerned, so a second person confirms.

    Raises `DecisionImpossible` at once where such a decision could not be recorded, and what `propose_solution` raises.
    """
    case = locked_case(case_id=case_id, actor=actor, right=Right.DECIDE_CASE, now=now, statuses=PROPOSABLE)
    require_solution(case, Solution.SAME_PERSON)
    if problem := objection_to(_draft(stop), enrolment=_ending(case, stop), now=now):
        raise DecisionImpossible(in_a_sentence(problem), conflicts=[str(case.pk)])
    proposal = {
        "stop": "this" if stop.this else "other",
        "from_month": stop.from_month.isoformat(),
        "number": stop.number,
        "signed_on": stop.signed_on.isoformat(),
        "signer": stop.signer,
    }
    return propose_solution(
        case_id=case_id,
        solution=Solution.SAME_PERSON,
        proposal=proposal,
        actor=actor,
        note=note,
        document=stop.number,
        now=now,
    )


def carry_out_same_person(case: Case, *, actor: User, now: datetime) -> Case:
    """The confirmed proposal: the decision is recorded as any other, under the same rules, and the enrolment ends.

    What was paid stays as it is, what is not released yet stops. Raises `DecisionImpossible` where something decided meanwhile stands against it.
    """
    proposal = case.proposal or {}
    stop = Stop(
        this=proposal["stop"] == "this",
        from_month=date.fromisoformat(proposal["from_month"]),
        number=proposal["number"],
        signed_on=date.fromisoformat(proposal["signed_on"]),
        signer=proposal.get("signer", ""),  # one proposed before signers were asked for is refused, and proposed anew
    )
    (problem,) = record_drafts(drafts=[(_ending(case, stop).pk, _draft(stop))], actor=actor, now=now)
    if problem:
        raise DecisionImpossible(in_a_sentence(problem), conflicts=[str(case.pk)])
    return close_step(case, status=CaseStatus.SOLVED, actor=actor, now=now, note=case.note)


def _ending(case: Case, stop: Stop) -> Enrolment:
    ending = case.enrolment if stop.this else case.against
    if ending is None:
        raise NotSolvableLikeThis(conflicts=[str(case.pk)])
    return ending


def _draft(stop: Stop) -> Draft:
    return Draft(
        kind=Decision.Kind.STOP,
        number=stop.number,
        signed_on=stop.signed_on,
        signer=stop.signer,
        effective_month=stop.from_month,
        reason="Trùng hồ sơ hưởng",
    )
