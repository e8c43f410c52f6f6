"""Deaths only the population extract tells of: nobody registered them with us, so no funeral file opens. The family is asked about all the same."""

from datetime import datetime

from django.db import connection

from beneficiaries.models import CaseKind
from beneficiaries.services.cases.raising import raise_cases

# One live question about somebody's funeral, whoever told of the death: it has the subject that the civil registry's has, which then joins this
# one. Asked once per day of death, of whoever drew an allowance in the month they died; not where a file is open or the allowance granted.
_FOUND = """
WITH dead AS (
    SELECT DISTINCT ON (coalesce(b.same_as_id, b.id)) coalesce(b.same_as_id, b.id) AS beneficiary_id, e.id AS enrolment_id, e.unit_id, r.deceased_on,
           jsonb_build_array('Dữ liệu dân cư ghi mất ngày ' || to_char(r.deceased_on, 'DD/MM/YYYY') || '; chưa có tin đăng ký khai tử.') AS evidence
    FROM beneficiaries_life r JOIN beneficiaries_beneficiary b ON b.id = r.beneficiary_id
    JOIN beneficiaries_enrolment e ON e.beneficiary_id = b.id AND e.starts_month <= r.deceased_on
         AND (e.ended_month IS NULL OR e.ended_month > date_trunc('month', r.deceased_on))
    JOIN beneficiaries_programme p ON p.id = e.programme_id AND p.kind = 'REGULAR'
    LEFT JOIN beneficiaries_lifestatus s ON s.beneficiary_id = b.id
    WHERE r.deceased_on IS NOT NULL AND s.deceased_on IS NULL ORDER BY coalesce(b.same_as_id, b.id), e.id
), found AS (
    SELECT d.beneficiary_id, d.enrolment_id, NULL::bigint AS against_id, d.unit_id, 'FUNERAL_BY_EXTRACT' AS reason, '' AS subject, d.evidence
    FROM dead d
    WHERE NOT EXISTS (SELECT 1 FROM beneficiaries_funeralfile f JOIN beneficiaries_beneficiary o ON o.id = f.beneficiary_id
                      WHERE coalesce(o.same_as_id, o.id) = d.beneficiary_id)
      AND NOT EXISTS (SELECT 1 FROM beneficiaries_enrolment g JOIN beneficiaries_beneficiary o ON o.id = g.concerning_id
                      WHERE coalesce(o.same_as_id, o.id) = d.beneficiary_id)
      AND NOT EXISTS (SELECT 1 FROM beneficiaries_case c JOIN beneficiaries_beneficiary o ON o.id = c.beneficiary_id
                      WHERE coalesce(o.same_as_id, o.id) = d.beneficiary_id AND c.kind = 'FUNERAL'
                        AND (c.status IN ('OPEN', 'PROPOSED', 'ESCALATED') OR c.evidence = d.evidence))
)"""
_GRANTED = """
UPDATE beneficiaries_case c SET status = 'SOLVED', decided_by_id = %(actor)s, decided_at = %(now)s, note = 'Đã ghi hỗ trợ chi phí mai táng.'
WHERE c.beneficiary_id = ANY(%(people)s) AND c.kind = 'FUNERAL' AND c.reason = 'FUNERAL_BY_EXTRACT' AND c.status IN ('OPEN', 'ESCALATED')
"""


def ask_about_extract_deaths(*, now: datetime) -> int:
    """Ask about the funerals of all whose death only the extract tells of; returns the new cases. What was answered is not asked again."""
    return raise_cases(kind=CaseKind.FUNERAL, found=_FOUND, given={}, now=now)


def funeral_granted(*, people: list[int], actor_id: int, now: datetime) -> None:
    """The allowance is granted: nobody has to be asked any more. Within the caller's transaction; `people` are the dead person's records."""
    with connection.cursor() as cursor:
        cursor.execute(_GRANTED, {"people": people, "actor": actor_id, "now": now})
