"""What every statement format is read into. Amounts are whole đồng, debits (money leaving us) negative."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO, Protocol

from beneficiaries.parsers.headings import Heading

DEFAULT_MAX_BYTES = 4 * 1024 * 1024 * 1024  # of a stream that is never held; a million entries have about 1.3 GB


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """The head of one statement. `declared_entries` is the bank's own count, None when it gives none.

    A notification (camt.054) has no balances: it is part of an account's days, never all of them. What a page of several says is its own: a
    page that is not the last may lack a closing balance, one that is not the first an opening one.
    """

    format: str
    statement_id: str
    account: str
    currency: str
    sequence_number: int | None
    from_on: date
    to_on: date
    opening: int | None
    closing: int | None
    created_at: datetime
    declared_entries: int | None
    page: int = 1
    is_last_page: bool = True


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """One entry, or one transaction inside a booked batch entry. Its repr never shows the counterparty.

    `ordinal` counts lines and `entry_ordinal` entries, from 1. `is_return`: money of ours comes back (or such a
    credit is reversed); `return_code` is then the ISO 20022 reason where the bank gives one.
    """

    ordinal: int
    entry_ordinal: int
    amount: int
    currency: str
    booked_on: date
    value_on: date
    end_to_end_id: str | None
    bank_reference: str | None
    is_return: bool
    return_code: str | None
    counterparty_name: str | None = field(repr=False)
    counterparty_account: str | None = field(repr=False)
    description: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something a format says of itself that does not hold, such as a row's balance; `ours` is what follows from the rest, in đồng."""

    key: str
    ours: int
    theirs: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a table: its number in the sheet (from 1), and its cells as text, cut short."""

    number: int
    cells: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """The first rows of a table, for a person to recognise its columns.

    `heading_row` is the number of the row taken for the heading, 0 where none is, None where it was known by meaning; bookings seem to
    begin at `first_booking`.
    """

    heading_row: int | None
    first_booking: int
    rows: tuple[ShownRow, ...]


class StatementReading:
    """One statement being read: its lines come once and in order; what they add up to is known after the last.

    So is the end of a statement on several pages: `statement` and `doubts` say all they say after the last line.
    """

    def __init__(
        self,
        statement: ParsedStatement,
        entries: Iterator[list[ParsedLine]],
        *,
        doubts: tuple[Doubt, ...] = (),
        headings: tuple[Heading, ...] = (),
    ) -> None:
        """`entries` yields the lines of each entry; an entry without lines (not booked yet) moves no money. `headings` are a table's."""
        self.statement = statement
        self.doubts = doubts
        self.headings = headings
        self._entries = entries
        self._entry_count = 0
        self.line_count = 0
        self._total = 0
        self._finished = False

    def lines(self) -> Iterator[ParsedLine]:
        """The lines not read so far. Raises StatementRefused where the file turns out to be unreadable."""
        for lines in self.entries():
            yield from lines

    def entries(self) -> Iterator[list[ParsedLine]]:
        """The same by entry; see `lines`."""
        for lines in self._entries:
            self._entry_count += 1
            self.line_count += len(lines)
            for line in lines:
                self._total += line.amount
            yield lines
        self._finished = True

    def end_with(self, statement: ParsedStatement, *, doubts: Sequence[Doubt]) -> None:
        """What only the end of a statement says."""
        self.statement, self.doubts = statement, tuple(doubts)

    @property
    def balances_tie(self) -> bool:
        """Opening balance + Σ lines = closing balance."""
        self._require_finished()
        head = self.statement
        return head.opening is None or head.closing is None or head.opening + self._total == head.closing

    @property
    def entries_tie(self) -> bool:
        """The file has as many entries as the bank declares; True when it declares nothing."""
        self._require_finished()
        return self.statement.declared_entries in (None, self._entry_count)

    @property
    def total(self) -> int:
        """Σ lines in đồng."""
        self._require_finished()
        return self._total

    def _require_finished(self) -> None:
        if not self._finished:
            raise RuntimeError("read all lines first")


class StatementParser(Protocol):
    """A format of statements."""

    def read(self, source: BinaryIO, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Iterator[StatementReading]:
        """The statements in a file, each to be read before the next is asked for. Raises StatementRefused."""
        ...
