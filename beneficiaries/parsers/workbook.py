"""Any table in a spreadsheet: found by its heading row, bounded, and refused whole with a clear sentence when it is no such table."""

import io
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from beneficiaries.errors import ColumnsMissing, FileIsEmpty, FileTooLarge, FileUnreadable
from beneficiaries.parsers.archive import refuse_dangerous_archive

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 200_000
HEADING_WITHIN_ROWS = 15
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"

Cell = str | float | int | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True)
class TableRow:
    """One row under the heading: `number` as the spreadsheet counts (from 1), `cells` by our column keys."""

    number: int
    cells: Mapping[str, Cell]


def fold_heading(text: str) -> str:
    """A heading without marks, case, punctuation and spacing: "Số định danh  cá nhân/CMND" → "sodinhdanhcanhancmnd"."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in decomposed.casefold() if letter.isalnum() and not unicodedata.combining(letter))


def read_file(path: Path) -> bytes:
    """The bytes of a file, refused before they are read when there are too many."""
    if path.stat().st_size > MAX_BYTES:
        raise FileTooLarge
    return path.read_bytes()


def read_table(
    content: bytes, *, columns: Mapping[str, str], optional: frozenset[str] = frozenset()
) -> Iterator[TableRow]:
    """Yield the rows of the first sheet that has the headings `columns` (our key → heading as printed).

    Rows without any value are passed over. Raises a `FileUnreadable` for what is no such table.
    """
    _refuse_dangerous(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            rows = sheet.to_python(skip_empty_area=False, nrows=MAX_ROWS + 1)
    except (CalamineError, zipfile.BadZipFile, ValueError, IndexError) as error:
        raise FileUnreadable(
            "Tệp hỏng hoặc không phải bảng tính Excel. Mời mở bằng Excel và lưu lại thành tệp .xlsx."
        ) from error
    if len(rows) > MAX_ROWS:
        raise FileTooLarge
    if not any(any(cell not in ("", None) for cell in row) for row in rows):
        raise FileIsEmpty
    heading_at, positions = _find_heading(rows, columns=columns, optional=optional)
    return _rows_under(rows, heading_at=heading_at, positions=positions)


def _rows_under(rows: Sequence[Sequence[Cell]], *, heading_at: int, positions: Mapping[str, int]) -> Iterator[TableRow]:
    for index in range(heading_at + 1, len(rows)):
        row = rows[index]
        cells = {key: _tidy(row[position]) if position < len(row) else None for key, position in positions.items()}
        if any(cell is not None for cell in cells.values()):
            yield TableRow(number=index + 1, cells=cells)


def _find_heading(
    rows: Sequence[Sequence[Cell]], *, columns: Mapping[str, str], optional: frozenset[str]
) -> tuple[int, dict[str, int]]:
    wanted = {fold_heading(heading): key for key, heading in columns.items()}
    best: dict[str, int] = {}
    best_at = 0
    for index, row in enumerate(rows[:HEADING_WITHIN_ROWS]):
        found = {
            wanted[fold]: position
            for position, cell in enumerate(row)
            if isinstance(cell, str) and (fold := fold_heading(cell)) in wanted
        }
        if len(found) > len(best):
            best, best_at = found, index
    missing = [heading for key, heading in columns.items() if key not in best and key not in optional]
    if missing:
        raise ColumnsMissing(missing)
    return best_at, best


def _tidy(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return cell.strip() or None
    return cell


def _refuse_dangerous(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise FileTooLarge
    if not content:
        raise FileIsEmpty
    if content.startswith(OLE_MAGIC):
        raise FileUnreadable(
            "Tệp .xls đời cũ hoặc có mật khẩu. Mời mở bằng Excel và lưu lại thành tệp .xlsx không mật khẩu."
        )
    if not content.startswith(ZIP_MAGIC):
        raise FileUnreadable("Tệp không phải bảng tính Excel (.xlsx).")
    refuse_dangerous_archive(content)
