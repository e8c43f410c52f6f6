"""A statement as a table: .xlsx, .xls, .ods, CSV or TSV as banks let their customers download it.

Columns are known by meaning, or by what somebody confirmed once for the account. Whatever moves money is read, or the file is refused with row and
column. A table is bounded by the spreadsheet reader (20 MB, 200,000 rows): more comes as camt.053 or through the bank's API.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import BinaryIO, Final

from beneficiaries.errors.files import ColumnsMissing, FileTooLarge, FileUnreadable, TextWithoutTable
from beneficiaries.parsers.headings import Heading, HeadingRow, Vocabulary, fold_heading, with_proposals
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from beneficiaries.parsers.workbook import Table, open_table, read_under
from reconciliation.parsers.errors import (
    BalanceMissing,
    ColumnsUnknown,
    StatementRefused,
    StatementTooLarge,
    TableRefused,
)
from reconciliation.parsers.interface import DEFAULT_MAX_BYTES, Doubt, ParsedLine, ParsedStatement, StatementReading
from reconciliation.parsers.table_balances import Chained, follow_balances
from reconciliation.parsers.table_columns import AMOUNTS, WORDINGS
from reconciliation.parsers.table_head import Around, read_around
from reconciliation.parsers.table_rows import CURRENCY, read_body
from reconciliation.parsers.table_unknown import HEADING_WITHIN, Unknown, by_position, look_closely
from reconciliation.parsers.values import VIETNAM

FORMAT: Final = "table"
SURE_HEADINGS: Final = 2  # one known word may as well stand in a letter-head


@dataclass(frozen=True, slots=True)
class TableForm:
    """What the reader of a table is told: which account it is of when the file does not say, and mappings saved for that account.

    A mapping is folded heading → column key, "" for a column that means nothing to us; it counts for exactly the headings it was saved for.
    A table without headings is mapped by position ("#0", "#1", …). `sheet` names the sheet where several hold a table; `heading_at` is the number
    of the heading row (from 1), said by somebody about to explain its columns: then the file is not read but asked about.
    """

    account: str | None = None
    mappings: Sequence[Mapping[str, str]] = ()
    sheet: str | None = None
    heading_at: int | None = None


class TableParser:
    """The `StatementParser` of tables."""

    def __init__(self, form: TableForm) -> None:
        self._form = form

    def read(self, source: BinaryIO, *, max_bytes: int = DEFAULT_MAX_BYTES) -> Iterator[StatementReading]:
        """See `StatementParser.read`: one statement. Raises ColumnsUnknown, RowsUnreadable, TableRefused, BalanceMissing."""
        bound = min(max_bytes, MAX_BYTES)
        content = source.read(bound + 1)
        if len(content) > bound:
            raise StatementTooLarge(f"more than {bound} bytes")
        try:
            table = _open(content, form=self._form)
        except FileTooLarge as error:
            raise StatementTooLarge("20 MB, 200.000 dòng; mời lấy sao kê camt.053") from error
        except FileUnreadable as error:
            raise TableRefused(error.sentence) from error
        yield _read(table, form=self._form)


def folded_headings(headings: Sequence[Heading]) -> set[str]:
    """The headings of a source, as mappings name them."""
    return {fold_heading(heading.text) for heading in headings if heading.text} - {""}


def says_amounts(keys: Mapping[str, object] | set[str]) -> bool:
    """Whether these columns say how much moved."""
    return any(way <= set(keys) for way in AMOUNTS)


def _open(content: bytes, *, form: TableForm) -> Table:
    """The table, by a saved mapping of exactly its headings, else by meaning, else by a mapping of its positions.

    Raises ColumnsUnknown with its first rows, TableRefused where nothing is a booking, a `FileUnreadable`.
    """
    if form.heading_at is not None:
        raise _asked(look_closely(content, sheet=form.sheet, heading_at=form.heading_at), ())
    for mapping in form.mappings:
        try:
            table = open_table(content, wordings=WORDINGS, saved=mapping, sheet=form.sheet, within=HEADING_WITHIN)
        except (ColumnsMissing, TextWithoutTable):
            continue
        if folded_headings(table.heading.headings) == set(mapping) and says_amounts(table.heading.positions):
            return table
    headings: Sequence[Heading] = ()
    try:
        table = open_table(content, wordings=WORDINGS, sheet=form.sheet, within=HEADING_WITHIN)
        if says_amounts(table.heading.positions):
            return table
        headings = with_proposals(table.heading, Vocabulary(WORDINGS))
    except ColumnsMissing as error:
        headings = error.headings
    except TextWithoutTable:
        pass
    unknown = look_closely(content, sheet=form.sheet)
    if unknown and (row := _by_position(unknown, form=form)):
        return read_under(unknown.sheet, row)
    raise _asked(unknown, headings)


def _by_position(unknown: Unknown, *, form: TableForm) -> HeadingRow | None:
    rows = (by_position(mapping, unknown) for mapping in form.mappings)
    return next((row for row in rows if row is not None), None)


def _asked(unknown: Unknown | None, headings: Sequence[Heading]) -> StatementRefused:
    """The question what the columns are: of the headings known in part, else of those above the first booking."""
    sure = [heading for heading in headings if heading.key and heading.certain]
    shown = unknown.shown if unknown else None
    if len(sure) < SURE_HEADINGS:
        if unknown is None:
            return TableRefused(
                "Không thấy dòng nào có ngày và số tiền ở đầu tệp nên không đọc được như sao kê dạng bảng; "
                "mời chọn đúng tệp sao kê ngân hàng gửi (camt.053, MT940, CSV, Excel)."
            )
        headings = unknown.heading.headings
    elif shown:
        shown = replace(shown, heading_row=None)
    have = {heading.key for heading in headings if heading.key and heading.certain}
    missing = [WORDINGS["booked_on"].label] if "booked_on" not in have else []
    if not says_amounts({key for key in have if key}):
        missing += [WORDINGS["debit"].label, WORDINGS["credit"].label]
    return ColumnsUnknown(missing, headings=headings, shown=shown)


def _read(table: Table, *, form: TableForm) -> StatementReading:
    body = read_body(table)
    above, below = read_around(table.rows[: max(table.heading.last, 0)]), read_around(body.beside)
    chained = follow_balances(body.movements)
    lines = body.lines[::-1] if chained.newest_first else body.lines
    statement = _head(above, below, lines, chained=chained, account=_account(above.account, form.account))
    entries = ([replace(line, ordinal=at, entry_ordinal=at)] for at, line in enumerate(lines, start=1))
    doubts = [*chained.doubts, *_totals_doubted([*body.totals, *_printed_totals(above)], lines)]
    if chained.opening is not None and statement.opening is not None and chained.opening != statement.opening:
        doubts.append(
            Doubt(
                "opening",
                chained.opening,
                statement.opening,
                "Số dư đầu kỳ ghi trên tệp không bằng số dư trước dòng đầu tiên.",
            )
        )
    return StatementReading(statement, entries, doubts=tuple(doubts), headings=table.heading.headings)


def _head(
    above: Around, below: Around, lines: Sequence[ParsedLine], *, chained: Chained, account: str | None
) -> ParsedStatement:
    """What the file prints counts before what the rows say, and above the table before below it."""
    if account is None:
        raise TableRefused("Tệp không ghi số tài khoản; mời chọn tài khoản chi trả của sao kê.")
    days = [line.booked_on for line in lines]
    from_on = above.from_on or below.from_on or min(days, default=None)
    to_on = above.to_on or below.to_on or max(days, default=None)
    if from_on is None or to_on is None:
        raise TableRefused("Tệp không có dòng nào và không ghi từ ngày, đến ngày.")
    if from_on > to_on:
        raise TableRefused("Từ ngày ghi trên tệp sau đến ngày.")
    if any(not from_on <= day <= to_on and _turned_round(day, from_on, to_on) for day in set(days)):
        raise TableRefused("Tệp ghi tháng trước ngày; mời đổi cột ngày thành ngày/tháng/năm.")
    total = sum(line.amount for line in lines)
    opening = _first(above.opening, below.opening, chained.opening)
    closing = _first(above.closing, below.closing, chained.closing)
    if opening is None and closing is None:
        raise BalanceMissing("tệp không có số dư đầu kỳ, cuối kỳ hay cột số dư")
    sequence = _first(above.sequence, below.sequence)
    period = f"{from_on:%Y%m%d}-{to_on:%Y%m%d}"
    return ParsedStatement(
        format=FORMAT,
        statement_id=f"BANG-{sequence}" if sequence else f"BANG-{period}",
        account=account,
        currency=CURRENCY,
        sequence_number=sequence,
        from_on=from_on,
        to_on=to_on,
        opening=opening if opening is not None else (closing or 0) - total,
        closing=closing if closing is not None else (opening or 0) + total,
        created_at=datetime(to_on.year, to_on.month, to_on.day, tzinfo=VIETNAM),
        declared_entries=None,
    )


def _turned_round(day: date, from_on: date, to_on: date) -> bool:
    """Whether a day outside the file's days lies in them when its day is its month."""
    return day.day <= 12 and from_on <= date(day.year, day.day, day.month) <= to_on


def _account(printed: str | None, given: str | None) -> str | None:
    """What the file prints counts; banks add spaces and currency to a number somebody named."""
    if printed is None or given is None:
        return printed or given
    return given if fold_heading(printed).startswith(fold_heading(given)) else printed


def _printed_totals(around: Around) -> list[tuple[int, int]]:
    if around.debits is None or around.credits is None:
        return []
    return [(around.debits, around.credits)]


def _totals_doubted(totals: Sequence[tuple[int, int]], lines: Sequence[ParsedLine]) -> list[Doubt]:
    """A total the file prints must be that of the whole table, of one day, or of one page; then the whole's is among them."""
    debits = -sum(line.amount for line in lines if line.amount < 0)
    credits = sum(line.amount for line in lines if line.amount > 0)
    if not totals or (debits, credits) in totals:
        return []
    printed = max(totals, key=sum)
    key, ours, theirs = ("debits", debits, printed[0]) if debits != printed[0] else ("credits", credits, printed[1])
    return [Doubt(key, ours, theirs, "Tổng phát sinh ghi trên tệp không bằng tổng các dòng.")]


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)
