"""Write Excel files row by row, with the same bytes for the same rows."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType

import xlsxwriter
from xlsxwriter.format import Format

Cell = str | int | float | date | None
_WRITTEN_AT = datetime(2024, 6, 15, 8, 0, tzinfo=UTC).replace(tzinfo=None)


class Sheet:
    """One worksheet in constant memory: rows go straight to disk, top to bottom."""

    def __init__(self, path: Path, *, name: str, widths: Sequence[float] = ()) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
        self._book.set_properties({"created": _WRITTEN_AT, "author": "", "title": ""})
        self._bold: Format = self._book.add_format({"bold": True, "font_name": "Times New Roman", "font_size": 12})
        self._date: Format = self._book.add_format({"num_format": "dd/mm/yyyy"})
        self._sheet = self._book.add_worksheet(name)
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        self._row = 0

    def __enter__(self) -> "Sheet":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._book.close()

    def write(self, cells: Iterable[Cell], *, bold: bool = False) -> None:
        """Append one row; empty cells are left out, dates become real Excel dates."""
        form = self._bold if bold else None
        for column, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                self._sheet.write_string(self._row, column, cell, form)
            elif isinstance(cell, date):
                self._sheet.write_datetime(self._row, column, cell, self._date)
            else:
                self._sheet.write_number(self._row, column, cell, form)
        self._row += 1


def write_table(path: Path, *, name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """A workbook with one heading row and the rows below it."""
    with Sheet(path, name=name, widths=[max(10, len(heading) + 2) for heading in headings]) as sheet:
        sheet.write(headings, bold=True)
        for row in rows:
            sheet.write(row)
