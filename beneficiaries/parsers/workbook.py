"""Any table in a spreadsheet: found by its heading row, bounded, and refused whole with a clear sentence when it is no such table."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from beneficiaries.errors.files import (
    ColumnsMissing,
    FileIsEmpty,
    FileTooLarge,
    SeveralTables,
    TextWithoutTable,
)
from beneficiaries.parsers.encodings import Encoding, convert, is_vietnamese, recognise
from beneficiaries.parsers.headings import (
    HEADING_WITHIN_ROWS,
    HeadingRow,
    Vocabulary,
    Wording,
    find_heading,
    fold_heading,
    with_proposals,
)
from beneficiaries.parsers.large_files import is_read_apart, sheets_apart
from beneficiaries.parsers.spreadsheets import (
    MAX_BYTES,
    MAX_ROWS,
    NOT_A_WORKBOOK,
    ZIP_MAGIC,
    Cell,
    Row,
    Sheet,
    is_text,
    open_sheets,
    read_file,
)

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "ZIP_MAGIC",
    "Cell",
    "Table",
    "TableRow",
    "fold_heading",
    "open_columns",
    "open_table",
    "read_file",
    "read_table",
    "read_under",
]

JUDGED_CELLS = 2_000
_BEYOND_LATIN = re.compile("[\u0100-\u1eff]")
_LATIN_MARKS = re.compile("[\u00a1-\u00ff]")


@dataclass(frozen=True)
class TableRow:
    """One row under the heading: `number` as the spreadsheet counts (from 1), `cells` by our column keys."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Table:
    """A table found in a file: the sheet's rows from its top, where its heading stands, and each column under it, text in Unicode."""

    sheet: str
    rows: Sequence[Row]
    heading: HeadingRow
    columns: Mapping[str, Sequence[Cell]]
    encodings: frozenset[Encoding] = frozenset()
    """Those other than Unicode it was written in."""

    @property
    def first_number(self) -> int:
        """The number, as the spreadsheet counts, of the first row under the heading."""
        return self.heading.last + 2


def read_table(
    content: bytes, *, columns: Mapping[str, str], optional: frozenset[str] = frozenset()
) -> Iterator[TableRow]:
    """Yield the rows of the sheet that has the headings `columns` (our key → heading as printed).

    Rows without any value are passed over. Raises a `FileUnreadable` for what is no such table.
    """
    table = open_columns(content, columns=columns, optional=optional)
    keys = list(table.columns)
    return (
        TableRow(number=number, cells=dict(zip(keys, cells, strict=True)))
        for number, cells in enumerate(zip(*table.columns.values(), strict=True), start=table.first_number)
        if any(cell is not None for cell in cells)
    )


def open_columns(content: bytes, *, columns: Mapping[str, str], optional: frozenset[str] = frozenset()) -> Table:
    """The table `read_table` reads, whole. Raises a `FileUnreadable`."""
    wordings = {key: Wording(label, required=key not in optional) for key, label in columns.items()}
    return open_table(content, wordings=wordings)


def open_table(
    content: bytes,
    *,
    wordings: Mapping[str, Wording],
    saved: Mapping[str, str] | None = None,
    sheet: str | None = None,
    within: int = HEADING_WITHIN_ROWS,
) -> Table:
    """The one table with these headings; `saved` maps folded headings to keys, `sheet` names the sheet where several have one.

    The heading stands among the first `within` rows.

    Raises `ColumnsMissing` with a proposal for every heading, `SeveralTables`, or another `FileUnreadable`.
    """
    vocabulary = Vocabulary(wordings, saved=saved)
    opened = sheets_apart(content) if is_read_apart(content) else open_sheets(content)
    sheets = [one for one in opened if sheet is None or one.name == sheet]
    judged = [(one, one.read(within + 1)) for one in sheets]
    judged = [(one, head) for one, head in judged if any(cell not in ("", None) for row in head for cell in row)]
    if not judged:
        raise FileIsEmpty
    found = [(one, find_heading(head, vocabulary, within=within)) for one, head in judged]
    whole = [(one, heading) for one, heading in found if not vocabulary.missing(heading.positions)]
    if not whole:
        _, best = max(found, key=lambda item: len(item[1].positions))
        if not best.positions and is_text(content):
            raise TextWithoutTable(NOT_A_WORKBOOK)
        raise ColumnsMissing(
            vocabulary.missing(best.positions),
            headings=with_proposals(best, vocabulary),
            fingerprint=best.fingerprint,
        )
    whole = [item for item in whole if item[0].visible] or whole
    if len(whole) > 1:
        whole = [item for item in whole if _has_rows(*item)] or whole[:1]
    if len(whole) > 1:
        raise SeveralTables([one.name for one, _ in whole])
    return read_under(*whole[0])


def _has_rows(sheet: Sheet, heading: HeadingRow) -> bool:
    positions = heading.positions.values()
    under = islice(sheet.read(MAX_ROWS), heading.last + 1, None)
    return any(sum(row[position] not in ("", None) for position in positions) > 2 for row in under)


def read_under(sheet: Sheet, heading: HeadingRow) -> Table:
    """All of a sheet, its columns as `heading` says. Raises FileTooLarge."""
    rows = sheet.read(MAX_ROWS + 1)
    if len(rows) > MAX_ROWS:
        raise FileTooLarge
    under = list(zip(*rows[heading.last + 1 :], strict=True))
    columns = {key: _tidied(under[position]) if under else [] for key, position in heading.positions.items()}
    legacy = (in_unicode(columns) | {sheet.encoding}) - {Encoding.UNICODE}
    return Table(sheet=sheet.name, rows=rows, heading=heading, columns=columns, encodings=frozenset(legacy))


def _tidied(cells: Sequence[Cell]) -> list[Cell]:
    """Texts without space around them, nothing for empty ones."""
    return [(cell.strip() or None) if type(cell) is str else cell for cell in cells]


def in_unicode(columns: dict[str, list[Cell]]) -> set[Encoding]:
    """Decode, in place, and name the encodings of, the columns written in a legacy encoding: judged as columns, for that is how fonts are set.

    A column that can't tell by itself ("12/Q§-UBND") is written as the others are.
    """
    decoded = set[Encoding]()
    suspects = {key: found for key, cells in columns.items() if (found := _suspects(cells))}
    encodings = {key: recognise(texts) for key, texts in suspects.items()}
    legacy = {encoding for encoding in encodings.values() if encoding is not Encoding.UNICODE}
    if len(legacy) != 1:
        undecided: Encoding = Encoding.UNICODE
    else:
        (undecided,) = legacy
    for key, texts in suspects.items():
        encoding = encodings[key]
        if encoding is Encoding.UNICODE and not is_vietnamese(texts):
            encoding = undecided
        if encoding is not Encoding.UNICODE:
            columns[key] = [convert(cell, encoding) if isinstance(cell, str) else cell for cell in columns[key]]
            decoded.add(encoding)
    return decoded


def _suspects(cells: Sequence[Cell]) -> list[str]:
    """Texts that may be in a legacy encoding: marks, but no letter beyond Latin-1."""
    texts = dict.fromkeys(cell for cell in cells if type(cell) is str and not cell.isascii())
    if not _LATIN_MARKS.search("\n".join(texts)):
        return []
    return [text for text in texts if not _BEYOND_LATIN.search(text)][:JUDGED_CELLS]
