"""Match registry people with residents: what the rule confirms is matched, everything else becomes a case. Nobody is left unpaid by it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction

from beneficiaries.linkage.engine import Model, link
from beneficiaries.models import Beneficiary, CaseKind, Enrolment, IdentityMatch, MatchRun
from beneficiaries.services.cases.raising import raise_cases
from beneficiaries.services.identity.doubted_deaths import follow_identities
from beneficiaries.services.identity.match_models import adopted_model
from beneficiaries.services.identity.matching_manifest import manifest
from beneficiaries.services.identity.matching_results import write_links
from beneficiaries.services.identity.matching_tables import read_population, read_registry, snapshot
from staff.bulk import refresh_statistics

# Two registry people who are one resident: shown as one person; where the programme is the same too, somebody must decide. Where no
# resident is known (yet), what would prove them one resident proves them one person: number, name, year of birth and sex.
_ONE_PERSON = """
WITH known AS (
    SELECT id, coalesce(identity_id::text, number_id || '/' || name_key || '/' || birth_year || '/' || sex) AS person,
           identity_id IS NULL AS unknown
    FROM beneficiaries_beneficiary
), kept AS (SELECT unknown, person, min(id) AS id FROM known WHERE person IS NOT NULL GROUP BY unknown, person),
wanted AS (
    SELECT k.id, CASE WHEN kept.id <> k.id THEN kept.id END AS same_as_id FROM known k LEFT JOIN kept USING (unknown, person)
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
           jsonb_build_array('đang hưởng nơi khác: có') AS evidence  -- `case_shapes.ELSEWHERE`
    FROM held WHERE position > 1
)"""


@dataclass(frozen=True)
class Matching:
    """Counts of one run."""

    matched: int
    cases: int
    duplicates: int
    run: MatchRun | None = field(default=None, compare=False)


@transaction.atomic
def match_people(
    *, actor_id: int, now: datetime, model: Model | None = None, progress: Callable[[str], None] = lambda step: None
) -> Matching:
    """Match everyone not matched yet. A re-run changes nothing: matched pairs keep their decision, open cases stay one.

    Whoever is not matched for certain becomes a case, with the residents it may be; nobody is left unpaid by it. `progress` is told what is
    begun; whoever breaks off has written nothing, and the order waits for the next look.
    """
    progress("Đọc người hưởng chưa khớp và dữ liệu dân cư")
    refresh_statistics(Beneficiary, Enrolment)
    model = model or adopted_model()
    run = MatchRun.objects.create(started_at=now)
    registry = read_registry()
    population = read_population()
    progress("So từng người với dữ liệu dân cư")
    links = link(registry, population, model)
    progress("Ghi kết quả, mở việc cần xác minh")
    matched, cases = write_links(links, run_id=run.pk, actor_id=actor_id, now=now)
    progress("Tìm người có hai hồ sơ")
    duplicates = link_same_people(now=now)
    found = IdentityMatch.objects.filter(run=run).values_list("beneficiary_id", flat=True)
    follow_identities(people=list(found), actor_id=actor_id, now=now)
    run.finished_at = now
    run.manifest = {
        **manifest(links=links, registry=registry, model=model, snapshot=snapshot(), today=now.date()),
        "matched": matched,
        "cases": cases,
        "duplicates": duplicates,
    }
    run.save(update_fields=["finished_at", "manifest"])
    return Matching(matched=matched, cases=cases, duplicates=duplicates, run=run)


def link_same_people(*, now: datetime) -> int:
    """Let people who proved to be one resident count as one; open a case where one programme pays twice. Returns the new cases."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_PERSON)
    return raise_cases(kind=CaseKind.DUPLICATE, found=_DUPLICATES, given={}, now=now)
