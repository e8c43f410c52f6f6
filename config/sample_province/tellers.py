"""Bank accounts as tellers open them: which bank, which number, whose name, since when."""

import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from config.sample_province.people import Account, Person, Status

BANKS = {"970405": "Agribank", "970415": "VietinBank", "970436": "Vietcombank"}
_BANK_SHARES = (0.58, 0.23, 0.19)
# Leading digits no branch of these banks uses, and the length each bank prints.
_NUMBER_FORMS = {"970405": ("9797", 13), "970415": ("979", 12), "970436": ("9797", 13)}


@dataclass(frozen=True, slots=True)
class Slot:
    """What becomes of one account; `paid_before` wins over `delivered` (both lists then name it in June)."""

    delivered: int
    paid_before: bool = False
    name_differs: bool = False
    failure: Status = Status.OPEN
    fails_from: int | None = None
    never_collects: bool = False


def without_marks(text: str) -> str:
    """The same letters without tones and hooks; đ becomes d."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def bank_name(text: str) -> str:
    """A name as banks print it: upper case without marks."""
    return without_marks(text).upper()


class Tellers:
    """Open accounts one by one with unique numbers at three banks."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._used: set[tuple[str, str]] = set()

    def open(self, person: Person, slot: Slot) -> None:
        bank = str(self._rng.choice(list(BANKS), p=_BANK_SHARES))
        holder = self._other_name(person.payee_name) if slot.name_differs else bank_name(person.payee_name)
        person.never_collects = slot.never_collects
        person.account = Account(
            bin=bank,
            number=self._number(bank),
            holder=holder,
            delivered=slot.delivered,
            opened_on=self._opened_on(slot),
            paid_before=slot.paid_before,
            name_differs=slot.name_differs,
            fails_from=slot.fails_from,
            failure=slot.failure,
        )

    def _number(self, bank: str) -> str:
        prefix, length = _NUMBER_FORMS[bank]
        while True:
            digits = length - len(prefix)
            number = f"{prefix}{int(self._rng.integers(10**digits)):0{digits}d}"
            if (bank, number) not in self._used:
                self._used.add((bank, number))
                return number

    def _opened_on(self, slot: Slot) -> date:
        if slot.paid_before:
            return date(2024, 5, 1) - timedelta(days=int(self._rng.integers(0, 900)))
        if slot.delivered == 6:
            return date(2024, 6, 14) - timedelta(days=int(self._rng.integers(0, 200)))
        first = date(2024, slot.delivered - 1, 16)
        days = 40 if slot.delivered == 9 else 29
        return first + timedelta(days=int(self._rng.integers(0, days)))

    def _other_name(self, name: str) -> str:
        """A letter or a word away, or a relative's name: what banks' lists really contain."""
        words = bank_name(name).split()
        kind = int(self._rng.integers(3))
        if kind == 0 and len(words) > 2:
            del words[1]
        elif kind == 1:
            words[-1] = words[-1][:-1] if words[-1].endswith("H") else words[-1] + "H"
        else:
            words[-1] = "HUONG" if words[-1] != "HUONG" else "PHUONG"
        return " ".join(words)
