"""The provider of the simulation: pays in hand, or into accounts, who stands on a list it was given, and writes what became of each."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from python_calamine import CalamineWorkbook

from staff.time_zone import VIETNAM
from tests.payments.test_cash_lists import workbook

ANSWERS = (
    "part",  # who was paid so far, and nothing about the others
    "end",  # everybody: who was not paid by now never will be
    "wrong",  # the same, and somebody who was paid, and not told as paid so far, is told as not paid
    "amount",  # who was paid, one of them with another amount
    "old",  # any answer it ever gave, once more
)
KEY, AMOUNT = "Mã khoản chi", "Tổng số được nhận"


@dataclass
class Line:
    """A person on a list; who was told as not paid by mistake has the money all the same, and the provider says so later."""

    key: str
    amount: int
    paid_at: datetime | None = None
    came_back: bool = False
    given_up: bool = False
    mistaken: bool = False

    @property
    def live(self) -> bool:
        """Whether the person has the money."""
        return self.paid_at is not None and not self.came_back


@dataclass
class Answer:
    """A result list, and whose payment it names as paid."""

    batch_id: int
    content: bytes
    paid: frozenset[str]


@dataclass
class ProviderDesk:
    """What the provider did is kept here and nowhere else; our own lists are read as anybody reads them."""

    now: Callable[[], datetime]
    lists: dict[int, dict[str, Line]] = field(default_factory=dict)
    told: dict[str, set[str]] = field(default_factory=dict)  # words that may be on their way to us, by payment
    answers: list[Answer] = field(default_factory=list)

    def take(self, batch_id: int, content: bytes) -> None:
        """A list was handed over, perhaps again: who is on it may be paid."""
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        heading = next(at for at, row in enumerate(rows) if KEY in row)
        key, amount = rows[heading].index(KEY), rows[heading].index(AMOUNT)
        known = self.lists.setdefault(batch_id, {})
        for row in rows[heading + 1 :]:
            if row[key]:
                known.setdefault(str(row[key]), Line(str(row[key]), int(float(str(row[amount])))))

    def lines(self, key: str) -> list[Line]:
        """Every line with a payment's code, over all lists."""
        return [lines[key] for lines in self.lists.values() if key in lines]

    def pay(self, number: int) -> None:
        """Pay somebody who waits."""
        waiting = [
            line for lines in self.lists.values() for line in lines.values() if not (line.paid_at or line.given_up)
        ]
        if waiting:
            waiting[number % len(waiting)].paid_at = self.now()

    def give_up(self, key: str) -> None:
        """Who has not been paid will not be."""
        for line in self.lines(key):
            line.given_up = line.given_up or not line.live

    def send_back(self, number: int, *, mistaken: bool) -> None:
        """Money that was paid comes back to the provider, days later; `mistaken`: of those told as not paid at first."""
        live = [
            line for lines in self.lists.values() for line in lines.values() if line.live and line.mistaken == mistaken
        ]
        if live:
            live[number % len(live)].came_back = True

    def answer(self, number: int, word: str) -> Answer | None:
        """The result list `number` that `word` asks for; None when no list was handed over."""
        if word == "old" and self.answers:
            return self.answers[number % len(self.answers)]
        if not self.lists:
            return None
        batch_id = list(self.lists)[number % len(self.lists)]
        lines = list(self.lists[batch_id].values())
        rows: list[list[object]] = []
        paid: set[str] = set()
        named = {key for answer in self.answers for key in answer.paid}
        for at, line in enumerate(lines):
            if word == "wrong" and line.live and line.key not in named and not any(one.mistaken for one in lines):
                line.mistaken = True
                rows.append(self._row(line, "Chưa nhận"))
            elif line.live:
                off = 1_000 if word == "amount" and at == 0 else 0
                rows.append(self._row(line, "Đã nhận", off=off))
                paid |= {line.key} if not off else set()
            elif line.came_back or word in ("end", "wrong"):
                line.given_up = True
                rows.append(self._row(line, "Trả lại" if line.came_back else "Chưa nhận"))
        made = Answer(batch_id, workbook(*rows), frozenset(paid))
        self.answers.append(made)
        return made

    def _row(self, line: Line, word: str, *, off: int = 0) -> list[object]:
        words = {"posted"} if word == "Đã nhận" else {"failed", "returned"}
        self.told.setdefault(line.key, set()).update(words)
        day = f"{line.paid_at.astimezone(VIETNAM):%d/%m/%Y}" if line.paid_at and word == "Đã nhận" else ""
        return [line.key, line.amount + off, word, day]
