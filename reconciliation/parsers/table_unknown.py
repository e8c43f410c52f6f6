"""A table whose columns we don't know: where its bookings seem to begin, and what stands there, for a person to say what each column is.

A booking has a day and an amount; what stands above the first one is its heading, if it is words. Only the first rows are looked at, and shown cut short.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from beneficiaries.errors.files import SeveralTables
from beneficiaries.parsers.headings import Heading, HeadingRow, Vocabulary, heading_texts, with_proposals
from beneficiaries.parsers.spreadsheets import Cell, Row, Sheet, open_sheets
from reconciliation.parsers.errors import TableRefused
from reconciliation.parsers.interface import Shown, ShownRow
from reconciliation.parsers.table_cells import read_day, read_money, read_words
from reconciliation.parsers.table_columns import WORDINGS
from reconciliation.parsers.table_head import is_label, is_total

HEADING_WITHIN: Final = 40  # banks print a letter-head above
LOOKED_AT: Final = 60
SHOWN_ROWS: Final = 15
SHOWN_BOOKINGS: Final = 3
MOST_COLUMNS: Final = 60
LONGEST: Final = 60  # letters of a cell
BY_POSITION: Final = "#"  # no heading folds to this: a mapping of a table without headings names "#0", "#1", …


@dataclass(frozen=True, slots=True)
class Unknown:
    """Bookings found: their sheet, the heading above them (row -1: none), and the first rows as a person is shown them."""

    sheet: Sheet
    heading: HeadingRow
    width: int
    shown: Shown

    @property
    def has_heading(self) -> bool:
        """Whether words stand above the first booking."""
        return self.heading.last >= 0


def look_closely(content: bytes, *, sheet: str | None, heading_at: int | None = None) -> Unknown | None:
    """The one sheet with bookings; `heading_at` is the number (from 1) of its heading row as a person said. None where nothing is a booking.

    Raises SeveralTables, TableRefused for a heading row that is none, another `FileUnreadable`.
    """
    found = [seen for one in open_sheets(content) if sheet in (None, one.name) and (seen := _look(one, heading_at))]
    found = [one for one in found if one.sheet.visible] or found
    if len(found) > 1:
        raise SeveralTables([one.sheet.name for one in found])
    return found[0] if found else None


def by_position(mapping: Mapping[str, str], unknown: Unknown) -> HeadingRow | None:
    """The columns of a table without headings as a mapping saved for such a table of the same width says; None if it is another's."""
    if unknown.has_heading or set(mapping) != {f"{BY_POSITION}{at}" for at in range(unknown.width)}:
        return None
    headings = tuple(
        Heading(one.position, one.text, mapping[f"{BY_POSITION}{one.position}"] or None, certain=True)
        for one in unknown.heading.headings
    )
    return HeadingRow(first=-1, last=-1, headings=headings)


def _look(sheet: Sheet, heading_at: int | None) -> Unknown | None:
    rows = sheet.read(LOOKED_AT)
    bookings = [at for at, row in enumerate(rows) if _is_booking(row)]
    if not bookings or len(rows[0]) > MOST_COLUMNS:
        return None
    at = _heading_above(rows, bookings[0]) if heading_at is None else _heading_said(rows, heading_at)
    numbers = sorted({*range(min(bookings[0], SHOWN_ROWS)), *bookings[:SHOWN_BOOKINGS]})
    shown = Shown(
        heading_row=at + 1,
        first_booking=bookings[0] + 1,
        rows=tuple(ShownRow(number + 1, tuple(_short(cell) for cell in rows[number])) for number in numbers),
    )
    return Unknown(sheet=sheet, heading=_headings(rows, at), width=len(rows[0]), shown=shown)


def _headings(rows: Sequence[Row], at: int) -> HeadingRow:
    """What row `at` says of each column; without such a row every column is only its number."""
    if at < 0:
        numbered = (Heading(one, f"Cột {one + 1}", None, certain=False) for one in range(len(rows[0])))
        return HeadingRow(first=-1, last=-1, headings=tuple(numbered))
    vocabulary = Vocabulary(WORDINGS)
    texts = heading_texts(rows[at])
    keys = [vocabulary.key_of(text) if text else None for text in texts]
    known = tuple(
        Heading(position, text, key, certain=key is not None)
        for position, (text, key) in enumerate(zip(texts, keys, strict=True))
    )
    row = HeadingRow(first=at, last=at, headings=known)
    return HeadingRow(first=at, last=at, headings=with_proposals(row, vocabulary))


def _heading_said(rows: Sequence[Row], number: int) -> int:
    if not 1 <= number <= min(len(rows), HEADING_WITHIN):
        raise TableRefused(f"Dòng tiêu đề phải là một trong {min(len(rows), HEADING_WITHIN)} dòng đầu của tệp.")
    if len(_words(rows[number - 1])) < 2:
        raise TableRefused(f"Dòng {number} không có tên cột nào nên không phải dòng tiêu đề; mời chọn dòng khác.")
    return number - 1


def _heading_above(rows: Sequence[Row], booking: int) -> int:
    """The nearest row of words above, half as wide as the booking or more; -1 where there is none."""
    wide = sum(cell not in ("", None) for cell in rows[booking])
    # A line of numbers and a balance brought forward may lie between.
    near = range(booking - 1, max(booking - 4, -1), -1)
    return next((at for at in near if at < HEADING_WITHIN and len(_words(rows[at])) * 2 >= max(wide, 4)), -1)


def _words(row: Row) -> list[str]:
    """The cells that are words: neither day nor amount."""
    texts = [cell for cell in row if isinstance(cell, str) and len(cell.strip()) > 1]
    return [text for text in texts if read_day(text) is None and read_money(text) is None]


def _is_booking(row: Row) -> bool:
    """A day in one column, an amount in another, and something more."""
    days = {at for at, cell in enumerate(row) if isinstance(cell, str | date) and read_day(cell) is not None}
    amounts = {at for at, cell in enumerate(row) if read_money(cell)} - days
    filled = sum(cell not in ("", None) for cell in row)
    return bool(days and amounts) and filled > 2 and not is_total(row) and not any(is_label(cell) for cell in row)


def _short(cell: Cell) -> str:
    text = f"{cell:%d/%m/%Y}" if isinstance(cell, date) else read_words(cell) or ""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
