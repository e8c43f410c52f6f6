"""Records of one grant that two people of the office made for one person: no list may carry both, so somebody decides which one stands."""

from datetime import datetime

from beneficiaries.models import CaseKind
from beneficiaries.services.cases.raising import raise_cases

TWICE = "GRANTED_TWICE"
# Standing records, of which not both have arrived: what is paid twice already is for a recovery. The later one is asked about.
_FOUND = f"""
WITH standing AS (
    SELECT e.id, e.code, e.beneficiary_id, e.unit_id,
           EXISTS (SELECT 1 FROM payments_entitlement t JOIN payments_payment q ON q.id = t.payment_id
                   WHERE t.enrolment_id = e.id AND q.status = 'POSTED') AS arrived,
           e.programme_id, coalesce(r.identity_id::text, 'r' || r.id) AS person
    FROM beneficiaries_programme p JOIN beneficiaries_enrolment e ON e.programme_id = p.id
    JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id JOIN beneficiaries_beneficiary r ON r.id = coalesce(b.same_as_id, b.id)
    WHERE p.kind = 'ONE_OFF' AND e.moved_to_id IS NULL AND e.ended_month > e.starts_month AND coalesce(e.suspended_month > e.starts_month, true)
), twice AS (
    SELECT s.*, first_value(id) OVER one_person AS first_id, bool_and(arrived) OVER (PARTITION BY programme_id, person) AS all_arrived
    FROM standing s WINDOW one_person AS (PARTITION BY programme_id, person ORDER BY arrived DESC, id)
), found AS (
    SELECT beneficiary_id, id AS enrolment_id, first_id AS against_id, unit_id, '{TWICE}' AS reason, code AS subject, '[]'::jsonb AS evidence
    FROM twice WHERE id <> first_id AND NOT all_arrived
)"""


def ask_about_grants_twice(*, now: datetime) -> int:
    """A case for each record too many; returns how many are new. Lists refuse both meanwhile (`SAME_PERSON`)."""
    return raise_cases(kind=CaseKind.DUPLICATE, found=_FOUND, given={}, now=now)
