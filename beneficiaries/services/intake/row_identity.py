"""Rows of lists that give no code: each finds the enrolment it was before, or gets a code that it will find again. Nothing is guessed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from beneficiaries.linkage.names import name_key
from beneficiaries.models import IDENTITY_NUMBER, BenefitCategory, Enrolment, Programme
from beneficiaries.parsers.registry import RegistryEntry
from beneficiaries.services.corrections.former import former_states
from staff.encryption import search_digest
from staff.models import AdministrativeUnit

PURPOSE = "registry-row"
DIGITS = 12
Person = tuple[str, int | None, str]  # name key, birth year, sex


@dataclass(frozen=True)
class _Known:
    code: str
    digest: bytes | None
    person: Person
    born: date | None

    def is_of(self, digest: bytes | None) -> bool:
        """Whether a row that names the same person, with this number or none, may be this enrolment."""
        return digest is None or self.digest is None


@dataclass(frozen=True)
class _Former(_Known):
    """As it stood before a correction. What was put right is no way to somebody else: a number that was taken back leads nowhere by itself."""

    now: bytes | None

    def is_of(self, digest: bytes | None) -> bool:
        return digest is None or digest in (self.digest, self.now) or (self.digest is None and self.now is None)


def give_codes(entries: Sequence[RegistryEntry], *, unit: AdministrativeUnit) -> None:
    """Put a code on every entry of a list without the column, from the enrolments of `unit`; what is not certain is an error of the row.

    Within one programme (one category, where several may be held) a row is an enrolment known before by the same number, else by the
    same name, birth year and sex where one of the two has no number. More than one such enrolment, or another number beside the same name
    and full birth date, is a question for the sender: neither is anybody enrolled twice nor a twin taken for the other. A row that is new
    gets a code made of a keyed digest of who it is, so the same list again, or half of it, adds nobody.
    """
    several = set(Programme.objects.filter(several_grounds=True).values_list("code", flat=True))
    known = _known(entries, unit=unit, several=several)
    held = {one.code for index in known.values() for ones in index.values() for one in ones}
    taken: set[str] = set()
    for entry in entries:
        ground = _ground(entry.programme, entry.category, several=several)
        code = _find(entry, known[ground])
        if code is None:
            continue
        code = code or _new_code(entry, ground=ground, unit=unit, held=held)
        if code in taken:
            entry.wrong(
                "name",
                "ROW_REPEATED",
                "Dòng này trùng một dòng trên (cùng người, cùng chính sách); nếu là hai người, mời ghi số định danh hoặc mã hồ sơ hưởng.",
                fatal=True,
            )
            continue
        taken.add(code)
        entry.code = code


def _ground(programme: str, category: str, *, several: set[str]) -> str:
    return f"{programme}/{category}" if programme in several else programme


def _known(
    entries: Iterable[RegistryEntry], *, unit: AdministrativeUnit, several: set[str]
) -> dict[str, dict[object, list[_Known]]]:
    """By ground, the enrolments of the unit by number's digest and by person."""
    codes = dict(BenefitCategory.objects.values_list("pk", "neutral_code"))
    found: dict[str, dict[object, list[_Known]]] = defaultdict(lambda: defaultdict(list))
    enrolments = Enrolment.objects.filter(unit=unit, programme__code__in={entry.programme for entry in entries})
    for code, programme, category, digest, key, year, sex, born in enrolments.order_by("pk").values_list(
        "code", "programme__code", "category", "beneficiary__number__digest", "beneficiary__name_key",
        "beneficiary__birth_year", "beneficiary__sex", "beneficiary__birth_date",
    ):  # fmt: skip
        one = _Known(code=code, digest=bytes(digest) if digest else None, person=(key, year, sex), born=born)
        index = found[_ground(programme, codes[category], several=several)]
        index[one.person].append(one)
        if one.digest:
            index[one.digest].append(one)
    for former in former_states(enrolments):
        person = (former.name_key, former.birth_year, former.sex)
        one = _Former(
            code=former.code, digest=former.digest, person=person, born=former.birth_date, now=former.digest_now
        )
        found[_ground(former.programme, codes[former.category_id], several=several)][person].append(one)
    return found


def _find(entry: RegistryEntry, known: dict[object, list[_Known]]) -> str | None:
    """The code of the enrolment this row is, "" for a new one, None when the row says too little (its error is noted)."""
    digest = search_digest(entry.number, purpose=IDENTITY_NUMBER) if entry.number else None
    same = list(known.get(digest, ())) if digest else []
    alike = known.get(_person(entry), ())
    if not same:
        same = [one for one in alike if one.is_of(digest)]
    found = {one.code for one in same}
    if len(found) == 1:
        return found.pop()
    if found:
        entry.wrong(
            "name",
            "ROW_AMBIGUOUS",
            "Có nhiều hồ sơ giống dòng này; mời ghi số định danh hoặc mã hồ sơ hưởng.",
            fatal=True,
        )
        return None
    full = entry.birth.full if entry.birth else None
    if full and any(one.born == full for one in alike):
        entry.wrong(
            "number",
            "NUMBER_DIFFERS",
            "Đã có hồ sơ cùng họ tên, ngày sinh nhưng số định danh khác; mời kiểm tra số, hoặc ghi mã hồ sơ hưởng.",
            fatal=True,
        )
        return None
    return ""


def _person(entry: RegistryEntry) -> Person:
    return name_key(entry.name), entry.birth.year if entry.birth else None, entry.sex


def _new_code(entry: RegistryEntry, *, ground: str, unit: AdministrativeUnit, held: set[str]) -> str:
    """A number typed for somebody else, and taken back since, has made a code that is theirs: then the name tells them apart."""
    born = str(entry.birth.full or entry.birth.year) if entry.birth else ""
    by_name = "|".join((name_key(entry.name), born, entry.sex, entry.hamlet.casefold()))
    code = _code_of(entry.number or by_name, ground=ground, unit=unit)
    return _code_of(f"{entry.number}|{by_name}", ground=ground, unit=unit) if code in held else code


def _code_of(who: str, *, ground: str, unit: AdministrativeUnit) -> str:
    said = search_digest("|".join((unit.code, ground, who)), purpose=PURPOSE).hex()
    return f"{unit.code}-{said[:DIGITS].upper()}"
