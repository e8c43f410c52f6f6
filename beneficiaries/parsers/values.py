"""Single values as people type them: dates, months, numbers of people, coefficients. Each reader says what it could not read."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from beneficiaries.parsers.workbook import Cell

EARLIEST_BIRTH_YEAR = 1900
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_SHORT_YEAR = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{2})", re.ASCII)
_LAST_SHORT_YEAR = 44
_EIGHT_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_YEAR = re.compile(r"(\d{4})")
_COEFFICIENT = re.compile(r"\d{1,2}(?:[.,]\d{1,2}0*)?", re.ASCII)
_IN_WORDS = re.compile(
    r"(?:ng[aà]y)?\s*(?:m[oồuù]ng)?\s*(\d{1,2})\s*th[aá]ng\s*(\d{1,2})\s*n[aă]m\s*(\d{4})", re.IGNORECASE
)
_YEAR_OF_A_FORM = re.compile(
    r"(?:ng[aà]y)?[\s.…_]*th[aá]ng[\s.…_]*n[aă]m\s*(\d{4})|(?:n[aă]m|sinh n[aă]m)\s*(\d{4})", re.IGNORECASE
)
_MONTH = re.compile(r"(?:tháng\s*)?(\d{1,2})\s*[/.\-]\s*(\d{4})", re.IGNORECASE)


@dataclass(frozen=True)
class BirthDate:
    """A birth date with its precision: `full` only when day, month and year are known."""

    year: int
    full: date | None


def text_of(cell: Cell) -> str:
    """The cell as the person who typed it saw it: whole floats without ".0"."""
    if type(cell) is str:
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def read_date(cell: Cell) -> date | None:
    """A full date in any of the usual forms, or None."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = text_of(cell)
    if match := _DAY_MONTH_YEAR.fullmatch(text) or _EIGHT_DIGITS.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif match := _ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := _IN_WORDS.fullmatch(unicodedata.normalize("NFC", text)):
        day, month, year = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_paper_date(cell: Cell) -> date | None:
    """The day of a decision: as `read_date`, and 5/9/24, which can only be 2024: before September 1945 no office of ours decided anything."""
    if (short := _SHORT_YEAR.fullmatch(text_of(cell))) and int(short[3]) <= _LAST_SHORT_YEAR:
        return read_date(f"{short[1]}/{short[2]}/20{short[3]}")
    return read_date(cell)


def read_birth(cell: Cell) -> BirthDate | None:
    """A birth date, or the year alone ("1942"), or None when it is neither."""
    if full := read_date(cell):
        return BirthDate(year=full.year, full=full) if full.year >= EARLIEST_BIRTH_YEAR else None
    text = text_of(cell)
    if _YEAR.fullmatch(text) and int(text) >= EARLIEST_BIRTH_YEAR:
        return BirthDate(year=int(text), full=None)
    if (form := _YEAR_OF_A_FORM.fullmatch(unicodedata.normalize("NFC", text))) and form[1 if form[1] else 2] >= str(
        EARLIEST_BIRTH_YEAR
    ):
        return BirthDate(year=int(form[1] or form[2]), full=None)
    if len(text) == 7 and text.isascii() and text.isdigit():  # 05091942 as a number loses its zero
        return read_birth("0" + text)
    return None


def read_month(cell: Cell) -> date | None:
    """The first day of a month written "09/2024" or "tháng 9/2024", or a date in it."""
    if full := read_date(cell):
        return full.replace(day=1)
    if (match := _MONTH.fullmatch(text_of(cell))) and 1 <= int(match[1]) <= 12:
        return date(int(match[2]), int(match[1]), 1)
    return None


def read_identity_number(cell: Cell) -> str | None:
    """12 digits (zeros lost by a numeric cell are put back), an old card's 9 digits, or None.

    10 or 11 digits are a personal number whose leading zeros a spreadsheet dropped; anything else is no number.
    """
    if type(cell) is str and len(cell) == 12 and cell.isascii() and cell.isdigit():
        return cell
    if isinstance(cell, float) and not cell.is_integer():
        return None  # its point is no separator: taking it out would make up a number
    digits = re.sub(r"[\s.\-]", "", text_of(cell))
    if not digits.isascii() or not digits.isdigit():
        return None
    if len(digits) in (10, 11):
        return digits.zfill(12)
    return digits if len(digits) in (9, 12) else None


def read_coefficient(cell: Cell) -> Decimal | None:
    """A positive coefficient with at most two decimals ("1,5", 1.5), or None: what is finer would be rounded when kept."""
    # A formula's 0.30000000000000004 is shown as 0,3.
    typed = text_of(round(cell, 6) if isinstance(cell, float) else cell)
    if not _COEFFICIENT.fullmatch(typed):
        return None
    value = Decimal(typed.replace(",", "."))
    return value if value > 0 else None


def tidy_name(name: str) -> str:
    """The name for keeping: NFC, single spaces; letters as written."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def read_digits(text: str) -> int | None:
    """A whole number of đồng as typed ("1.250.000", "1250000"), or None."""
    bare = text.strip().removesuffix("đồng").removesuffix("đ").strip()
    return int(re.sub(r"\D", "", bare)) if re.fullmatch(r"\d{1,12}|\d{1,3}([.,])\d{3}(?:\1\d{3}){0,3}", bare) else None
