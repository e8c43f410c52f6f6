"""Money and days as a spreadsheet holds them: numbers, dates, or text in any of the ways banks print them."""

import math
import re
from datetime import date, datetime
from typing import Final

from beneficiaries.parsers.spreadsheets import Cell
from beneficiaries.parsers.values import read_date, text_of

LARGEST: Final = 10**15  # a double holds every whole number up to nine times this
_CURRENCY: Final = re.compile(r"(?:vnd|vnđ|đồng|đ)$", re.IGNORECASE)
_GROUPED: Final = re.compile(r"\d{1,3}(?:([.,  ])\d{3})(?:\1\d{3})*(?:[.,]0{1,2})?", re.ASCII)
_PLAIN: Final = re.compile(r"\d{1,15}(?:[.,]0{1,2})?", re.ASCII)
_FRACTION: Final = re.compile(r"[.,]0{1,2}$")
_TIME: Final = re.compile(r"[ T]+\d{1,2}:\d{2}.*$", re.DOTALL)


def read_money(cell: Cell) -> int | None:
    """Whole đồng with its sign ("-1.234.567", "1,234,567.00", "(500)", 500.0); None when it is no whole amount of đồng."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int):
        return cell if abs(cell) < LARGEST else None
    if isinstance(cell, float):
        return int(cell) if math.isfinite(cell) and cell.is_integer() and abs(cell) < LARGEST else None
    text = _CURRENCY.sub("", cell.strip()).strip() if isinstance(cell, str) else ""
    negative = text.startswith("-") or (text.startswith("(") and text.endswith(")"))
    text = text.strip("()").lstrip("+-").strip()
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        return None
    digits = re.sub(r"\D", "", _FRACTION.sub("", text))
    return None if len(digits) > 15 else -int(digits) if negative else int(digits)


def read_day(cell: Cell) -> date | None:
    """The day of a date, with or without a time of day; None when it is none. Day comes before month."""
    if isinstance(cell, datetime):
        return cell.date()
    return read_date(_TIME.sub("", cell.strip()) if isinstance(cell, str) else cell)


def read_words(cell: Cell) -> str | None:
    """Text on one line, None for nothing."""
    return " ".join(text_of(cell).split()) or None
