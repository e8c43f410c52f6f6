"""The report's tables as a workbook: typed cells, frozen heads, filters, the row of column numbers with their formulas."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from itertools import groupby

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reconciliation.models import ReportSnapshot
from reconciliation.reports.sentences import NOT_KNOWN
from reconciliation.reports.tables import Column, Kind, Line, Table, report_tables
from reconciliation.reports.wording import write_sentences

_A4 = 9
_CHARACTERS = {Kind.ORDINAL: 6, Kind.COUNT: 12, Kind.MONEY: 18, Kind.PERCENT: 11}
_HEAD_ROW = 3
_FIELD = {"font_name": "Times New Roman", "font_size": 11, "border": 1, "valign": "vcenter"}


@dataclass(frozen=True)
class _Formats:
    title: Format
    italic: Format
    head: Format
    number_row: Format
    cells: Mapping[tuple[str, str], Format]


def render_workbook(*, snapshot: ReportSnapshot) -> bytes:
    """One sheet per table. Numbers are numbers (đồng, people, percentages with two decimals), so that they can be added and filtered."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sentences = write_sentences(snapshot.figures)
    created = snapshot.created_at.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": sentences.subject, "author": snapshot.figures["agency"]["name"], "created": created})
    formats = _formats(book)
    source = f"{sentences.closing_line} · Mã số liệu {snapshot.digest[:12]}"
    if snapshot.seal_digest:
        source += f" · Niêm phong nhật ký {snapshot.seal_digest[:16]}"
    if not snapshot.ties_out:
        source = f"SỐ LIỆU CHƯA KHỚP – BẢN DỰ THẢO · {source}"
    for table in report_tables(snapshot.figures):
        _write_sheet(book.add_worksheet(table.key), table, source=source, formats=formats)
    if snapshot.figures["differences"]:
        _write_differences(book.add_worksheet("Chênh lệch"), snapshot, formats=formats)
    book.close()
    return stream.getvalue()


def _write_sheet(sheet: Worksheet, table: Table, *, source: str, formats: _Formats) -> None:
    sheet.write_string(0, 0, table.title, formats.title)
    sheet.write_string(1, 0, " · ".join(part for part in (table.unit_line, source) if part), formats.italic)
    first = _write_head(sheet, table.columns, formats)
    for row, line in enumerate(table.lines, start=first):
        _write_line(sheet, row, table.columns, line, formats)
    last = first + len(table.lines) - 1
    sheet.autofilter(first - 1, 0, last, len(table.columns) - 1)
    sheet.freeze_panes(first, 2)
    for row, note in enumerate(table.notes, start=last + 2):
        sheet.write_string(row, 0, note, formats.italic)
    for position, column in enumerate(table.columns):
        sheet.set_column(position, position, _CHARACTERS.get(column.kind) or _text_width(table, position))
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEAD_ROW, first - 1)
    sheet.set_footer(f"&L{source}&Rtrang &P/&N")


def _text_width(table: Table, position: int) -> int:
    """As wide as the longest text, within reason; longer ones wrap."""
    return max(12, min(60, max((len(str(line.cells[position])) for line in table.lines), default=0) + 2))


def _write_head(sheet: Worksheet, columns: tuple[Column, ...], formats: _Formats) -> int:
    """Headings, grouped where columns share a group, then numbers and formulas as text; returns the first row of figures."""
    deep = any(column.group for column in columns)
    below = _HEAD_ROW + 1 if deep else _HEAD_ROW
    position = 0
    for group, members in groupby(columns, key=lambda column: column.group):
        inside = list(members)
        if group:
            sheet.merge_range(_HEAD_ROW, position, _HEAD_ROW, position + len(inside) - 1, group, formats.head)
        for column in inside:
            if deep and not group:
                sheet.merge_range(_HEAD_ROW, position, below, position, column.heading, formats.head)
            else:
                sheet.write_string(below, position, column.heading, formats.head)
            position += 1
    for position, column in enumerate(columns):
        sheet.write_string(below + 1, position, column.number, formats.number_row)
    sheet.set_row(below, 62)
    return below + 2


def _write_line(sheet: Worksheet, row: int, columns: tuple[Column, ...], line: Line, formats: _Formats) -> None:
    for position, (column, cell) in enumerate(zip(columns, line.cells, strict=True)):
        if isinstance(cell, Decimal):
            sheet.write_number(row, position, float(cell), formats.cells[line.level, "percent"])
        elif isinstance(cell, int):
            sheet.write_number(row, position, cell, formats.cells[line.level, "count"])
        elif column.kind in (Kind.TEXT, Kind.ORDINAL):
            sheet.write_string(row, position, cell or "", formats.cells[line.level, column.kind.value])
        else:
            sheet.write_string(row, position, NOT_KNOWN if cell is None else cell, formats.cells[line.level, "none"])


def _write_differences(sheet: Worksheet, snapshot: ReportSnapshot, *, formats: _Formats) -> None:
    sheet.write_string(0, 0, "Các chênh lệch chưa giải thích", formats.title)
    for row, difference in enumerate(snapshot.figures["differences"], start=2):
        sheet.write_string(row, 0, difference["sentence"])
    sheet.set_column(0, 0, 140)


def _formats(book: xlsxwriter.Workbook) -> _Formats:
    looks: dict[str, dict[str, object]] = {
        "total": {"bold": True, "bg_color": "#E2E2E2"},
        "group": {"bold": True, "bg_color": "#F3F3F3"},
        "line": {},
    }
    kinds: dict[str, dict[str, object]] = {
        "count": {"num_format": "#,##0"},
        "percent": {"num_format": "0.00"},
        "none": {"align": "right"},
        "text": {"text_wrap": True},
        "ordinal": {"align": "center"},
    }
    return _Formats(
        title=book.add_format({"font_name": "Times New Roman", "font_size": 13, "bold": True}),
        italic=book.add_format({"font_name": "Times New Roman", "font_size": 11, "italic": True}),
        head=book.add_format({**_FIELD, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#ECECEC"}),
        number_row=book.add_format({**_FIELD, "font_size": 9, "align": "center"}),
        cells={
            (level, kind): book.add_format({**_FIELD, **look, **setting})
            for level, look in looks.items()
            for kind, setting in kinds.items()
        },
    )
