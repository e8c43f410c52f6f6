"""Match registry people with residents: what the rule confirms is matched, everything else becomes a case. Nobody is left unpaid by it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from beneficiaries.linkage.rules import AGREES, EVIDENCE, RULE_VERSION
from beneficiaries.models import Beneficiary, CaseKind, Enrolment, MatchRun
from beneficiaries.services.cases.raising import raise_cases
from staff.bulk import refresh_statistics

_MATCH = f"""
WITH agreed AS (
    SELECT b.id AS beneficiary_id, r.id AS identity_id, {EVIDENCE} AS evidence
    FROM beneficiaries_beneficiary b JOIN beneficiaries_identityrecord r ON r.number_id = b.number_id
    WHERE b.identity_status IN ('UNCHECKED', 'REVIEW') AND {AGREES}
), updated AS (
    UPDATE beneficiaries_beneficiary b SET identity_status = 'MATCHED', identity_id = a.identity_id FROM agreed a WHERE b.id = a.beneficiary_id
)
INSERT INTO beneficiaries_identitymatch (beneficiary_id, identity_id, band, evidence, run_id, decided_at)
SELECT beneficiary_id, identity_id, 'AUTOMATIC', evidence, %(run)s, %(now)s FROM agreed
"""
_LEFT_TO_PEOPLE = f"""
WITH open_people AS (
    UPDATE beneficiaries_beneficiary SET identity_status = 'REVIEW' WHERE identity_status = 'UNCHECKED' RETURNING id, unit_id, number_id
), found AS (
    SELECT b.id AS beneficiary_id, NULL::bigint AS enrolment_id, NULL::bigint AS against_id, b.unit_id,
           CASE WHEN o.number_id IS NULL THEN 'NUMBER_MISSING' WHEN r.id IS NULL THEN 'NUMBER_NOT_FOUND' ELSE 'NUMBER_OF_ANOTHER' END AS reason,
           '' AS subject, CASE WHEN r.id IS NULL THEN '[]'::jsonb ELSE {EVIDENCE} END AS evidence
    FROM open_people o JOIN beneficiaries_beneficiary b ON b.id = o.id
    LEFT JOIN beneficiaries_identityrecord r ON r.number_id = o.number_id
)"""
_CLOSE_CASES = """
UPDATE beneficiaries_case c SET status = 'SOLVED', decided_by_id = %(actor)s, decided_at = %(now)s, note = 'Đã khớp dữ liệu dân cư',
       solution = '', proposal = NULL, proposed_by_id = NULL
FROM beneficiaries_beneficiary b WHERE c.beneficiary_id = b.id AND c.kind = 'IDENTITY' AND c.status IN ('OPEN', 'PROPOSED', 'ESCALATED')
  AND b.identity_status = 'MATCHED'
"""
# Two registry people who are one resident: shown as one person; where the programme is the same too, somebody must decide.
_ONE_PERSON = """
WITH kept AS (SELECT identity_id, min(id) AS id FROM beneficiaries_beneficiary WHERE identity_id IS NOT NULL GROUP BY identity_id),
wanted AS (
    SELECT b.id, CASE WHEN kept.id <> b.id THEN kept.id END AS same_as_id FROM beneficiaries_beneficiary b LEFT JOIN kept ON kept.identity_id = b.identity_id
)
UPDATE beneficiaries_beneficiary b SET same_as_id = wanted.same_as_id
FROM wanted WHERE b.id = wanted.id AND b.same_as_id IS DISTINCT FROM wanted.same_as_id
  AND NOT EXISTS (SELECT 1 FROM beneficiaries_distinctpeople d
                  WHERE d.first_id = least(b.id, wanted.same_as_id) AND d.second_id = greatest(b.id, wanted.same_as_id))
"""
# One case for every enrolment but the first on its ground. Which one the other is stands in `against`, never in words: it may be elsewhere.
_DUPLICATES = """
WITH held AS (
    SELECT e.id, e.code, e.beneficiary_id, e.unit_id, row_number() OVER one_ground AS position, first_value(e.id) OVER one_ground AS first_id
    FROM beneficiaries_enrolment e JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id
    JOIN beneficiaries_programme p ON p.id = e.programme_id
    WHERE e.ended_month IS NULL
    WINDOW one_ground AS (PARTITION BY coalesce(b.same_as_id, b.id), e.programme_id, CASE WHEN p.several_grounds THEN e.category_id END ORDER BY e.id)
), found AS (
    SELECT beneficiary_id, id AS enrolment_id, first_id AS against_id, unit_id, 'SAME_PROGRAMME_TWICE' AS reason, code AS subject,
           jsonb_build_array('đang hưởng nơi khác: có') AS evidence
    FROM held WHERE position > 1
)"""


@dataclass(frozen=True)
class Matching:
    """Counts of one run."""

    matched: int
    cases: int
    duplicates: int


@transaction.atomic
def match_people(*, actor_id: int, now: datetime) -> Matching:
    """Match everyone not matched yet. A re-run changes nothing: matched pairs keep their decision, open cases stay one."""
    refresh_statistics(Beneficiary, Enrolment)
    run = MatchRun.objects.create(started_at=now)
    given: dict[str, Any] = {"run": run.pk, "now": now, "actor": actor_id}
    with connection.cursor() as cursor:
        cursor.execute(_MATCH, given)
        matched = cursor.rowcount
    cases = raise_cases(kind=CaseKind.IDENTITY, found=_LEFT_TO_PEOPLE, given={}, now=now)
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE_CASES, given)
    duplicates = link_same_people(now=now)
    run.finished_at = now
    run.manifest = {"rule": RULE_VERSION, "matched": matched, "cases": cases, "duplicates": duplicates}
    run.save(update_fields=["finished_at", "manifest"])
    return Matching(matched=matched, cases=cases, duplicates=duplicates)


def link_same_people(*, now: datetime) -> int:
    """Let people who proved to be one resident count as one; open a case where one programme pays twice. Returns the new cases."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_PERSON)
    return raise_cases(kind=CaseKind.DUPLICATE, found=_DUPLICATES, given={}, now=now)
