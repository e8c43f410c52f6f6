"""The second person's yes: the record is put right, and whatever rested on what stood there is looked at anew. Money moves by decision only."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from beneficiaries.errors.corrections import CorrectionOutdated, PaperNotSeen
from beneficiaries.linkage.names import name_key, sort_key
from beneficiaries.models import LIVE, Beneficiary, Case, CaseKind, Correction, CorrectionScan, IdentityStatus, Solution
from beneficiaries.services.accounts.renamed_accounts import look_at_holders
from beneficiaries.services.corrections.ages import let_go_of_old_ages
from beneficiaries.services.corrections.asked import changed_fields, corrected
from beneficiaries.services.corrections.checks import require_possible
from beneficiaries.services.corrections.identity import look_at_identity
from beneficiaries.services.corrections.propose import decide, locked_correction, require_second
from beneficiaries.services.intake.lists import verify_accounts
from beneficiaries.states import CorrectionStatus
from staff.models import User
from staff.rights import Right

LONGEST_NOTE = 300
OF_THE_RECORD = ("full_name", "name_key", "sort_key", "birth_date", "birth_year", "sex", "hamlet", "number")


@transaction.atomic
def confirm_correction(*, correction_id: int, actor: User, now: datetime, seen: str = "") -> Correction:
    """Put it in force. A confirmed identity it speaks against goes to a person, never to another resident by itself; nobody is unpaid for it.

    It rests on its scanned paper, or on an original whoever confirms has `seen` (where and when, in their words). Raises `PaperNotSeen`,
    `ProposerCannotConfirm`, `CorrectionSettled`, `CorrectionOutdated`, `NumberOfSomebodyElse`, `CorrectionImpossible`, `NotAllowed`.
    """
    correction = locked_correction(correction_id, actor=actor, right=Right.CONFIRM_CORRECTION)
    require_second(correction, actor=actor)
    people = Beneficiary.objects.select_for_update(of=("self",)).select_related("unit", "identity")
    person = people.get(pk=correction.beneficiary_id)
    _require_unchanged(correction, person)
    require_possible(correction, person=person)
    if not seen.strip() and not CorrectionScan.objects.filter(correction=correction).exists():
        raise PaperNotSeen(conflicts=[str(correction.pk)])
    decide(correction, status=CorrectionStatus.IN_FORCE, note=seen.strip()[:LONGEST_NOTE], actor=actor, now=now)
    person = corrected(person, correction)
    person.name_key, person.sort_key = name_key(person.full_name), sort_key(person.full_name)
    person.save(update_fields=OF_THE_RECORD)
    changed = changed_fields(correction)
    if changed != ["hamlet"]:
        look_at_identity(person, correction=correction, actor=actor, now=now)
    _solve_case(correction, actor=actor, now=now)
    if "full_name" in changed:
        look_at_holders(people=[person.pk], renamed=[person.pk], actor=actor, now=now)
    if "birth" in changed:
        let_go_of_old_ages(correction, actor=actor, now=now)
    verify_accounts(on=timezone.localdate(now), unit=person.unit)
    return correction


def _require_unchanged(correction: Correction, person: Beneficiary) -> None:
    seen = (
        correction.full_name_before,
        correction.birth_date_before,
        correction.birth_year_before,
        correction.sex_before,
        correction.hamlet_before,
        correction.number_before_id,
    )
    stands = (
        person.full_name,
        person.birth_date,
        person.birth_year,
        person.sex,
        person.hamlet,
        person.number_id,
    )
    if seen != stands:
        raise CorrectionOutdated(conflicts=[str(correction.pk)])


def _solve_case(correction: Correction, *, actor: User, now: datetime) -> None:
    """The case that asked, unless somebody answered it otherwise meanwhile. Whose identity is still in doubt keeps it: nobody else would ask."""
    if correction.case_id is None:
        return
    asked = Case.objects.filter(pk=correction.case_id, status__in=LIVE).exclude(
        ~Q(beneficiary__identity_status=IdentityStatus.MATCHED), kind=CaseKind.IDENTITY
    )
    asked.update(
        status=Case.Status.SOLVED,
        solution=Solution.CORRECTED,
        proposal={"correction": correction.pk},
        proposed_by=correction.proposed_by,
        decided_by=actor,
        decided_at=now,
        document=f"{correction.get_paper_kind_display()} số {correction.paper_number}"[:120],
        note=f"Đã sửa hồ sơ theo giấy tờ: {correction.reason}"[:300],
    )
