"""What a ward types for a person, with the errors people make."""

import unicodedata

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benches.matching.profiles import SLOPPY_TIMES, Profile
from benches.matching.residents import Ints, Residents

_EARLIER_TONES = (("òa", "oà"), ("óa", "oá"), ("ỏa", "oả"), ("õa", "oã"), ("ọa", "oạ"), ("ùy", "uỳ"), ("úy", "uý"), ("ủy", "uỷ"), ("ụy", "uỵ"))  # fmt: skip
_TONES = "\u0300\u0301\u0303\u0309\u0323"


class Typist:
    """Types rows; every error is drawn from the profile."""

    def __init__(
        self,
        *,
        rng: np.random.Generator,
        profile: Profile,
        people: Residents,
        gone: NDArray[np.bool_],
        old_wards: list[list[int]],
    ) -> None:
        self._rng, self._profile, self._people, self._gone, self._old_wards = rng, profile, people, gone, old_wards

    def type_rows(self, who: Ints) -> pl.DataFrame:
        """name, birth, sex, number, unit, hamlet as text, and the defects put into each row."""
        people, profile, rng = self._people, self._profile, self._rng
        sloppy = rng.random(len(who)) < profile.sloppy
        calm = (1 - profile.sloppy * SLOPPY_TIMES) / (1 - profile.sloppy)
        factor = np.where(sloppy, SLOPPY_TIMES, calm)
        number_kind, birth_kind, name_kind = (
            self._kinds(rates, factor) for rates in (profile.number, profile.birth, profile.spelling)
        )
        born = people.born[who].astype("datetime64[D]").astype(str)
        numbers = [self._number(int(person), kind) for person, kind in zip(who, number_kind, strict=True)]
        births = [self._birth(day, kind) for day, kind in zip(born, birth_kind, strict=True)]
        names = [self._name(people.names[name], kind) for name, kind in zip(people.name[who], name_kind, strict=True)]
        female = people.female[who] ^ (rng.random(len(who)) < profile.sex_wrong)
        units, hamlets = self._places(who)
        return pl.DataFrame(
            {
                "name": names,
                "birth": births,
                "sex": ["Nữ" if one else "Nam" for one in female],
                "number": numbers,
                "unit": units,
                "hamlet": hamlets,
                "defects": [
                    f"number:{n} birth:{b} name:{s}" for n, b, s in zip(number_kind, birth_kind, name_kind, strict=True)
                ],
            }
        )

    def _kinds(self, rates: dict[str, float], factor: NDArray[np.float64]) -> list[str]:
        kinds = [*rates, "plain"]
        edges = np.cumsum(list(rates.values()))
        return [kinds[int(at)] for at in np.searchsorted(edges, self._rng.random(len(factor)) / factor, side="right")]

    def _places(self, who: Ints) -> tuple[list[str], list[str]]:
        people, profile, rng = self._people, self._profile, self._rng
        communes = int(people.commune.max()) + 1
        commune = people.commune[who].copy()
        moved = rng.random(len(who)) < profile.elsewhere
        commune[moved] = rng.integers(0, communes, size=int(moved.sum()))
        old = rng.random(len(who)) < profile.old_ward
        units = [
            f"P{rng.choice(self._old_wards[place])}" if former else f"X{place}"
            for place, former in zip(commune, old, strict=True)
        ]
        hamlet = people.hamlet[who].copy()
        other = moved | (rng.random(len(who)) < profile.hamlet_other)
        hamlet[other] = rng.integers(0, 12, size=int(other.sum()))
        missing = rng.random(len(who)) < profile.hamlet_missing
        return units, ["" if gone else f"Thôn {nth + 1}" for nth, gone in zip(hamlet, missing, strict=True)]

    def _number(self, person: int, kind: str) -> str:
        rng, people = self._rng, self._people
        number = int(people.number[person])
        digits = f"{number:012d}"
        if kind == "missing":
            return ""
        if kind == "old_card":
            return f"97{int(rng.integers(10**7)):07d}"
        if kind == "sci":
            return f"{number:.2E}"
        if kind == "zero_lost":
            return str(number)
        if kind == "spaced":
            return " ".join((digits[:3], digits[3:6], digits[6:9], digits[9:]))
        if kind == "others":
            twin = int(people.twin[person])
            other = twin if twin >= 0 else self._stranger(person)
            return f"{int(people.number[other]):012d}"
        if kind == "digit":
            at = int(rng.integers(3, 12))
            return digits[:at] + str((int(digits[at]) + int(rng.integers(1, 10))) % 10) + digits[at + 1 :]
        if kind == "swapped":
            at = int(rng.integers(3, 11))
            return digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
        return digits

    def _stranger(self, person: int) -> int:
        while True:
            other = int(self._rng.integers(0, len(self._people.born)))
            if other != person and not self._gone[other]:
                return other

    def _birth(self, day: str, kind: str) -> str:
        year, month, date = day.split("-")
        if kind == "short":
            return f"{int(date)}/{int(month)}/{year}"
        if kind == "year":
            return year
        if kind == "packed":
            return f"{date}{month}{year}"
        if kind == "default":
            return f"01/01/{year}"
        if kind == "swapped" and int(date) <= 12:
            return f"{month}/{date}/{year}"
        if kind == "day":
            return f"{int(self._rng.integers(1, 28)):02d}/{month}/{year}"
        if kind == "year_typed":
            return f"{date}/{month}/{int(year) + int(self._rng.choice([-10, -1, 1]))}"
        return f"{date}/{month}/{year}"

    def _name(self, name: str, kind: str) -> str:
        words = name.split()
        if kind == "upper":
            return name.upper()
        if kind == "no_marks":
            return _without(name).translate(str.maketrans("đĐ", "dD"))
        if kind == "tone_lost":
            at = int(self._rng.integers(len(words)))
            return " ".join([*words[:at], _without(words[at], only=_TONES), *words[at + 1 :]])
        if kind == "nfd":
            return unicodedata.normalize("NFD", name)
        if kind == "spaces":
            return " " + name.replace(" ", "  ", 1) + " "
        if kind == "tone":
            for one, other in _EARLIER_TONES:
                name = name.replace(one, other)
            return name
        if kind == "joined":
            return name.replace(" ", "", 1)
        if kind == "eth":
            return name.replace("Đ", "Ð")
        if kind == "turned" and len(words) > 1:
            return " ".join([words[-1], *words[:-1]])
        if kind == "abbreviated" and len(words) > 2:
            return " ".join([words[0], words[1][0] + ".", *words[2:]])
        if kind == "middle_lost" and len(words) > 2:
            return f"{words[0]} {words[-1]}"
        if kind == "letter":
            at = int(self._rng.integers(1, len(name)))
            return name[:at] + str(self._rng.choice(list("aeghinotu"))) + name[at + 1 :]
        return name


def _without(text: str, *, only: str | None = None) -> str:
    kept = (c for c in unicodedata.normalize("NFD", text) if not (c in only if only else unicodedata.combining(c)))
    return unicodedata.normalize("NFC", "".join(kept))
