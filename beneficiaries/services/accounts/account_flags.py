"""Accounts and agents that look wrong: one account for unrelated people, many accounts for one person, one agent for many, staff as agents.

A mother with her children, or a disabled person and her carer, share an account as a matter of course and are not flagged.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from beneficiaries.linkage.names import name_key
from beneficiaries.services.accounts.account_cases import open_account_cases
from staff.models import AdministrativeUnit, User

DEPENDANTS_USUAL = 4
PRINCIPALS_USUAL = 2
ACCOUNTS_USUAL = 2
SENTENCES = {
    "OWN_OF_SEVERAL": "nhiều người cùng khai là tài khoản của chính mình",
    "MANY_DEPENDANTS": f"một tài khoản nhận thay cho hơn {DEPENDANTS_USUAL} người",
    "MANY_PRINCIPALS": f"một tài khoản của người được ủy quyền nhận cho hơn {PRINCIPALS_USUAL} người",
    "MANY_ACCOUNTS": f"một người có hơn {ACCOUNTS_USUAL} tài khoản đang dùng được",
    "AGENT_OF_MANY": f"một người được ủy quyền nhận thay hơn {PRINCIPALS_USUAL} người",
    "AGENT_IS_STAFF": "người được ủy quyền trùng họ tên với cán bộ cùng địa bàn",
}
# Of one account number: whose rows its people have. A parent with children, a carer with who is cared for is as it should be.
SHARERS = """count(DISTINCT person_id) FILTER (WHERE holder_kind = 'OWN') AS owners,
           count(DISTINCT person_id) FILTER (WHERE holder_kind IN ('GUARDIAN', 'PARENT', 'CARER', 'HEAD')) AS dependants,
           count(DISTINCT person_id) FILTER (WHERE holder_kind = 'AUTHORISED') AS principals"""
UNUSUAL = f"s.owners > 1 OR s.principals > {PRINCIPALS_USUAL} OR s.dependants > {DEPENDANTS_USUAL}"
_FLAGS = f"""
WITH held AS (
    SELECT a.id, a.number_id, a.beneficiary_id, coalesce(b.same_as_id, b.id) AS person_id, a.holder_kind
    FROM beneficiaries_bankaccount a JOIN beneficiaries_beneficiary b ON b.id = a.beneficiary_id
    WHERE a.status IN ('OPENED', 'VERIFIED')
), shared AS (
    SELECT number_id, count(DISTINCT person_id) AS people, {SHARERS}
    FROM held GROUP BY number_id HAVING count(DISTINCT person_id) > 1
), agents AS (
    SELECT p.id, p.beneficiary_id, p.name_key, coalesce(p.number_id::text, p.name_key) AS agent, b.unit_id,
           coalesce(b.same_as_id, b.id) AS person_id
    FROM beneficiaries_payeerelation p JOIN beneficiaries_beneficiary b ON b.id = p.beneficiary_id
    WHERE p.kind = 'AUTHORISED' AND (p.ended_on IS NULL OR p.ended_on > %(on)s) AND (p.valid_until IS NULL OR p.valid_until >= %(on)s)
), flags AS (
    SELECT CASE WHEN s.owners > 1 THEN 'OWN_OF_SEVERAL' WHEN s.principals > %(principals)s THEN 'MANY_PRINCIPALS' ELSE 'MANY_DEPENDANTS' END AS code,
           'n' || s.number_id AS group_key, h.beneficiary_id, s.people
    FROM shared s JOIN held h USING (number_id)
    WHERE {UNUSUAL}
    UNION
    SELECT 'MANY_ACCOUNTS', 'p' || m.person_id, m.person_id, m.accounts
    FROM (SELECT person_id, count(DISTINCT number_id) AS accounts FROM held GROUP BY person_id) m WHERE m.accounts > %(accounts)s
    UNION
    SELECT 'AGENT_OF_MANY', 'a' || md5(m.agent), g.beneficiary_id, m.people
    FROM (SELECT agent, count(DISTINCT person_id) AS people FROM agents GROUP BY agent) m JOIN agents g USING (agent) WHERE m.people > %(principals)s
    UNION
    SELECT 'AGENT_IS_STAFF', 's' || g.id, g.beneficiary_id, 1
    FROM agents g JOIN staff_administrativeunit u ON u.id = g.unit_id
    WHERE g.name_key = ANY(%(staff)s) AND EXISTS (
        SELECT 1 FROM unnest(%(staff)s::text[], %(paths)s::text[]) AS s(key, path)
        WHERE s.key = g.name_key AND (starts_with(u.path, s.path) OR starts_with(s.path, u.path)))
)
SELECT f.code, f.group_key, f.beneficiary_id, b.full_name, u.name, f.people
FROM flags f JOIN beneficiaries_beneficiary b ON b.id = f.beneficiary_id JOIN staff_administrativeunit u ON u.id = b.unit_id
WHERE starts_with(u.path, %(path)s) ORDER BY f.code, f.group_key, f.beneficiary_id
"""


@dataclass(frozen=True)
class Flagged:
    """One person in one flag. `group` is the same for people who share the account or agent; `people` counts also those out of sight."""

    code: str
    sentence: str
    group: int
    beneficiary_id: int
    full_name: str
    unit: str
    people: int


def find_flags(*, unit: AdministrativeUnit, now: datetime) -> list[Flagged]:
    """Everybody below the unit who stands in a flag; of people elsewhere only how many they are."""
    return _find(path=unit.path, now=now)


def flag_accounts(*, now: datetime) -> int:
    """Open a case for everybody flagged in the whole database, for the accountant to see. Returns the new cases."""
    opened = 0
    for code in SENTENCES:
        found = {row.beneficiary_id: [row.sentence] for row in _find(path="/", now=now) if row.code == code}
        opened += open_account_cases(evidence_of=found, reason=code, now=now)
    return opened


def _find(*, path: str, now: datetime) -> list[Flagged]:
    staff = [
        (name_key(name), unit_path)
        for name, unit_path in User.objects.filter(is_active=True, unit__isnull=False).values_list(
            "full_name", "unit__path"
        )
    ]
    given: dict[str, Any] = {
        "path": path,
        "on": timezone.localdate(now),
        "principals": PRINCIPALS_USUAL,
        "accounts": ACCOUNTS_USUAL,
        "staff": [key for key, _ in staff],
        "paths": [unit_path for _, unit_path in staff],
    }
    with connection.cursor() as cursor:
        cursor.execute(_FLAGS, given)
        rows = cursor.fetchall()
    groups: dict[str, int] = {}
    return [
        Flagged(code, SENTENCES[code], groups.setdefault(key, len(groups) + 1), pk, name, place, people)
        for code, key, pk, name, place, people in rows
    ]
