"""The list as it was sent, with one column more: what is wrong with each row and what to do. Fixed and sent again, it is taken in."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from beneficiaries.models import RegistryUpload
from beneficiaries.parsers.headings import fold_heading
from beneficiaries.parsers.spreadsheets import Cell, Row
from beneficiaries.parsers.workbook import Table
from beneficiaries.services.intake.import_registry import read_for
from beneficiaries.services.intake.uploads import content_of

REASONS = "Lý do, việc cần làm"
NOT_TAKEN = "KHÔNG NHẬN DÒNG NÀY. "
WIDEST = 60


def annotated_upload(*, upload: RegistryUpload) -> bytes:
    """The uploaded list as .xlsx with its reasons, as previewed. Raises `WrongStage` when the content was forgotten."""
    registry = read_for(upload.unit, content=content_of(upload), sheet=upload.sheet or None)
    reasons = {
        number: reasons_of(errors)
        for number, errors in upload.rows.exclude(errors=[]).values_list("row_number", "errors")
        if number is not None
    }
    return annotate(registry.table, reasons)


def reasons_of(errors: Sequence[Mapping[str, object]]) -> str:
    """One cell's text: what keeps the row out goes first."""
    fatal = [f"{error['column']}: {error['sentence']}" for error in errors if error.get("fatal")]
    others = [f"{error['column']}: {error['sentence']}" for error in errors if not error.get("fatal")]
    return (NOT_TAKEN if fatal else "") + " ".join(fatal + others)


def annotate(table: Table, reasons: Mapping[int, str]) -> bytes:
    """The sheet with the column of reasons at its end; `reasons` by row number as the spreadsheet counts.

    Text is written as text whatever it begins with: a cell "=…" of a stranger's file must not become a formula on somebody's desk.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    sheet = book.add_worksheet(_sheet_name(table.sheet))
    formats: dict[type, Format] = {
        date: book.add_format({"num_format": "dd/mm/yyyy"}),
        datetime: book.add_format({"num_format": "dd/mm/yyyy"}),
    }
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    red = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#FFD9D9"})
    column = _column_of_reasons(table)
    for at, row in enumerate(table.rows):
        for position, cell in enumerate(row):
            if position != column:
                _write(sheet, at, position, cell, formats)
        if reason := reasons.get(at + 1):
            sheet.write_string(at, column, reason, red if reason.startswith(NOT_TAKEN) else wrapped)
    sheet.write_string(table.heading.last, column, REASONS, bold)
    sheet.set_column(column, column, WIDEST)
    sheet.freeze_panes(table.heading.last + 1, 0)
    book.close()
    return stream.getvalue()


def _column_of_reasons(table: Table) -> int:
    """The same column again in a file that was annotated before, else the first after the last."""
    heading: Row = list(table.rows[table.heading.last])
    for position, cell in enumerate(heading):
        if isinstance(cell, str) and fold_heading(cell) == fold_heading(REASONS):
            return position
    return max(map(len, table.rows), default=0)


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, formats: Mapping[type, Format]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, formats[type(cell)])
    else:
        sheet.write_string(row, column, str(cell))


def _sheet_name(name: str) -> str:
    return "".join(" " if letter in "[]:*?/\\'" else letter for letter in name)[:31].strip() or "Danh sách"
