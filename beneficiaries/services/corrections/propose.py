"""Propose a correction with its paper, take it back, refuse it: nothing of these changes the record."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from beneficiaries.errors.corrections import (
    CorrectionSettled,
    CorrectionWaits,
    OnlyProposerWithdraws,
    ProposerCannotConfirm,
)
from beneficiaries.models import Beneficiary, Case, Correction, Solution
from beneficiaries.services.cases.authority import locked_case, require_level
from beneficiaries.services.cases.deciding import require_solution
from beneficiaries.services.cases.proposals import PROPOSABLE
from beneficiaries.services.corrections.asked import Asked, ProvingPaper, drawn_up
from beneficiaries.services.corrections.checks import require_possible
from beneficiaries.states import CorrectionStatus
from staff.errors import NotAllowed, constraint_of
from staff.models import User
from staff.rights import Right, require
from staff.services.free_text import without_numbers


@transaction.atomic
def propose_correction(
    *,
    beneficiary_id: int,
    asked: Asked,
    paper: ProvingPaper,
    reason: str,
    actor: User,
    now: datetime,
    case_id: int | None = None,
) -> Correction:
    """Put a correction before a second person; `case_id` is the case that asked for it and is solved by it.

    Raises `CorrectionImpossible`, `NumberOfSomebodyElse`, `CorrectionWaits`, `NotAllowed`, and of the case what `require_level` and
    `require_solution` raise.
    """
    person = Beneficiary.objects.select_for_update(of=("self",)).select_related("unit").get(pk=beneficiary_id)
    require(actor, Right.CORRECT_RECORD, unit=person.unit)
    waiting = Correction.objects.filter(beneficiary=person, status=CorrectionStatus.PROPOSED).first()
    if waiting is not None:
        raise CorrectionWaits(conflicts=[str(waiting.pk)])
    correction = drawn_up(person, asked=asked, paper=paper, today=timezone.localdate(now))
    require_possible(correction, person=person)
    if case_id is not None:
        correction.case = _case(case_id, person=person, paper=paper, actor=actor, now=now)
    correction.reason, correction.proposed_by, correction.proposed_at = without_numbers(reason), actor, now
    try:
        with transaction.atomic():
            correction.save(force_insert=True)
    except IntegrityError as error:
        if constraint_of(error) == "one_correction_of_a_person_waits":
            raise CorrectionWaits from error
        raise
    return correction


def _case(case_id: int, *, person: Beneficiary, paper: ProvingPaper, actor: User, now: datetime) -> Case:
    case = locked_case(case_id=case_id, actor=actor, right=Right.DECIDE_CASE, now=now, statuses=PROPOSABLE)
    if case.beneficiary_id != person.pk:
        raise NotAllowed
    require_level(case, actor=actor, document=paper.number)
    require_solution(case, Solution.CORRECTED)
    return case


@transaction.atomic
def withdraw_correction(*, correction_id: int, note: str, actor: User, now: datetime) -> Correction:
    """Whoever proposed takes it back. Raises `OnlyProposerWithdraws`, `CorrectionSettled`, `NotAllowed`."""
    correction = locked_correction(correction_id, actor=actor, right=Right.CORRECT_RECORD)
    if correction.proposed_by_id != actor.pk:
        raise OnlyProposerWithdraws(conflicts=[str(correction.pk)])
    return decide(correction, status=CorrectionStatus.WITHDRAWN, note=note, actor=actor, now=now)


@transaction.atomic
def refuse_correction(*, correction_id: int, note: str, actor: User, now: datetime) -> Correction:
    """A second person says no and why; the case that asked stays open. Raises `ProposerCannotConfirm`, `CorrectionSettled`, `NotAllowed`."""
    correction = locked_correction(correction_id, actor=actor, right=Right.CONFIRM_CORRECTION)
    require_second(correction, actor=actor)
    return decide(correction, status=CorrectionStatus.REFUSED, note=note, actor=actor, now=now)


def locked_correction(correction_id: int, *, actor: User, right: Right) -> Correction:
    """A correction nobody decided yet, locked. Raises `NotAllowed`, `CorrectionSettled`."""
    corrections = Correction.objects.select_for_update(of=("self",)).select_related("beneficiary__unit")
    correction = corrections.get(pk=correction_id)
    require(actor, right, unit=correction.beneficiary.unit)
    if correction.status != CorrectionStatus.PROPOSED:
        raise CorrectionSettled(conflicts=[str(correction.pk)])
    return correction


def require_second(correction: Correction, *, actor: User) -> None:
    """Raise `ProposerCannotConfirm` for whoever proposed."""
    if correction.proposed_by_id == actor.pk:
        raise ProposerCannotConfirm(conflicts=[str(correction.pk)])


def decide(correction: Correction, *, status: CorrectionStatus, note: str, actor: User, now: datetime) -> Correction:
    """Write where the correction stands now; once."""
    correction.status, correction.decided_by, correction.decided_at = status, actor, now
    correction.note = without_numbers(note)
    correction.save(update_fields=["status", "decided_by", "decided_at", "note"])
    return correction
