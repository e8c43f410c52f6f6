"""The usual errors of commune lists, at stated rates, applied to what the commune typed: never to the truth."""

import unicodedata
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from config.sample_province.people import Cells, Identity, Person
from config.sample_province.tellers import without_marks

# Share of rows drawn; one kind per column and row, "plain" takes the rest. Damage that would not show (a name without
# a movable tone, a day above 12 that cannot be a month) is none, so some kinds end up rarer: 0.5 % of dates are swapped.
NUMBER_RATES = {
    "missing": 0.05,
    "cmnd": 0.04,
    "digit": 0.008,
    "swapped": 0.004,
    "zero_lost": 0.015,
    "scientific": 0.003,
    "spaced": 0.02,
}
NAME_RATES = {
    "upper": 0.12,
    "no_marks": 0.04,
    "nfd": 0.02,
    "new_tone": 0.10,
    "spaces": 0.015,
    "joined": 0.004,
    "eth": 0.01,
}
DATE_RATES = {"year": 0.06, "text": 0.30, "short_text": 0.10, "packed": 0.02, "swapped": 0.014, "default": 0.015}
# Only these leave a row to be confirmed by number, name, birth year and sex alone.
CONFIRMABLE_NUMBERS = {"plain", "zero_lost", "spaced"}
UNCONFIRMABLE_NAMES = {"joined", "eth"}

_TONE_MOVES = (
    ("òa", "oà"), ("óa", "oá"), ("ỏa", "oả"), ("õa", "oã"), ("ọa", "oạ"), ("òe", "oè"), ("óe", "oé"), ("ỏe", "oẻ"),
    ("ùy", "uỳ"), ("úy", "uý"), ("ủy", "uỷ"), ("ũy", "uỹ"), ("ụy", "uỵ"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownNumbers:
    """Every number somebody holds, so that a typing error never hits a neighbour by accident."""

    ordered: NDArray[np.int64]

    def __contains__(self, number: int) -> bool:
        at = int(np.searchsorted(self.ordered, number))
        return at < len(self.ordered) and int(self.ordered[at]) == number


class Typist:
    """Types the identity cells of rows, with the errors people make."""

    def __init__(self, *, rng: np.random.Generator, known: KnownNumbers) -> None:
        self._rng = rng
        self._known = known

    def type_row(self, person: Person) -> Cells:
        """Cells for one row of `person`, and which defects were put into them."""
        number_kind = self._draw(NUMBER_RATES)
        name_kind = self._draw(NAME_RATES)
        date_kind = self._draw(DATE_RATES)
        if name_kind in UNCONFIRMABLE_NAMES and not _name_decides_nothing(person):
            name_kind = "plain"
        if person.identity is Identity.OPEN and number_kind in CONFIRMABLE_NUMBERS:
            number_kind = "missing"
        if person.identity is Identity.CONFLICT:
            number_kind = "conflict"
        number, number_kind = self._number(person, number_kind)
        name, name_kind = self._name(person.name, name_kind)
        born, date_kind = self._date(person.born, date_kind)
        defects = tuple(
            f"{column}:{kind}"
            for column, kind in (("number", number_kind), ("name", name_kind), ("date", date_kind))
            if kind != "plain"
        )
        return Cells(name=name, number=number, born=born, defects=defects)

    def _draw(self, rates: dict[str, float]) -> str:
        chance = float(self._rng.random())
        for kind, rate in rates.items():
            if chance < rate:
                return kind
            chance -= rate
        return "plain"

    def _number(self, person: Person, kind: str) -> tuple[str | int, str]:
        digits = f"{person.number:012d}"
        if kind == "conflict":
            assert person.wrong_number is not None
            return f"{person.wrong_number:012d}", kind
        if kind == "missing":
            return "", kind
        if kind == "cmnd":
            # Old cards began with 01 to 38: 97 was never issued.
            return f"97{int(self._rng.integers(10**7)):07d}", kind
        if kind in ("digit", "swapped"):
            return self._mistyped(digits, kind), kind
        if kind == "zero_lost":
            return person.number, kind
        if kind == "scientific":
            return f"{person.number:.2E}", kind
        if kind == "spaced":
            separator = " " if self._rng.random() < 0.6 else "."
            return separator.join((digits[:3], digits[3:6], digits[6:9], digits[9:])), kind
        return digits, "plain"

    def _mistyped(self, digits: str, kind: str) -> str:
        while True:
            at = int(self._rng.integers(3, 11))
            if kind == "digit":
                typed = digits[:at] + str((int(digits[at]) + int(self._rng.integers(1, 10))) % 10) + digits[at + 1 :]
            else:
                typed = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
            if typed != digits and int(typed) not in self._known:
                return typed

    def _name(self, name: str, kind: str) -> tuple[str, str]:
        typed = name
        if kind == "upper":
            typed = name.upper()
        elif kind == "no_marks":
            typed = without_marks(name)
        elif kind == "nfd":
            typed = unicodedata.normalize("NFD", name)
        elif kind == "new_tone":
            for old, new in _TONE_MOVES:
                typed = typed.replace(old, new)
        elif kind == "spaces":
            typed = " " + name.replace(" ", "  ", 1) + " "
        elif kind == "joined":
            typed = name.replace(" ", "", 1)
        elif kind == "eth":
            typed = name.replace("Đ", "Ð")
        return typed, kind if typed != name else "plain"

    def _date(self, born: date, kind: str) -> tuple[str | int | date, str]:
        if kind == "year":
            return (born.year if self._rng.random() < 0.5 else str(born.year)), kind
        if kind == "text":
            return f"{born:%d/%m/%Y}", kind
        if kind == "short_text":
            return f"{born.day}/{born.month}/{born.year}", kind
        if kind == "packed":
            return f"{born:%d%m%Y}", kind
        if kind == "swapped" and born.day <= 12 and born.day != born.month:
            return f"{born.month:02d}/{born.day:02d}/{born.year}", kind
        if kind == "default" and (born.day, born.month) != (1, 1):
            return date(born.year, 1, 1), kind
        return born, "plain"


def _name_decides_nothing(person: Person) -> bool:
    return person.account is None or (person.account.paid_before and not person.account.name_differs)


def exactly_confirmed(person: Person, cells: Cells) -> bool:
    """Would number, name without marks, birth year and sex lead to exactly this resident?"""
    kinds = dict(defect.split(":") for defect in cells.defects)
    return (
        person.identity is Identity.RESIDENT
        and kinds.get("number", "plain") in CONFIRMABLE_NUMBERS
        and kinds.get("name", "plain") not in UNCONFIRMABLE_NAMES
    )
