"""The figures as CSV, one cell a line, for machines that read the PDF's attachment."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal

from reconciliation.reports.rolls.roll_csv import as_text
from reconciliation.reports.tables import Kind, Line, Table

HEADING = ("bieu", "dong", "ten_dong", "cot", "ten_cot", "gia_tri")


def figures_csv(tables: Iterable[Table]) -> str:
    """Every number of every table: whole numbers plain, percentages with a point, "not known" empty."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADING)
    for table in tables:
        for number, line in enumerate(table.lines, start=1):
            writer.writerows(_cells(table, line, number=number))
    return stream.getvalue()


def _cells(table: Table, line: Line, *, number: int) -> Iterable[tuple[object, ...]]:
    name = next((cell for column, cell in zip(table.columns, line.cells, strict=True) if column.kind is Kind.TEXT), "")
    for column, cell in zip(table.columns, line.cells, strict=True):
        if column.kind in (Kind.COUNT, Kind.MONEY, Kind.PERCENT):
            heading = f"{column.group}: {column.heading}" if column.group else column.heading
            value = "" if cell is None else str(cell) if isinstance(cell, Decimal) else cell
            yield (table.key, number, as_text(name), column.number.partition("=")[0], as_text(heading), value)
