"""Put things before people: one live case per person, kind and subject, however often the same thing is noticed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from beneficiaries.models import RULES, CaseKind
from staff.services.working_days import read_working_days

# What a person rejected is not asked again while its evidence is the same: the latest case about the subject decides.
_RAISE = """, rule AS (
    SELECT * FROM unnest(%(rule_reasons)s::text[], %(rule_levels)s::text[], %(rule_due)s::date[]) AS rule (reason, level, due_on)
)
INSERT INTO beneficiaries_case (kind, beneficiary_id, enrolment_id, against_id, unit_id, reason, subject, evidence, status, level, opened_at, due_on, note)
SELECT %(case_kind)s::text, f.beneficiary_id, f.enrolment_id, f.against_id, f.unit_id, f.reason, f.subject, f.evidence, 'OPEN',
       r.level, %(raised_at)s, r.due_on, ''
FROM found f JOIN LATERAL (SELECT * FROM rule WHERE rule.reason IN (f.reason, '') ORDER BY rule.reason DESC LIMIT 1) r ON true
WHERE NOT EXISTS (  -- raised before each reason was a subject of its own
    SELECT 1 FROM beneficiaries_case c WHERE c.beneficiary_id = f.beneficiary_id AND c.kind = %(case_kind)s::text AND c.subject = ''
      AND c.reason = f.reason AND f.subject = f.reason AND c.status IN ('OPEN', 'PROPOSED', 'ESCALATED'))
AND NOT EXISTS (
    SELECT 1 FROM beneficiaries_case c
    WHERE c.beneficiary_id = f.beneficiary_id AND c.kind = %(case_kind)s::text AND c.subject = f.subject AND c.status = 'REJECTED'
      AND c.reason = f.reason AND c.evidence = f.evidence
      AND NOT EXISTS (SELECT 1 FROM beneficiaries_case later
                      WHERE later.beneficiary_id = c.beneficiary_id AND later.kind = c.kind AND later.subject = c.subject AND later.id > c.id))
ON CONFLICT DO NOTHING
"""


def raise_cases(*, kind: CaseKind, found: str, given: Mapping[str, Any], now: datetime, due: str = "r.due_on") -> int:
    """Open a case for each row of `found`, in one statement; return how many are new.

    `found` is SQL, a WITH clause whose last part is called `found` and gives beneficiary_id, enrolment_id, against_id, unit_id, reason,
    subject (text, never null) and evidence (jsonb list of sentences, without numbers of people or accounts); `given` its parameters.
    Level and due date come from `RULES`; `due` is SQL for a case whose term something else may end before (`r`: its rule, `f`: its row).
    """
    rules = [(reason, rule) for (of, reason), rule in RULES.items() if of == kind]
    today, calendar = timezone.localdate(now), read_working_days()
    parameters = {
        **given,
        "case_kind": kind,
        "raised_at": now,
        "rule_reasons": [reason for reason, _ in rules],
        "rule_levels": [rule.level for _, rule in rules],
        "rule_due": [calendar.after(today, rule.days) for _, rule in rules],
    }
    with connection.cursor() as cursor:
        cursor.execute(found + _RAISE.replace("r.due_on, ''", f"{due}, ''"), parameters)
        return int(cursor.rowcount)
