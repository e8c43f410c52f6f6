"""Nobody is paid in hand for good only because a question about who they are was closed without an answer: somebody is asked to go on."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from beneficiaries.models import Case
from beneficiaries.services.cases.raising import raise_cases

UNSETTLED = "IDENTITY_UNSETTLED"
SETTLED = "Đã xác định được người hưởng"

# People whose identity nobody settled and nobody is asked about, with no account money ever reached. Asked at once when a question was closed,
# and anew when this was answered, after as many days as a verdict is good for.
_FOUND = f"""
WITH found AS (
    SELECT b.id AS beneficiary_id, NULL::bigint AS enrolment_id, NULL::bigint AS against_id, b.unit_id, '{UNSETTLED}' AS reason,
           '{UNSETTLED}' AS subject,
           jsonb_build_array('Việc xác minh đã khép lại ngày ' || to_char(c.decided_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY')
                             || ' mà chưa xác định được người; đang nhận tiền mặt.') AS evidence
    FROM beneficiaries_beneficiary b
    JOIN LATERAL (SELECT max(decided_at) AS decided_at FROM beneficiaries_case c
                  WHERE c.beneficiary_id = b.id AND (c.kind = 'IDENTITY' OR c.kind = 'ACCOUNT' AND c.subject = '{UNSETTLED}')
                    AND c.status IN ('SOLVED', 'REJECTED')) c ON c.decided_at IS NOT NULL
    WHERE b.identity_status IN ('REVIEW', 'CONFLICT', 'NOT_FOUND') AND (%(person)s::bigint IS NULL OR b.id = %(person)s)
      AND EXISTS (SELECT 1 FROM beneficiaries_enrolment e WHERE e.beneficiary_id = b.id AND e.ended_month IS NULL)
      AND NOT EXISTS (SELECT 1 FROM beneficiaries_bankaccount a WHERE a.beneficiary_id = b.id AND a.last_credited_month IS NOT NULL)
      AND coalesce((SELECT s.method FROM beneficiaries_registrationslip s WHERE s.beneficiary_id = b.id
                    ORDER BY s.signed_on DESC, s.id DESC LIMIT 1), '') <> 'CASH'
      AND NOT EXISTS (SELECT 1 FROM beneficiaries_case l WHERE l.beneficiary_id = b.id AND l.kind = 'IDENTITY'
                      AND l.status IN ('OPEN', 'PROPOSED', 'ESCALATED'))
      AND NOT EXISTS (SELECT 1 FROM beneficiaries_case k WHERE k.beneficiary_id = b.id AND k.kind = 'ACCOUNT' AND k.subject = '{UNSETTLED}'
                      AND k.decided_at > %(since)s)
)"""
_CLOSE = f"""
UPDATE beneficiaries_case c SET status = 'SOLVED', decided_by_id = %(actor)s, decided_at = %(now)s, note = %(settled)s
FROM beneficiaries_beneficiary b
WHERE c.beneficiary_id = b.id AND c.kind = 'ACCOUNT' AND c.subject = '{UNSETTLED}' AND c.status IN ('OPEN', 'ESCALATED')
  AND b.identity_status = 'MATCHED' AND b.id = ANY(%(people)s)
"""


def ask_about_left_in_cash(*, now: datetime, beneficiary_id: int | None = None) -> int:
    """Ask about everybody, or one person; returns the new cases. Nobody's money waits for it."""
    since = now - timedelta(days=settings.IDENTITY_REASK_DAYS)
    return raise_cases(kind=Case.Kind.ACCOUNT, found=_FOUND, given={"person": beneficiary_id, "since": since}, now=now)


def close_those_found(*, people: Collection[int], actor_id: int, now: datetime) -> int:
    """Whoever of these people is matched now is asked about no more. Returns how many cases."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"people": list(people), "actor": actor_id, "now": now, "settled": SETTLED})
        return int(cursor.rowcount)
