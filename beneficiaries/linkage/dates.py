"""Dates as people write them, with what is really known of them: day, month, year, or a 01/01 that stands for "unknown"."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

EARLIEST_YEAR = 1850
UNSURE_CENTURY = "Năm sinh chỉ ghi hai số cuối, chưa rõ thế kỷ."
MONTH_TOO_LARGE, NO_SUCH_DAY = "Tháng lớn hơn 12.", "Ngày này không có trong lịch, chỉ dùng được năm."
NOT_A_DAY = (MONTH_TOO_LARGE, NO_SUCH_DAY)
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_SERIALS = range(367, 80_000)  # 1901 to 2118; below, the serial is more likely something else
_SEPARATED = re.compile(r"(\d{1,2})\s*[/.\-\\ ]\s*(\d{1,2})\s*[/.\-\\ ]\s*(\d{4}|\d{2})")
_MONTH_YEAR = re.compile(r"(\d{1,2})\s*[/.\-\\]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})[/.\-](\d{1,2})(?:[/.\-](\d{1,2}))?(?:[T ]\d{1,2}:\d{2}.*)?")
# Of "ngày … tháng … năm 1942" the year alone is known; mồng and mùng stand before the first ten days of a month.
_WORDS = re.compile(r"(?:ngay)?(?:mong|mung)?(\d{1,2})?(?:(?<!\d)nam|thang(\d{1,2})?nam)(\d{4})")
_BEFORE_YEAR = re.compile(r"(?:sinhnam|namsinh|sinh|khoangnam|khoang|ns|chung|truoc)?(\d{4})")
_BRACKETS = re.compile(r"[(\[].*?[)\]]")
_FOLD = str.maketrans("àáảãạăâằắẳẵặầấẩẫậêềếểễệèéẻẽẹôồốổỗộòóỏõọùúủũụ", "a" * 17 + "e" * 11 + "o" * 11 + "u" * 5)
_FILLING = re.compile(r"[\s:,.…_\-]")


class Precision(StrEnum):
    """How much of a date is known. DEFAULTED: it reads 01/01, which offices also write when they know the year alone."""

    DAY = "DAY"
    MONTH = "MONTH"
    YEAR = "YEAR"
    DEFAULTED = "DEFAULTED"


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date read from `original`. `swapped` is the other date it may mean when day and month could stand in each other's place.

    `doubt` is a sentence for a clerk, empty when there is none.
    """

    original: str
    year: int
    month: int | None
    day: int | None
    precision: Precision
    swapped: date | None = None
    doubt: str = ""

    @property
    def full(self) -> date | None:
        """The date when day, month and year were all given."""
        return date(self.year, self.month, self.day) if self.month and self.day else None


def age_on(day: date, *, born: date) -> int:
    """Full years; who was born on 29 February is a year older from 1 March on where there is no such day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def read_written_date(value: object, *, latest: date) -> ReadDate | None:
    """Read a date from a cell or a text; None when it is none, or lies after `latest` or before 1850.

    Forms: 5/9/1942, 05-09-1942, 5.9.42, 05091942, 050942, 9/1942, 1942, 1942-09-05, "ngày 5 tháng 9 năm 1942", "mồng 1 tháng 2 năm 1950",
    Excel's serial number.
    A two-digit year is the latest one that is not after `latest`.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _checked(str(value), value.year, value.month, value.day, latest=latest)
    text = _text_of(value)
    plain = " ".join(_BRACKETS.sub(" ", text).lower().split())
    if plain.isascii() and plain.isdigit():
        return _from_digits(text, plain, latest=latest)
    if found := _SEPARATED.fullmatch(plain):
        day, month = int(found[1]), int(found[2])
        year, sure = _full_year(found[3], latest=latest)
        return _checked(text, year, month, day, latest=latest, year_sure=sure)
    if found := _ISO.fullmatch(plain):
        return _checked(
            text, int(found[1]), int(found[2]), int(found[3]) if found[3] else None, latest=latest, swap=False
        )
    if found := _MONTH_YEAR.fullmatch(plain):
        return _checked(text, int(found[2]), int(found[1]), None, latest=latest)
    return _from_words(text, plain, latest=latest)


def _from_words(text: str, plain: str, *, latest: date) -> ReadDate | None:
    folded = _FILLING.sub("", unicodedata.normalize("NFC", plain).translate(_FOLD))
    if found := _WORDS.fullmatch(folded):
        day, month = (int(part) if part else None for part in found.groups()[:2])
        return _checked(text, int(found[3]), month, day, latest=latest, swap=False)
    if found := _BEFORE_YEAR.fullmatch(folded):
        return _checked(text, int(found[1]), None, None, latest=latest)
    return None


def _text_of(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None or isinstance(value, bool) else str(value).strip()


def _from_digits(text: str, digits: str, *, latest: date) -> ReadDate | None:
    if len(digits) == 4:
        return _checked(text, int(digits), None, None, latest=latest)
    if len(digits) == 7:  # 05091942 as a number loses its zero
        digits = "0" + digits
    if len(digits) == 8:
        if int(digits[4:]) < EARLIEST_YEAR <= int(digits[:4]):  # 19420905
            return _checked(text, int(digits[:4]), int(digits[4:6]), int(digits[6:]), latest=latest, swap=False)
        return _checked(text, int(digits[4:]), int(digits[2:4]), int(digits[:2]), latest=latest)
    if len(digits) == 6:
        if EARLIEST_YEAR <= int(digits[2:]) <= latest.year:  # 091942; as ddmmyy its month would be 18, 19 or 20
            return _checked(text, int(digits[2:]), int(digits[:2]), None, latest=latest)
        year, sure = _full_year(digits[4:], latest=latest)
        return _checked(text, year, int(digits[2:4]), int(digits[:2]), latest=latest, year_sure=sure)
    if len(digits) <= 5 and int(digits) in _EXCEL_SERIALS:
        serial = _EXCEL_EPOCH + timedelta(days=int(digits))
        return _checked(text, serial.year, serial.month, serial.day, latest=latest, swap=False)
    return None


def _full_year(digits: str, *, latest: date) -> tuple[int, bool]:
    """The year, and whether it is beyond doubt: '42 can only be 1942, but '20 may be 1920 too."""
    if len(digits) == 4:
        return int(digits), True
    year = latest.year - latest.year % 100 + int(digits)
    return (year, False) if year <= latest.year else (year - 100, True)


def _checked(
    text: str,
    year: int,
    month: int | None,
    day: int | None,
    *,
    latest: date,
    swap: bool = True,
    year_sure: bool = True,
) -> ReadDate | None:
    if not EARLIEST_YEAR <= year <= latest.year:
        return None
    doubt = "" if year_sure else UNSURE_CENTURY
    month, day = month or None, day or None  # 00/00/1942
    if month is None:
        return ReadDate(text, year, None, None, Precision.YEAR, doubt=doubt)
    if day is None:
        if month > 12:
            return ReadDate(text, year, None, None, Precision.YEAR, doubt=MONTH_TOO_LARGE)
        return ReadDate(text, year, month, None, Precision.MONTH, doubt=doubt)
    if month > 12 >= day and swap:
        # The century weighs more.
        month, day, doubt = (
            day,
            month,
            doubt or "Tháng lớn hơn 12: ngày và tháng viết đảo chỗ.",
        )
    given = _date_or_none(year, month, day)
    if given is None:
        return ReadDate(text, year, None, None, Precision.YEAR, doubt=doubt or NO_SUCH_DAY)
    if given > latest:
        return None
    other = _date_or_none(year, day, month) if swap and day != month else None
    if (month, day) == (1, 1):
        return ReadDate(text, year, 1, 1, Precision.DEFAULTED, doubt=doubt)
    return ReadDate(text, year, month, day, Precision.DAY, swapped=other, doubt=doubt)


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
