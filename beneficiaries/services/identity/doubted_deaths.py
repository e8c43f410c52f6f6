"""A death of the resident somebody is only suspected to be is asked about, and weighed once it is clear who they are (ADR 55)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from beneficiaries.models import CaseKind
from beneficiaries.services.cases.raising import raise_cases
from beneficiaries.services.identity.left_in_cash import close_those_found

WEIGH_AGAIN = -1  # in `LifeEventSettlement.people`: whom the message is about may be answered otherwise now
CLEAR_NOW = "Đã rõ người hưởng là ai; dữ liệu dân cư ghi còn sống"

# Asked once per day of death: what a person found out is not asked again.
_FOUND = """
WITH found AS (
    SELECT d.beneficiary_id, NULL::bigint AS enrolment_id, NULL::bigint AS against_id, d.unit_id, 'DEATH_IN_DOUBT' AS reason, 'DEATH_IN_DOUBT' AS subject,
           d.evidence
    FROM (
        SELECT b.id AS beneficiary_id, b.unit_id,
               jsonb_build_array('Dữ liệu dân cư ghi người đã đối khớp mất ngày ' || to_char(r.deceased_on, 'DD/MM/YYYY')
                                 || '; thông tin có sai lệch, chưa chắc đó là người hưởng.') AS evidence
        FROM beneficiaries_beneficiary b JOIN beneficiaries_identityrecord r ON r.id = b.identity_id
        LEFT JOIN beneficiaries_lifestatus s ON s.beneficiary_id = b.id
        WHERE b.identity_status = 'CONFLICT' AND r.deceased_on IS NOT NULL AND s.deceased_on IS NULL
          AND (%(people)s::bigint[] IS NULL OR b.id = ANY(%(people)s))
          AND r.deceased_on IS DISTINCT FROM s.not_deceased_on
          AND EXISTS (SELECT 1 FROM beneficiaries_enrolment e WHERE e.beneficiary_id = b.id AND e.ended_month IS NULL)
    ) d
    WHERE NOT EXISTS (SELECT 1 FROM beneficiaries_case c WHERE c.beneficiary_id = d.beneficiary_id AND c.kind = 'DECEASED'
                      AND c.subject = 'DEATH_IN_DOUBT' AND c.evidence = d.evidence AND c.note <> %(clear)s)
)"""
_CLOSE = """
UPDATE beneficiaries_case c SET status = 'SOLVED', decided_by_id = %(actor)s, decided_at = %(now)s, note = %(clear)s, document = 'Dữ liệu dân cư'
FROM beneficiaries_beneficiary b LEFT JOIN beneficiaries_identityrecord r ON r.id = b.identity_id
WHERE c.beneficiary_id = b.id AND b.id = ANY(%(people)s) AND c.kind = 'DECEASED' AND c.subject = 'DEATH_IN_DOUBT'
  AND c.status IN ('OPEN', 'ESCALATED') AND b.identity_status = 'MATCHED' AND r.deceased_on IS NULL
"""
# Of the resident they are, and of those they were taken for before: a death that came by such a one is not theirs any more.
_WEIGH_AGAIN = """
UPDATE beneficiaries_lifeeventsettlement s SET people = %(again)s
FROM beneficiaries_lifeevent e
WHERE s.event_id = e.id AND e.number_id IN (
    SELECT r.number_id FROM beneficiaries_identityrecord r
    WHERE r.id IN (SELECT identity_id FROM beneficiaries_beneficiary WHERE id = ANY(%(people)s)
                   UNION ALL SELECT identity_id FROM beneficiaries_identitymatch WHERE beneficiary_id = ANY(%(people)s)))
"""


def ask_about_doubted_deaths(*, now: datetime, people: Collection[int] | None = None) -> int:
    """Ask about everyone, or these people, whose doubtful resident is recorded dead; returns the new cases. Their money goes on."""
    return raise_cases(
        kind=CaseKind.DECEASED,
        found=_FOUND,
        given={"clear": CLEAR_NOW, "people": None if people is None else list(people)},
        now=now,
    )


def follow_identities(*, people: Collection[int], actor_id: int, now: datetime) -> None:
    """After it was said who these people are, or that it is not clear: deaths of their residents are weighed again, asked about or settled."""
    given: dict[str, Any] = {
        "people": list(people),
        "again": WEIGH_AGAIN,
        "clear": CLEAR_NOW,
        "actor": actor_id,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WEIGH_AGAIN, given)
        cursor.execute(_CLOSE, given)
    close_those_found(people=people, actor_id=actor_id, now=now)
    ask_about_doubted_deaths(people=people, now=now)
