"""Write what the engine decided: links, candidates, cases. A set at a time; what did not change is not written again."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl
from django.db import connection

from beneficiaries.linkage.engine import Band, Links
from beneficiaries.linkage.engine.deciding import WHOLE_NAME
from beneficiaries.linkage.engine.evidence import CONFLICTS, PROVEN, sentences
from beneficiaries.linkage.engine.levels import YEAR_AGREES
from beneficiaries.models import CaseKind
from beneficiaries.services.cases.raising import raise_cases
from staff.bulk import copy_rows

_STAGE_LINKS = """
DROP TABLE IF EXISTS pg_temp.matched_stage;
CREATE TEMP TABLE matched_stage (beneficiary_id bigint, identity_id bigint, rule text, points float8, evidence jsonb) ON COMMIT DROP
"""
_STAGE_LEFT = """
DROP TABLE IF EXISTS pg_temp.left_stage;
CREATE TEMP TABLE left_stage (beneficiary_id bigint, evidence jsonb) ON COMMIT DROP
"""
_STAGE_CANDIDATES = """
DROP TABLE IF EXISTS pg_temp.candidate_stage;
CREATE TEMP TABLE candidate_stage (beneficiary_id bigint, rank smallint, identity_id bigint, points float8, evidence jsonb) ON COMMIT DROP
"""
_LINK = """
WITH updated AS (
    UPDATE beneficiaries_beneficiary b SET identity_status = 'MATCHED', identity_id = s.identity_id
    FROM matched_stage s WHERE b.id = s.beneficiary_id AND b.identity_status IN ('UNCHECKED', 'REVIEW')
    RETURNING b.id
)
INSERT INTO beneficiaries_identitymatch (beneficiary_id, identity_id, band, rule, points, evidence, run_id, decided_at)
SELECT s.beneficiary_id, s.identity_id, 'AUTOMATIC', s.rule, s.points, s.evidence, %(run)s, %(now)s
FROM matched_stage s JOIN updated u ON u.id = s.beneficiary_id ORDER BY s.beneficiary_id
"""
_DROP_CANDIDATES = """
DELETE FROM beneficiaries_matchcandidate c WHERE NOT EXISTS (
    SELECT 1 FROM candidate_stage s WHERE s.beneficiary_id = c.beneficiary_id AND s.rank = c.rank
)
"""
_KEEP_CANDIDATES = """
INSERT INTO beneficiaries_matchcandidate AS kept (beneficiary_id, rank, identity_id, points, evidence, run_id)
SELECT beneficiary_id, rank, identity_id, points, evidence, %(run)s FROM candidate_stage ORDER BY beneficiary_id, rank
ON CONFLICT (beneficiary_id, rank) DO UPDATE
    SET identity_id = excluded.identity_id, points = excluded.points, evidence = excluded.evidence, run_id = excluded.run_id
    WHERE (kept.identity_id, kept.points, kept.evidence) IS DISTINCT FROM (excluded.identity_id, excluded.points, excluded.evidence)
"""
_LEFT_TO_PEOPLE = """
WITH open_people AS (
    UPDATE beneficiaries_beneficiary SET identity_status = 'REVIEW' WHERE identity_status = 'UNCHECKED'
    RETURNING id, unit_id, number_id, name_key, birth_year, sex
), found AS (
    SELECT b.id AS beneficiary_id, NULL::bigint AS enrolment_id, NULL::bigint AS against_id, b.unit_id,
           CASE WHEN b.number_id IS NULL THEN 'NUMBER_MISSING' WHEN r.id IS NULL THEN 'NUMBER_NOT_FOUND'
                WHEN b.birth_year IS NULL AND r.name_key = b.name_key AND r.sex = b.sex THEN 'BIRTH_MISSING'
                WHEN r.birth_year IS NULL AND r.name_key = b.name_key AND r.sex = b.sex THEN 'BIRTH_UNKNOWN_THERE'
                ELSE 'NUMBER_OF_ANOTHER' END AS reason,
           '' AS subject, coalesce(s.evidence, '[]'::jsonb) AS evidence
    FROM open_people b LEFT JOIN beneficiaries_identityrecord r ON r.number_id = b.number_id LEFT JOIN left_stage s ON s.beneficiary_id = b.id
)"""
_RENEW_CASES = """
UPDATE beneficiaries_case c SET evidence = s.evidence FROM left_stage s
WHERE c.beneficiary_id = s.beneficiary_id AND c.kind = 'IDENTITY' AND c.status IN ('OPEN', 'PROPOSED', 'ESCALATED') AND c.evidence <> s.evidence
"""
_CLOSE_CASES = """
UPDATE beneficiaries_case c SET status = 'SOLVED', decided_by_id = %(actor)s, decided_at = %(now)s, note = 'Đã khớp dữ liệu dân cư',
       solution = '', proposal = NULL, proposed_by_id = NULL
FROM beneficiaries_beneficiary b WHERE c.beneficiary_id = b.id AND c.kind = 'IDENTITY' AND c.status IN ('OPEN', 'PROPOSED', 'ESCALATED')
  AND b.identity_status = 'MATCHED'
"""


def write_links(links: Links, *, run_id: int, actor_id: int, now: datetime) -> tuple[int, int]:
    """Returns how many people were matched, and how many new cases there are. Runs in the caller's transaction."""
    given: dict[str, Any] = {"run": run_id, "now": now, "actor": actor_id}
    said = {(line["row"], line["rank"]): sentences(line) for line in links.candidates.iter_rows(named=True)}
    with connection.cursor() as cursor:
        for statement in (_STAGE_LINKS, _STAGE_LEFT, _STAGE_CANDIDATES):
            cursor.execute(statement)
        copy_rows(
            "matched_stage", ("beneficiary_id", "identity_id", "rule", "points", "evidence"), _linked(links, said)
        )
        copy_rows("left_stage", ("beneficiary_id", "evidence"), _left(links, said))
        copy_rows(
            "candidate_stage", ("beneficiary_id", "rank", "identity_id", "points", "evidence"), _shown(links, said)
        )
        cursor.execute("ANALYZE matched_stage, left_stage, candidate_stage")
        cursor.execute(_LINK, given)
        matched = cursor.rowcount
        cursor.execute(_DROP_CANDIDATES)
        cursor.execute(_KEEP_CANDIDATES, given)
    cases = raise_cases(kind=CaseKind.IDENTITY, found=_LEFT_TO_PEOPLE, given={}, now=now)
    with connection.cursor() as cursor:
        cursor.execute(_RENEW_CASES)
        cursor.execute(_CLOSE_CASES, given)
    return matched, cases


def _linked(links: Links, said: dict[tuple[int, int], list[str]]) -> list[Sequence[Any]]:
    automatic = links.decisions.filter(pl.col("band") == Band.AUTO.value)
    return [
        (
            line["row"],
            line["identity"],
            line["rule"],
            line["points"],
            _json(PROVEN.get(line["rule"]) or said[(line["row"], 1)]),
        )
        for line in automatic.iter_rows(named=True)
    ]


def _left(links: Links, said: dict[tuple[int, int], list[str]]) -> list[Sequence[Any]]:
    left = links.decisions.filter(pl.col("band") != Band.AUTO.value)
    best = {line["row"]: line for line in links.candidates.filter(pl.col("rank") == 1).iter_rows(named=True)}
    return [
        (line["row"], _json([CONFLICTS[_why(line, best.get(line["row"]))], *said.get((line["row"], 1), [])]))
        for line in left.iter_rows(named=True)
    ]


def _why(line: dict[str, Any], best: dict[str, Any] | None) -> str:
    """Whoever is too unlike to be shown is nobody to the clerk. Of whose number and name agree, the birth is what is said to be in the way."""
    if line["band"] == Band.NONE.value:
        return "NOBODY"
    same = best is not None and best["number"] == "SAME" and best["name"] in WHOLE_NAME
    if best is not None and same and best["birth"] not in YEAR_AGREES and line["conflict"] == "NUMBER_OF_ANOTHER":
        return "YEAR_DIFFERS"
    return str(line["conflict"])


def _shown(links: Links, said: dict[tuple[int, int], list[str]]) -> list[Sequence[Any]]:
    review = links.decisions.filter(pl.col("band") == Band.REVIEW.value).select("row")
    return [
        (line["row"], line["rank"], line["identity"], line["points"], _json(said[(line["row"], line["rank"])]))
        for line in links.candidates.join(review, on="row", how="semi").iter_rows(named=True)
    ]


def _json(lines: list[str]) -> str:
    return json.dumps(lines, ensure_ascii=False)
