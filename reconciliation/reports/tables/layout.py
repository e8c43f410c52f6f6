"""A table as a template prints it: grouped headings, widths in percent, cells already text."""

import re
from dataclasses import dataclass
from itertools import groupby

from reconciliation.reports.tables.table import Column, Kind, Table, printed

_BREAKS = re.compile(r"(?<==)|(?=×)|(?<=\))(?=[+\-])")


@dataclass(frozen=True)
class Heading:
    """A cell of the heading; `columns` and `rows` are what it spans."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True)
class Layout:
    """What the template needs.

    `widths` are texts like `4.40`, `numbers` formulas in parts a line may break between, `lines` pairs of level and `(class, text)` cells.
    """

    title: str
    unit_line: str
    widths: tuple[str, ...]
    headings: tuple[tuple[Heading, ...], ...]
    numbers: tuple[tuple[str, ...], ...]
    lines: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    notes: tuple[str, ...]
    landscape: bool
    dense: bool
    close: bool
    starts_page: bool


def laid_out(table: Table) -> Layout:
    """Lay a table out for print."""
    width = sum(column.share for column in table.columns)
    classes = [_class(column) for column in table.columns]
    return Layout(
        title=table.title, unit_line=table.unit_line, notes=table.notes, landscape=table.landscape,
        dense=len(table.columns) > 15, close=11 < len(table.columns) <= 15,
        starts_page=table.starts_page,
        widths=tuple(f"{100 * column.share / width:.2f}" for column in table.columns),
        headings=_headings(table.columns),
        numbers=tuple(tuple(_BREAKS.split(column.number)) for column in table.columns),
        lines=tuple((line.level, tuple(zip(classes, map(printed, line.cells), strict=True))) for line in table.lines),
    )  # fmt: skip


def _headings(columns: tuple[Column, ...]) -> tuple[tuple[Heading, ...], ...]:
    if not any(column.group for column in columns):
        return (tuple(Heading(column.heading) for column in columns),)
    top: list[Heading] = []
    below: list[Heading] = []
    for group, members in groupby(columns, key=lambda column: column.group):
        inside = list(members)
        if group:
            top.append(Heading(group, columns=len(inside)))
            below += [Heading(column.heading) for column in inside]
        else:
            top += [Heading(column.heading, rows=2) for column in inside]
    return (tuple(top), tuple(below))


def _class(column: Column) -> str:
    return {Kind.TEXT: "text", Kind.ORDINAL: "ordinal"}.get(column.kind, "number")
