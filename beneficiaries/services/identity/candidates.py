"""Residents a clerk may mean while typing: at most five, best first, each with what speaks for and against. Every look-up is kept."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.timezone import localdate

from beneficiaries.linkage.dates import ReadDate, read_written_date
from beneficiaries.linkage.names import name_key
from beneficiaries.linkage.numbers import NumberKind, read_number
from beneficiaries.linkage.people_names import PersonName, read_name, readings
from beneficiaries.models import IDENTITY_NUMBER, CandidateLookup, IdentityNumber
from staff.encryption import search_digest
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

SHOWN = 5
PER_BRANCH = 40
YEARS_AROUND = 2
SHORTEST_KEY = 4

# From which weight on; the last takes whoever is left.
LIKENESS = ((20, "rất giống"), (10, "khá giống"), (-1_000, "ít giống"))

_COLUMNS = (
    "r.id, r.full_name, r.name_key, r.birth_date, r.birth_year, r.sex, r.hamlet, r.unit_id, r.deceased_on, r.number_id"
)
# Each branch is one index probe with a bound, whatever is typed; units are those of the scope.
_BY_NUMBER = f"""
SELECT {_COLUMNS} FROM beneficiaries_identitynumber n JOIN beneficiaries_identityrecord r ON r.number_id = n.id
WHERE n.digest = %(digest)s AND r.unit_id = ANY(%(units)s)
"""
_BY_NAME_AND_YEAR = f"""
(SELECT {_COLUMNS} FROM beneficiaries_identityrecord r
 WHERE r.birth_year = ANY(%(years)s) AND r.name_key = ANY(%(keys)s) AND r.unit_id = ANY(%(units)s) LIMIT {PER_BRANCH})
"""
_BY_BEGINNING_AND_YEAR = f"""
(SELECT {_COLUMNS} FROM beneficiaries_identityrecord r
 WHERE r.birth_year = %(year)s AND r.name_key LIKE %(beginning)s AND r.unit_id = ANY(%(units)s) LIMIT {PER_BRANCH})
"""
_BY_NAME_IN_UNITS = f"""
(SELECT found.* FROM unnest(%(units)s::bigint[]) AS u(id) CROSS JOIN LATERAL (
    SELECT {_COLUMNS} FROM beneficiaries_identityrecord r WHERE r.unit_id = u.id AND r.name_key = ANY(%(keys)s) LIMIT {SHOWN}) found
 LIMIT {PER_BRANCH})
"""
_BY_BEGINNING_IN_UNITS = f"""
(SELECT found.* FROM unnest(%(units)s::bigint[]) AS u(id) CROSS JOIN LATERAL (
    SELECT {_COLUMNS} FROM beneficiaries_identityrecord r WHERE r.unit_id = u.id AND r.name_key LIKE %(beginning)s LIMIT {SHOWN}) found
 LIMIT {PER_BRANCH})
"""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form so far, as typed; `number` only counts when it is whole."""

    name: str = field(default="", repr=False)
    birth: str = field(default="", repr=False)
    number: str = field(default="", repr=False)


class _Row(NamedTuple):
    id: int
    full_name: str
    name_key: str
    birth_date: date | None
    birth_year: int | None
    sex: str
    hamlet: str
    unit_id: int
    deceased_on: date | None
    number_id: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """One resident and the evidence as sentences; no number is ever given back."""

    identity_id: int
    full_name: str = field(repr=False)
    birth_date: date | None = field(repr=False)
    birth_year: int | None = field(repr=False)
    sex: str
    hamlet: str
    unit_id: int
    place: str
    deceased: bool
    evidence: list[str]
    weight: int = field(repr=False)

    @property
    def likeness(self) -> str:
        """The weight in words: a whole number, or a whole name and a whole date, is a strong likeness."""
        return next(words for least, words in LIKENESS if self.weight >= least)


@transaction.atomic
def find_candidates(
    *, typed: Typed, unit: AdministrativeUnit, purpose: str, actor: User, now: datetime
) -> list[Candidate]:
    """At most five residents of `unit` and below; nothing outside the actor's scope is looked at. Who asked, why and who was shown is kept.

    Raises `NotAllowed`. Too little typed gives nobody. At 750,000 residents p95 in PostgreSQL is 3.4 ms over a province, 0.4 ms in a
    commune (`python -m benches.candidates`, two cores at a load of 12).
    """
    require(actor, Right.FIND_RESIDENTS, unit=unit)
    name = read_name(typed.name)
    birth = read_written_date(typed.birth, latest=localdate(now)) if typed.birth else None
    number = read_number(typed.number)
    digest = search_digest(number.digits, purpose=IDENTITY_NUMBER) if number.kind is NumberKind.PERSONAL else None
    query, values = candidate_query(name=name, birth_year=birth.year if birth else None, digest=digest, unit=unit)
    rows: list[_Row] = []
    if query:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            rows = [_Row(*row) for row in cursor.fetchall()]
    by_number = _number_id(digest)
    names = dict(AdministrativeUnit.objects.filter(pk__in={row.unit_id for row in rows}).values_list("pk", "name"))
    weighed = [
        _weigh(row, name=name, birth=birth, digest=digest, by_number=by_number, commune=names[row.unit_id])
        for row in {row.id: row for row in rows}.values()
    ]
    best = sorted(weighed, key=lambda one: (-one.weight, one.full_name, one.identity_id))[:SHOWN]
    CandidateLookup.objects.create(
        actor=actor, unit=unit, purpose=purpose, looked_at=now, shown=[one.identity_id for one in best]
    )
    return best


def candidate_query(
    *, name: PersonName, birth_year: int | None, digest: bytes | None, unit: AdministrativeUnit
) -> tuple[str, dict[str, Any]]:
    """The one statement that finds the rows to weigh, and its values; ("", {}) when too little is known."""
    keys = _keys(name)
    units = list(AdministrativeUnit.objects.filter(path__startswith=unit.path).values_list("pk", flat=True))
    branches = [_BY_NUMBER] if digest else []
    if keys and birth_year:
        branches += [_BY_NAME_AND_YEAR, _BY_BEGINNING_AND_YEAR]
    elif keys:
        branches += [_BY_NAME_IN_UNITS, _BY_BEGINNING_IN_UNITS]
    values = {
        "digest": digest,
        "units": units,
        "keys": keys,
        "beginning": f"{keys[0]}%" if keys else "",
        "year": birth_year,
        "years": [birth_year + offset for offset in range(-YEARS_AROUND, YEARS_AROUND + 1)] if birth_year else [],
    }
    return "\nUNION ALL\n".join(branches), values if branches else {}


def _keys(name: PersonName) -> list[str]:
    """Keys the person may have: as typed, abbreviations opened, words the other way round, what was read as a title being the surname."""
    if len(name.key) < SHORTEST_KEY:
        return []
    keys = [name_key(reading) for reading in readings(name)]
    words = name.words
    if 2 <= len(words) <= 5:
        keys += [name_key(" ".join(words[1:] + words[:1])), name_key(" ".join(words[-1:] + words[:-1]))]
    return list(dict.fromkeys([*keys, _key_with_title(name)]))


def _key_with_title(name: PersonName) -> str:
    return name_key(f"{name.title} {name.text}")


def _number_id(digest: bytes | None) -> int | None:
    return IdentityNumber.objects.filter(digest=digest).values_list("pk", flat=True).first() if digest else None


def _weigh(
    row: _Row, *, name: PersonName, birth: ReadDate | None, digest: bytes | None, by_number: int | None, commune: str
) -> Candidate:
    """`by_number`: of which number; none is said as another is, or the look-up would tell that somebody outside the scope has it (I13)."""
    said: list[tuple[int, str]] = []
    if digest:
        said.append((20, "số định danh trùng") if row.number_id == by_number else (-4, "số định danh khác"))
    if name.key:
        said.append(_name_evidence(row, name))
    if birth:
        said.append(_birth_evidence(row, birth))
    if row.deceased_on:
        said.append((0, f"dữ liệu dân cư ghi đã mất ngày {row.deceased_on:%d/%m/%Y}"))
    return Candidate(
        identity_id=row.id, full_name=row.full_name, birth_date=row.birth_date, birth_year=row.birth_year, sex=row.sex, hamlet=row.hamlet,
        unit_id=row.unit_id, place=", ".join(part for part in (row.hamlet, commune) if part), deceased=row.deceased_on is not None,
        evidence=[sentence for _, sentence in said],
        weight=sum(points for points, _ in said),
    )  # fmt: skip


def _name_evidence(row: _Row, name: PersonName) -> tuple[int, str]:
    if row.name_key == name.key:
        return (
            (10, "họ tên trùng") if row.full_name.casefold() == name.text.casefold() else (9, "họ tên trùng, khác dấu")
        )
    if name.title and row.name_key == _key_with_title(name):
        return 9, "họ tên trùng, khác dấu"
    if name.is_abbreviated and row.name_key in {name_key(reading) for reading in readings(name)}:
        return 7, "họ tên khớp với tên viết tắt"
    if sorted(read_name(row.full_name).tokens) == sorted(name.tokens):
        return 7, "họ tên trùng, khác thứ tự"
    if row.name_key.startswith(name.key):
        return 5, "họ tên bắt đầu giống"
    return -5, "họ tên khác"


def _birth_evidence(row: _Row, birth: ReadDate) -> tuple[int, str]:
    if row.birth_date and birth.full == row.birth_date and birth.precision == "DAY":
        return 12, "ngày sinh trùng"
    if row.birth_date and birth.swapped == row.birth_date:
        return 8, "ngày sinh trùng khi đổi chỗ ngày và tháng"
    if row.birth_year == birth.year:
        return 5, "năm sinh trùng"
    if row.birth_year and abs(row.birth_year - birth.year) <= YEARS_AROUND:
        return -1, f"năm sinh lệch {abs(row.birth_year - birth.year)} năm"
    return -6, "năm sinh khác"
