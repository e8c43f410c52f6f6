"""Amounts, dates and times as ISO 20022 writes them."""

import re
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache

from reconciliation.parsers.errors import AmountNotWhole, StatementUnreadable

VIETNAM = timezone(timedelta(hours=7))
AMOUNT = re.compile(r"(\d{1,17})(?:\.(\d{1,5}))?", re.ASCII)


def parse_dong(text: str | None) -> int:
    """ "1000" and "1000.00" are 1,000 đồng. Raises AmountNotWhole, StatementUnreadable."""
    found = AMOUNT.fullmatch((text or "").strip())
    if found is None:
        raise StatementUnreadable("malformed amount")
    whole, fraction = found.groups()
    if fraction is not None and fraction.strip("0"):
        raise AmountNotWhole(f"{whole}.{fraction}")
    return int(whole)


@lru_cache(maxsize=1024)  # a statement has a handful of different dates
def parse_day(text: str) -> date:
    """The day in Vietnam of an ISODate or ISODateTime; without an offset it is local. Raises StatementUnreadable."""
    stripped = text.strip()
    try:
        return parse_time(stripped).date() if "T" in stripped else date.fromisoformat(stripped[:10])
    except ValueError as error:
        raise StatementUnreadable("malformed date") from error


def parse_time(text: str) -> datetime:
    """An ISODateTime as an aware time in Vietnam. Raises StatementUnreadable."""
    try:
        time = datetime.fromisoformat(text.strip())
        return time.replace(tzinfo=VIETNAM) if time.tzinfo is None else time.astimezone(VIETNAM)
    except (ValueError, OverflowError) as error:
        raise StatementUnreadable("malformed time") from error
