"""Who the corrected person is: what the correction proves, what it speaks against, and whom matching looks for anew."""

import json
from datetime import datetime

from django.db import connection
from django.utils import timezone

from beneficiaries.linkage.names import name_key
from beneficiaries.models import (
    LIVE,
    Beneficiary,
    Case,
    CaseKind,
    Correction,
    IdentityMatch,
    IdentityRecord,
    IdentityStatus,
    Solution,
)
from beneficiaries.services.cases.raising import raise_cases
from beneficiaries.services.corrections.asked import changed_fields
from beneficiaries.services.identity.doubted_deaths import follow_identities
from beneficiaries.services.identity.match import link_same_people
from staff.models import User

WORDS = {"full_name": "họ tên", "birth": "ngày sinh", "sex": "giới tính", "number": "số định danh"}
PROVED = "Hồ sơ sửa theo giấy tờ, hai người xác nhận: số định danh, họ tên, năm sinh, giới tính trùng dữ liệu dân cư"
_FOUND = """
WITH found AS (
    SELECT b.id AS beneficiary_id, NULL::bigint AS enrolment_id, NULL::bigint AS against_id, b.unit_id, 'CORRECTED_AGAINST' AS reason,
           '' AS subject, %(evidence)s::jsonb AS evidence
    FROM beneficiaries_beneficiary b WHERE b.id = %(person)s
)"""
_ADD = """
UPDATE beneficiaries_case SET evidence = evidence || %(evidence)s::jsonb
WHERE beneficiary_id = %(person)s AND kind = 'IDENTITY' AND status IN ('OPEN', 'PROPOSED', 'ESCALATED') AND NOT evidence @> %(evidence)s::jsonb
"""


def contradicted(correction: Correction, record: IdentityRecord) -> list[str]:
    """The corrected fields in which the resident is another than the correction says; what was not corrected was judged before."""
    after, key = set(changed_fields(correction)), record.name_key
    year, day = correction.birth_year_after, correction.birth_date_after
    born_otherwise = record.birth_year not in (None, year) or bool(
        day and record.birth_date and day != record.birth_date
    )
    other = {
        "full_name": "full_name" in after and name_key(correction.full_name_after) != key,
        "birth": "birth" in after and born_otherwise,
        "sex": "sex" in after and correction.sex_after != record.sex,
        "number": (correction.number_after_id is not None and correction.number_after_id != record.number_id)
        or (correction.number_removed and correction.number_before_id == record.number_id),
    }
    return [name for name, differs in other.items() if differs]


def look_at_identity(person: Beneficiary, *, correction: Correction, actor: User, now: datetime) -> None:
    """In the caller's transaction, after the record was put right.

    A pair nothing speaks against keeps its decision; one the correction contradicts stays as it is, in doubt, with a case. Whoever was matched
    with nobody is matched at once where number, name, year and sex prove it, and else looked for by the next run.
    """
    record = person.identity
    if record is not None and (against := contradicted(correction, record)):
        _doubt(person, against=against, now=now)
    elif person.identity_status != IdentityStatus.MATCHED:
        proved = record if record is not None else _of_number(person)
        if proved is not None and proves(person, proved):
            _match(person, proved, correction=correction, actor=actor, now=now)
        elif record is None:
            Beneficiary.objects.filter(pk=person.pk).update(identity_status=IdentityStatus.UNCHECKED)
    follow_identities(people=[person.pk], actor_id=actor.pk, now=now)


def proves(person: Beneficiary, record: IdentityRecord) -> bool:
    """As the engine's proven tier: a number is no proof by itself, it needs name, birth year and sex beside it."""
    of_person = (person.number_id, person.name_key, person.birth_year, person.sex)
    return None not in of_person and of_person == (record.number_id, record.name_key, record.birth_year, record.sex)


def _of_number(person: Beneficiary) -> IdentityRecord | None:
    return IdentityRecord.objects.filter(number=person.number_id).first() if person.number_id else None


def _doubt(person: Beneficiary, *, against: list[str], now: datetime) -> None:
    said = ", ".join(WORDS[name] for name in against)
    # With the day: what somebody rejected of an earlier correction is no answer to this one.
    day = f"{timezone.localdate(now):%d/%m/%Y}"
    evidence = json.dumps(
        [f"Hồ sơ sửa theo giấy tờ ngày {day} khác dữ liệu dân cư đã khớp: {said}."], ensure_ascii=False
    )
    Beneficiary.objects.filter(pk=person.pk).update(identity_status=IdentityStatus.CONFLICT)
    given: dict[str, str | int] = {"person": person.pk, "evidence": evidence}
    raise_cases(kind=CaseKind.IDENTITY, found=_FOUND, given=given, now=now)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, given)


def _match(person: Beneficiary, record: IdentityRecord, *, correction: Correction, actor: User, now: datetime) -> None:
    Beneficiary.objects.filter(pk=person.pk).update(identity=record, identity_status=IdentityStatus.MATCHED)
    person.candidates.all().delete()
    IdentityMatch.objects.create(
        beneficiary=person,
        identity=record,
        band=IdentityMatch.Band.REVIEWED,
        evidence=[PROVED],
        decided_by=actor,
        decided_at=now,
    )
    answered = Case.objects.filter(beneficiary=person, kind=CaseKind.IDENTITY, status__in=LIVE)
    if correction.case_id is not None:  # the case that asked says who proposed and by which paper
        answered = answered.exclude(pk=correction.case_id)
    answered.update(
        status=Case.Status.SOLVED,
        solution=Solution.CORRECTED,
        proposal=None,
        proposed_by=None,
        decided_by=actor,
        decided_at=now,
        note=PROVED[:300],
    )
    link_same_people(now=now)
