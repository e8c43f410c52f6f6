"""What a table is, whoever prints it: columns with number and formula, lines with typed cells, notes below."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from payments.money import format_amount, percent
from reconciliation.reports.sentences import NOT_APPLICABLE, NOT_KNOWN, decimal_text

Figures = dict[str, Any]
Cell = int | Decimal | str | None
"""A number, a percentage or difference of percentages, a text; None is "not known"."""


class Kind(Enum):
    """How the cells of a column are set."""

    ORDINAL = "ordinal"
    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    PERCENT = "percent"


@dataclass(frozen=True)
class Column:
    """One column. `number` is the column's name in formulas, `(6)`, with the formula where it has one; `share` is its part of the width."""

    number: str
    heading: str
    kind: Kind
    share: float
    group: str = ""


@dataclass(frozen=True)
class Line:
    """One line; `level` is total, group or line."""

    level: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """A Biểu: `key` names sheet and file, `title` what is printed above it."""

    key: str
    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    unit_line: str = "Đơn vị tính: người; đồng"
    notes: tuple[str, ...] = field(default=())
    landscape: bool = False
    starts_page: bool = True


def printed(cell: Cell) -> str:
    """A cell as text: `26.794`, `63,16`, "-" as it is, "..." where not known."""
    if cell is None:
        return NOT_KNOWN
    if isinstance(cell, Decimal):
        return decimal_text(cell)
    return format_amount(cell) if isinstance(cell, int) else cell


def rate(numerator: int, denominator: int) -> Cell:
    """A percentage cell; "-" where there is nothing to divide by."""
    return percent(numerator, denominator) if denominator else NOT_APPLICABLE


def whole_label(figures: Figures) -> str:
    """What the total line is called: "Toàn tỉnh" for a province."""
    name = str(figures["unit"]["name"])
    return (
        f"Toàn {kind}"
        if (
            kind := next(
                (kind for kind in ("tỉnh", "thành phố", "huyện", "thị xã", "xã", "phường") if name.startswith(kind)), ""
            )
        )
        else "Tổng số"
    )
