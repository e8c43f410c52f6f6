"""What a roll is, whoever prints it: headings, typed cells, sums, signature blocks, and a digest of its content."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime

from payments.money import format_amount
from reconciliation.reports.sentences import amount_in_words

Value = int | str


@dataclass(frozen=True)
class Field:
    """One column: `width` in characters of print; `money` cells are đồng and are added up where `summed`.

    `beside`: printed for whoever asked for the roll, no part of what it says: in neither its digest nor a comparison.
    """

    heading: str
    width: int
    money: bool = False
    summed: bool = False
    beside: bool = False


@dataclass(frozen=True)
class Roll:
    """One list. `cells` have one value per field; `signatures` are blocks from left to right, the last one dated; `made_at` is printed;
    `subject` is the programme, where there is one; an `editable` one comes as a Word document too."""

    name: str
    agency: str
    title: str
    lines_below_title: tuple[str, ...]
    fields: tuple[Field, ...]
    cells: tuple[tuple[Value, ...], ...]
    made_at: datetime
    place: str = ""
    subject: str = ""
    counted: str = "người"
    signatures: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = field(default=())
    editable: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 over name, title, headings and cells: what was made when doesn't count, so equal lists have equal digests."""
        said = [
            ["" if each.beside else cell for each, cell in zip(self.fields, row, strict=True)] for row in self.cells
        ]
        content = [self.name, self.title, [each.heading for each in self.fields], said]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()

    @property
    def code(self) -> str:
        """The code printed on every page."""
        return self.digest[:12]


def sums(roll: Roll, *, upto: int | None = None, start: int = 0) -> dict[int, int]:
    """Sums of the summed columns, by position, over the cells from `start` to before `upto`."""
    positions = [position for position, each in enumerate(roll.fields) if each.summed]
    part = roll.cells[start:upto]
    return {position: sum(int(row[position] or 0) for row in part) for position in positions}


def closing_lines(roll: Roll) -> tuple[str, ...]:
    """How many, how much, and how much in words; the last summed column is what is paid. Nothing where nothing is `counted`."""
    totals = sums(roll)
    count = f"Tổng số {roll.counted}: {format_amount(len(roll.cells))}"
    if not roll.counted:
        return ()
    if not totals:
        return (f"{count}.",)
    money = totals[max(totals)]
    return (f"{count}; tổng số tiền: {format_amount(money)} đồng.", f"Bằng chữ: {amount_in_words(money)}.")


def text_of(value: Value, *, money: bool) -> str:
    """A cell as text; a zero of money is "0", no value is blank."""
    return format_amount(value) if money and isinstance(value, int) else str(value)
