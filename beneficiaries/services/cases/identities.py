"""Identity reviews: who looked says who it is; where a new account would follow, a second person confirms."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from beneficiaries.errors import ReviewImpossible
from beneficiaries.linkage.people_names import read_name
from beneficiaries.models import (
    BankAccount,
    Beneficiary,
    Case,
    CaseStatus,
    IdentityMatch,
    IdentityRecord,
    IdentityStatus,
    Solution,
)
from beneficiaries.services.cases.authority import locked_case, require_level
from beneficiaries.services.cases.deciding import close_step, require_mine, require_solution
from beneficiaries.services.cases.proposals import PROPOSABLE, propose_solution
from beneficiaries.services.cases.suggested import suggested_record
from beneficiaries.services.identity.doubted_deaths import follow_identities
from beneficiaries.services.identity.match import link_same_people
from beneficiaries.services.numbers import keep_identity_numbers
from staff.models import User
from staff.rights import Right


@transaction.atomic
def identify_person(
    *, case_id: int, actor: User, basis: str, now: datetime, number: str = "", suggested: int | None = None
) -> Case:
    """The person is the resident with this number, or the one `suggested` (an id) among those the case shows; `basis`: what was looked at.

    Solves the case, or proposes it where the person has an account that waits for it: that would be a new place for money to go.
    Raises `ReviewImpossible` (no such resident, or one of another name), and what `locked_case` and `require_level` raise.
    """
    case = locked_case(case_id=case_id, actor=actor, right=Right.DECIDE_CASE, now=now, statuses=PROPOSABLE)
    require_mine(case, actor=actor)
    require_level(case, actor=actor, document=basis)
    require_solution(case, Solution.IDENTIFIED)
    if suggested is not None:
        record = suggested_record(case, identity_id=suggested, actor=actor)
    else:
        record = IdentityRecord.objects.filter(number=keep_identity_numbers([number]).get(number)).first()
    if record is None or not is_plausible(case.beneficiary, record):
        raise ReviewImpossible(conflicts=[str(case.pk)])
    if waits_for_identity([case.beneficiary_id]):
        return propose_solution(
            case_id=case_id,
            solution=Solution.IDENTIFIED,
            proposal={"identity": record.pk},
            actor=actor,
            note=basis,
            document=case.document,
            now=now,
        )
    case.solution = Solution.IDENTIFIED
    return _identified(case, record_id=record.pk, basis=basis, actor=actor, now=now)


def carry_out_identified(case: Case, *, actor: User, now: datetime) -> Case:
    """The confirmed proposal."""
    return _identified(case, record_id=(case.proposal or {})["identity"], basis=case.note, actor=actor, now=now)


def _identified(case: Case, *, record_id: int, basis: str, actor: User, now: datetime) -> Case:
    Beneficiary.objects.filter(pk=case.beneficiary_id).update(
        identity=record_id, identity_status=IdentityStatus.MATCHED
    )
    IdentityMatch.objects.create(
        beneficiary_id=case.beneficiary_id,
        identity_id=record_id,
        band=IdentityMatch.Band.REVIEWED,
        evidence=[basis],
        decided_by=actor,
        decided_at=now,
    )
    step = close_step(case, status=CaseStatus.SOLVED, actor=actor, now=now, note=basis)
    link_same_people(now=now)
    follow_identities(people=[case.beneficiary_id], actor_id=actor.pk, now=now)
    return step


def is_plausible(person: Beneficiary, record: IdentityRecord) -> bool:
    """A reviewer's word links a person only to a resident of the same name and the same sex or birth year: a typed number takes over nobody."""
    names = {person.name_key, read_name(person.full_name).key}  # a list may have written "Bà" before it
    return record.name_key in names and (person.sex == record.sex or person.birth_year == record.birth_year)


def waits_for_identity(beneficiary_ids: list[int]) -> set[int]:
    """Those of the people with an account never proven by a payment, which only their identity keeps, or the bank's word besides, from being used."""
    known_at_the_bank = Q(opened_on__isnull=False, reason__in=("", "IDENTITY_CHECK"))
    named = Q(source__in=(BankAccount.Source.SLIP, BankAccount.Source.VNEID), reason="ACCOUNT_PENDING")
    waiting = BankAccount.objects.filter(
        known_at_the_bank | named,
        beneficiary__in=beneficiary_ids,
        status=BankAccount.Status.OPENED,
        last_credited_month__isnull=True,
    )
    return set(waiting.values_list("beneficiary_id", flat=True))
