"""Amounts are whole đồng, as Python integers and PostgreSQL bigint; nothing here knows of floats."""

import re
from decimal import ROUND_HALF_UP, Decimal


class AmountUnreadable(ValueError):
    """A text that is not a whole, non-negative number of đồng."""


_PLAIN = re.compile(r"\d{1,15}")
_GROUPED = re.compile(r"\d{1,3}([.,\u00a0 ])\d{3}(?:\1\d{3}){0,3}")


def parse_amount(text: str | int) -> int:
    """Read an amount as people write it: `540000`, `540.000`, `540,000 đ`; refuse what has two readings or a fraction."""
    if isinstance(text, int):
        if text < 0:
            raise AmountUnreadable(str(text))
        return text
    bare = text.strip().removesuffix("đồng").removesuffix("đ").strip()
    if _PLAIN.fullmatch(bare):
        return int(bare)
    if _GROUPED.fullmatch(bare):
        return int(re.sub(r"\D", "", bare))
    raise AmountUnreadable(text)


def format_amount(amount: int) -> str:
    """`1234567` → `1.234.567` (the unit stands beside it: "đồng" in print, "đ" on screen)."""
    return f"{amount:,}".replace(",", ".")


def format_percent(numerator: int, denominator: int) -> str:
    """A rate as printed: `63,16%`, half up to two decimals, once; `-` where there is nothing to divide by."""
    if denominator == 0:
        return "-"
    return f"{percent(numerator, denominator):.2f}%".replace(".", ",")


def percent(numerator: int, denominator: int) -> Decimal:
    """`100 × numerator / denominator`, half up to two decimals. Raises ZeroDivisionError for an empty denominator."""
    if denominator == 0:
        raise ZeroDivisionError
    return (Decimal(numerator) * 100 / Decimal(denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)
