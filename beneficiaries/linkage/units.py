"""Which commune of today a name on an old or new list means. 779 short names are shared, so a name is resolved only within a province."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from beneficiaries.linkage.names import name_key
from beneficiaries.linkage.spelling import tidy
from staff.national_units import Commune, national_units

_KIND_WORD = re.compile(
    r"^(?:(?P<ward>phường|phuong|p\.|p(?=\d))|(?P<commune>xã|xa|x\.)|(?P<town>thị trấn|thi tran|tt\.|tt(?=\s))|(?P<zone>đặc khu|dac khu|đk\.))\s*",
    re.IGNORECASE,
)
_KIND_KEYS = {"ward": "phuong", "commune": "xa", "town": "thitran", "zone": "dackhu"}
_DISTRICT_WORD = re.compile(
    r"^(?:quận|quan|q\.|huyện|huyen|h\.|thị xã|thi xa|tx\.|thành phố|thanh pho|tp\.)\s*", re.IGNORECASE
)
_LETTERS_AND_DIGITS = re.compile(r"\d+")


class Outcome(StrEnum):
    """FOUND names one commune of today, AMBIGUOUS several (`candidates`), UNKNOWN none."""

    FOUND = "FOUND"
    AMBIGUOUS = "AMBIGUOUS"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Resolution:
    """`former`: the name is that of a unit before 1 July 2025, and `candidates` are its successors."""

    outcome: Outcome
    candidates: tuple[Commune, ...]
    former: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: str
    district: str
    successors: tuple[str, ...]


def resolve_commune(name: str, *, province: str, district: str = "") -> Resolution:
    """The commune of today meant by `name` in `province` (code since 2025, or `01@2024` for one before it).

    A former district narrows a former name down. A kind word (P., xã, TT) decides between a ward and a commune of one name, but one that
    fits no unit is ignored: wards became communes and back. Units of today come first.
    """
    kind, key = _kind_and_key(name)
    today, before = _by_name(province)
    if not district and (current := _fitting(today.get(key, ()), kind)):
        return _resolution(current, former=False)
    former = before.get(key, ())
    if district:
        wanted = _district_key(district)
        former = tuple(entry for entry in former if entry.district == wanted)
    if found := _fitting(former, kind):
        return _resolution(found, former=True)
    if district and (current := _fitting(today.get(key, ()), kind)):
        return _resolution(current, former=False)
    return Resolution(Outcome.UNKNOWN, ())


def _resolution(entries: tuple[_Entry, ...], *, former: bool) -> Resolution:
    communes = national_units().communes
    codes = dict.fromkeys(code for entry in entries for code in entry.successors)
    outcome = Outcome.FOUND if len(codes) == 1 else Outcome.AMBIGUOUS
    return Resolution(outcome, tuple(communes[code] for code in codes), former=former)


def _fitting(entries: tuple[_Entry, ...], kind: str) -> tuple[_Entry, ...]:
    return tuple(entry for entry in entries if entry.kind == kind) or entries


def _kind_and_key(name: str) -> tuple[str, str]:
    plain = tidy(name)
    found = _KIND_WORD.match(plain)
    kind = _KIND_KEYS[found.lastgroup] if found and found.lastgroup else ""
    return kind, unit_key(plain[found.end() :] if found else plain)


def unit_key(name: str) -> str:
    """Folded letters and numbers without leading zeros: Phường 08 is Phường 8."""
    numbers = "".join(str(int(number)) for number in _LETTERS_AND_DIGITS.findall(name))
    return name_key(name) + numbers


def _district_key(name: str) -> str:
    return unit_key(_DISTRICT_WORD.sub("", tidy(name)))


@cache
def _by_name(province: str) -> tuple[Mapping[str, tuple[_Entry, ...]], Mapping[str, tuple[_Entry, ...]]]:
    """Entries by folded short name: communes of today, and communes before the reform."""
    units = national_units()
    today: dict[str, list[_Entry]] = defaultdict(list)
    before: dict[str, list[_Entry]] = defaultdict(list)
    code, _, old = province.partition("@")
    wanted = units.former_provinces[code].successor if old else code
    for commune in units.communes.values():
        if commune.province == wanted:
            kind, key = _kind_and_key(commune.name)
            today[key].append(_Entry(kind, "", (commune.code,)))
    for former in units.former_communes.values():
        above = units.province_of_former(former)
        if (above.code == code) if old else (above.successor == wanted):
            kind, key = _kind_and_key(former.name)
            district = _district_key(units.former_districts[former.district].name)
            before[key].append(_Entry(kind, district, former.successors))
    return _frozen(today), _frozen(before)


def _frozen(entries: dict[str, list[_Entry]]) -> Mapping[str, tuple[_Entry, ...]]:
    return {key: tuple(found) for key, found in entries.items()}
