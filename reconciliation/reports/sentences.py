"""Numbers, dates and amounts as Vietnamese offices print them: decimal comma, no space before %, half up once at display."""

from datetime import date
from decimal import Decimal

from payments.money import format_amount, percent

NOT_KNOWN = "..."
NOT_APPLICABLE = "-"
QUARTERS = ("I", "II", "III", "IV")
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}


def people_text(count: int) -> str:
    """`26794` → `26.794 người`."""
    return f"{format_amount(count)} người"


def decimal_text(value: Decimal) -> str:
    """Two decimals with a comma: `Decimal("33.16")` → `33,16`."""
    return f"{value:.2f}".replace(".", ",")


def rate_percent(numerator: int, denominator: int) -> str | None:
    """A rate as stored: `"63.16"`, half up; None where there is nothing to divide by."""
    return str(percent(numerator, denominator)) if denominator else None


def capitalised(text: str) -> str:
    """First letter upper case, the rest untouched: `xã Phước Thuận` → `Xã Phước Thuận`."""
    return text[:1].upper() + text[1:]


def day_text(day: date) -> str:
    """Inside a sentence: `30/9/2024`, `05/02/2025` (a zero before days under 10 and months 1 and 2; Decree 30/2020)."""
    return f"{day.day:02d}/{_month_digits(day)}/{day.year}"


def period_text(*, from_on: date, to_on: date) -> str:
    """The period inside a sentence: `quý III/2024`, `tháng 9/2024`, `năm 2024`, else from day to day."""
    kind = period_kind(from_on=from_on, to_on=to_on)
    if kind == "QUARTER":
        return f"quý {_quarter(to_on)}/{to_on.year}"
    if kind == "MONTH":
        return f"tháng {_month_digits(to_on)}/{to_on.year}"
    return f"năm {to_on.year}" if kind == "YEAR" else f"từ ngày {day_text(from_on)} đến ngày {day_text(to_on)}"


def period_title(*, from_on: date, to_on: date) -> str:
    """The period in a title: `quý III năm 2024`, `tháng 9 năm 2024`."""
    kind = period_kind(from_on=from_on, to_on=to_on)
    if kind == "QUARTER":
        return f"quý {_quarter(to_on)} năm {to_on.year}"
    if kind == "MONTH":
        return f"tháng {_month_digits(to_on)} năm {to_on.year}"
    return period_text(from_on=from_on, to_on=to_on)


def period_kind(*, from_on: date, to_on: date) -> str:
    """MONTH, QUARTER or YEAR when the days are exactly that, else PERIOD."""
    months = (to_on.year - from_on.year) * 12 + to_on.month - from_on.month + 1
    whole = from_on.day == 1 and _is_last_of_month(to_on)
    if whole and months == 1:
        return "MONTH"
    if whole and months == 3 and from_on.month % 3 == 1:
        return "QUARTER"
    return "YEAR" if whole and months == 12 and from_on.month == 1 else "PERIOD"


def amount_in_words(amount: int) -> str:
    """`105000` → `Một trăm linh năm nghìn đồng`, for the line "Bằng chữ". Raises ValueError below zero."""
    if amount < 0:
        raise ValueError(amount)
    return capitalised(f"{_number_in_words(amount) or _DIGITS[0]} đồng")


def _number_in_words(number: int) -> str:
    billions, rest = divmod(number, 1_000_000_000)
    words = [f"{_number_in_words(billions)} tỷ"] if billions else []
    for size, name in ((1_000_000, " triệu"), (1_000, " nghìn"), (1, "")):
        group, rest = divmod(rest, size)
        if group:
            words.append(_group_in_words(group, leading=not words) + name)
    return " ".join(words)


def _group_in_words(group: int, *, leading: bool) -> str:
    """Three digits; one that isn't the first says its zero hundreds aloud (`không trăm hai mươi mốt`)."""
    hundreds, below = divmod(group, 100)
    tens, units = divmod(below, 10)
    words = [] if leading and not hundreds else [_DIGITS[hundreds], "trăm"]
    if tens == 0:
        words += ["linh"] if words and units else []
    else:
        words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if units:
        words.append(
            "lăm" if tens and units == 5 else _AFTER_TENS.get(units, _DIGITS[units]) if tens > 1 else _DIGITS[units]
        )
    return " ".join(words)


def _quarter(day: date) -> str:
    return QUARTERS[(day.month - 1) // 3]


def _month_digits(day: date) -> str:
    return f"{day.month:02d}" if day.month < 3 else str(day.month)


def _is_last_of_month(day: date) -> bool:
    return date.fromordinal(day.toordinal() + 1).day == 1
