"""Put accounts before a person: one open case per beneficiary and reason, however often it is noticed."""

import json
from collections.abc import Collection, Iterable
from datetime import datetime

from beneficiaries.models import LIVE, Case
from beneficiaries.services.cases.raising import raise_cases

_FOUND = """
WITH said AS (
    SELECT unnest(%(people)s::bigint[]) AS id, unnest(%(evidence)s::text[])::jsonb AS evidence
), found AS (
    SELECT b.id AS beneficiary_id, NULL::bigint AS enrolment_id, NULL::bigint AS against_id, b.unit_id, %(reason)s AS reason, %(reason)s AS subject, s.evidence
    FROM said s JOIN beneficiaries_beneficiary b ON b.id = s.id
)"""


def open_account_cases(*, evidence_of: dict[int, list[str]], reason: str, now: datetime) -> int:
    """Open a case for each beneficiary id; the sentences hold no number and no other person's name. Returns how many are new."""
    given = {
        "people": list(evidence_of),
        "evidence": [json.dumps(sentences, ensure_ascii=False) for sentences in evidence_of.values()],
        "reason": reason,
    }
    return raise_cases(kind=Case.Kind.ACCOUNT, found=_FOUND, given=given, now=now)


def solve_account_cases(
    *, beneficiary_ids: Iterable[int], reasons: Collection[str], actor_id: int, now: datetime, note: str
) -> int:
    """Close the open account cases of these people that were raised for one of `reasons`. Returns how many."""
    open_ones = Case.objects.filter(
        kind=Case.Kind.ACCOUNT, reason__in=reasons, status__in=LIVE, beneficiary__in=list(beneficiary_ids)
    )
    return open_ones.update(status=Case.Status.SOLVED, decided_by_id=actor_id, decided_at=now, note=note)
