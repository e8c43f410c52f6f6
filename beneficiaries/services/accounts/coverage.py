"""Account-opening coverage (tỷ lệ có tài khoản) by every break-down, and the funnel of opening, as of any day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import connection

from beneficiaries.models import HAMLET_FOLDED, Sex
from beneficiaries.services.accounts.banks import bank_name
from beneficiaries.services.accounts.who_has_accounts import ACCOUNT_OF_PERSON, AGE_BANDS, LIVE, LIVE_PEOPLE
from beneficiaries.states import AccountStatus
from staff.models import AdministrativeUnit

SMALLEST_SHOWN = 5
MERGED = "KHAC"


class BreakDown(StrEnum):
    """By what coverage is broken down."""

    DISTRICT = "district"
    COMMUNE = "commune"
    HAMLET = "hamlet"
    PROGRAMME = "programme"
    CATEGORY = "category"
    SEX = "sex"
    AGE = "age"
    BANK = "bank"
    HOLDER = "holder"


# Per break-down: key, label, and the join it needs. A person stands in several programmes and categories, and once in each.
_PARTS: dict[BreakDown, tuple[str, str, str]] = {
    BreakDown.DISTRICT: (
        "d.code",
        "d.name",
        "JOIN staff_administrativeunit c ON c.id = p.unit_id JOIN staff_administrativeunit d ON d.kind = 'DISTRICT' AND starts_with(c.path, d.path)",
    ),
    BreakDown.COMMUNE: ("c.code", "c.name", "JOIN staff_administrativeunit c ON c.id = p.unit_id"),
    BreakDown.HAMLET: (
        f"c.code || '/' || {HAMLET_FOLDED.format('b.hamlet')}",
        "concat_ws(', ', nullif(b.hamlet, ''), c.name)",  # as most of its lists write it
        "JOIN staff_administrativeunit c ON c.id = p.unit_id JOIN beneficiaries_beneficiary b ON b.id = p.person_id",
    ),
    BreakDown.PROGRAMME: (
        "g.code",
        "g.name",
        "JOIN member m USING (person_id) JOIN beneficiaries_programme g ON g.id = m.programme_id",
    ),
    BreakDown.CATEGORY: (
        "k.neutral_code",
        "CASE WHEN k.sensitive THEN 'Nhóm ' || k.neutral_code ELSE k.name END",
        "JOIN member m USING (person_id) JOIN beneficiaries_benefitcategory k ON k.id = m.category_id",
    ),
    BreakDown.SEX: ("b.sex", "b.sex", "JOIN beneficiaries_beneficiary b ON b.id = p.person_id"),
    BreakDown.AGE: (
        "band.key",
        "band.label",
        "JOIN beneficiaries_beneficiary b ON b.id = p.person_id CROSS JOIN LATERAL ({bands}) band",
    ),
    BreakDown.BANK: ("coalesce(p.bank_bin, '')", "coalesce(p.bank_bin, '')", ""),
    BreakDown.HOLDER: ("coalesce(p.holder, 'none')", "coalesce(p.holder, 'none')", ""),
}
_COUNT = f"""
WITH live AS ({LIVE_PEOPLE}), account AS ({ACCOUNT_OF_PERSON}),
p AS (SELECT live.person_id, live.unit_id, account.account_id, account.bank_bin, account.holder FROM live LEFT JOIN account USING (person_id)),
member AS (
    SELECT DISTINCT coalesce(b.same_as_id, b.id) AS person_id, e.programme_id, e.category_id
    FROM beneficiaries_enrolment e JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id
    JOIN staff_administrativeunit u ON u.id = e.unit_id AND starts_with(u.path, %(scope)s) WHERE {LIVE}
)
SELECT {{key}} AS key, mode() WITHIN GROUP (ORDER BY {{label}}) AS label, count(DISTINCT p.person_id) AS beneficiaries,
       count(DISTINCT p.person_id) FILTER (WHERE p.account_id IS NOT NULL) AS accounts,
       count(DISTINCT p.person_id) FILTER (WHERE p.holder = 'own') AS own,
       count(DISTINCT p.person_id) FILTER (WHERE p.holder = 'guardian') AS guardian,
       count(DISTINCT p.person_id) FILTER (WHERE p.holder = 'authorised') AS authorised
FROM p {{joins}} GROUP BY 1 ORDER BY 1
"""  # our own fragments
# Where every account below the unit stood on the day, by its history; of people live that day. The last of what had taken effect by then: a
# bank's list of an earlier day than the one we learned of the account on confirms it all the same.
_STEPS_OF_PEOPLE = f"""
WITH live AS ({LIVE_PEOPLE}), stood AS (
    SELECT DISTINCT ON (v.account_id) v.account_id, v.status
    FROM beneficiaries_accountevent v WHERE v.effective_on <= %(to_on)s ORDER BY v.account_id, v.id DESC
), best AS (
    SELECT DISTINCT ON (live.person_id) live.person_id, stood.status, a.last_credited_month
    FROM live JOIN beneficiaries_beneficiary b ON coalesce(b.same_as_id, b.id) = live.person_id
    JOIN beneficiaries_bankaccount a ON a.beneficiary_id = b.id JOIN stood ON stood.account_id = a.id
    ORDER BY live.person_id, array_position(ARRAY['VERIFIED', 'OPENED', 'REQUESTED', 'REFUSED', 'NEEDED', 'CLOSED'], stood.status::text),
             a.last_credited_month DESC NULLS LAST
), wish AS (
    SELECT DISTINCT ON (coalesce(b.same_as_id, b.id)) coalesce(b.same_as_id, b.id) AS person_id, s.method
    FROM beneficiaries_registrationslip s JOIN beneficiaries_beneficiary b ON b.id = s.beneficiary_id
    WHERE s.signed_on <= %(to_on)s ORDER BY coalesce(b.same_as_id, b.id), s.signed_on DESC, s.id DESC
)
SELECT live.person_id, u.code, best.last_credited_month,
       CASE WHEN best.status IN ('OPENED', 'VERIFIED', 'REQUESTED', 'REFUSED', 'NEEDED') THEN best.status
            WHEN wish.method = 'CASH' THEN 'CASH_CHOSEN' ELSE 'NOT_REACHED' END AS step
FROM live JOIN staff_administrativeunit u ON u.id = live.unit_id LEFT JOIN best USING (person_id) LEFT JOIN wish USING (person_id)
"""  # our own fragment; parameters scope, to_on
# Who was credited, as of the day: an account remembers the last month alone, told by later lists, and of months before ours nothing else is known.
_FUNNEL = f"""
SELECT step, code, count(*),
       count(*) FILTER (WHERE step IN ('OPENED', 'VERIFIED') AND (paid.person_id IS NOT NULL OR last_credited_month <= %(to_on)s))
FROM ({_STEPS_OF_PEOPLE}) people LEFT JOIN (
    SELECT DISTINCT coalesce(b.same_as_id, b.id) AS person_id
    FROM payments_payment p JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id JOIN beneficiaries_beneficiary b ON b.id = a.beneficiary_id
    WHERE p.status IN ('POSTED', 'RETURNED') AND p.credited_on <= %(to_on)s AND (p.returned_on IS NULL OR p.returned_on > %(to_on)s)
) paid USING (person_id) GROUP BY 1, 2
"""  # our own fragment
STEPS = [*(status.value for status in AccountStatus if status != AccountStatus.CLOSED), "CASH_CHOSEN", "NOT_REACHED"]
_LABELS = {
    "own": "Chính chủ",
    "guardian": "Người giám hộ, người đại diện",
    "authorised": "Người được ủy quyền",
    "none": "Chưa có tài khoản",
    "": "Chưa có tài khoản",
}


@dataclass(frozen=True)
class Covered:
    """People of one group: enrolled, with an account, and whose account it is."""

    key: str
    name: str
    beneficiaries: int
    accounts: int
    own: int
    guardian: int
    authorised: int


def coverage(*, unit: AdministrativeUnit, on: date, by: BreakDown, whole: bool) -> list[Covered]:
    """Coverage below the unit as of the end of `on`. Unless `whole`, groups under five people stand together in one row (no person is found)."""
    key, label, joins = _PARTS[by]
    statement = _COUNT.format(key=key, label=label, joins=joins.replace("{bands}", AGE_BANDS))
    rows = [
        Covered(row[0], _label(by, row[0], row[1]), *row[2:])
        for row in _rows(statement, {"scope": unit.path, "to_on": on})
    ]
    return rows if whole else merge_small(rows)


def funnel(*, unit: AdministrativeUnit, on: date) -> dict[str, int]:
    """People below the unit by the step their best account had reached by `on`, and FIRST_PAYMENT: of OPENED and VERIFIED, who was credited."""
    counted = dict.fromkeys([*STEPS, "FIRST_PAYMENT"], 0)
    for steps in funnel_by_commune(unit=unit, on=on).values():
        for step, people in steps.items():
            counted[step] += people
    return counted


def funnel_by_commune(*, unit: AdministrativeUnit, on: date) -> dict[str, dict[str, int]]:
    """The same steps for every commune below the unit that has people on the day, by its code."""
    communes: dict[str, dict[str, int]] = {}
    for step, code, people, credited in _rows(_FUNNEL, {"scope": unit.path, "to_on": on}):
        counted = communes.setdefault(code, dict.fromkeys([*STEPS, "FIRST_PAYMENT"], 0))
        counted[step] = people
        counted["FIRST_PAYMENT"] += credited
    return communes


def merge_small(rows: list[Covered]) -> list[Covered]:
    """Groups of 1 to 4 people, and the next smallest until nothing under five can be told from the total, in one row."""
    kept = sorted(rows, key=lambda row: (row.beneficiaries, row.key))
    small: list[Covered] = []
    while kept and (
        kept[0].beneficiaries < SMALLEST_SHOWN or (small and (len(small) < 2 or _sum(small) < SMALLEST_SHOWN))
    ):
        small.append(kept.pop(0))
    if not small:
        return rows
    together = Covered(
        MERGED,
        f"Các nhóm khác ({len(small)} nhóm, gộp vì có nhóm dưới {SMALLEST_SHOWN} người)",
        *(
            sum(getattr(row, name) for row in small)
            for name in ("beneficiaries", "accounts", "own", "guardian", "authorised")
        ),
    )
    return [*sorted(kept, key=lambda row: row.key), together]


def _sum(rows: list[Covered]) -> int:
    return sum(row.beneficiaries for row in rows)


def _label(by: BreakDown, key: str, label: str) -> str:
    if by == BreakDown.SEX:
        return str(Sex(key).label)
    if by == BreakDown.BANK and key:
        return bank_name(key)
    return _LABELS.get(label, label)


def _rows(statement: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())
