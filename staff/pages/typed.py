"""What people type, as the API reads it: 21/11/2026, 10/2024, 1.234.567 and 1,5."""

import re
from datetime import date

from django.http import QueryDict

from staff.templatetags.writing import DAYS

# 21/11/2026, 21-11-2026, 21.11.2026 and, where a telephone's keys have digits only, 21112026. Never two digits of a year.
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{2})(\d{2})(\d{4})", re.ASCII)
_YEARS = range(1900, 2200)

_MONTH = re.compile(r"(0?[1-9]|1[0-2])[/-](\d{4})")
_AMOUNT = re.compile(r"[-−]? ?\d{1,3}([. ]\d{3})*")


def read_days(given: QueryDict) -> QueryDict:
    """The same form or question with its days as `2026-11-21`; what is no day stays as it was typed, to be refused in words."""
    if DAYS.isdisjoint(given):
        return given
    read = given.copy()
    for name in DAYS.intersection(read):
        read.setlist(name, [_day(str(value).strip()) for value in read.getlist(name)])
    return read


def _day(typed: str) -> str:
    found = _DAY.fullmatch(typed)
    if not found:
        return typed
    number, month, year = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, number).isoformat() if year in _YEARS else typed
    except ValueError:
        return typed


def read_typed(
    given: QueryDict, *, months: tuple[str, ...] = (), amounts: tuple[str, ...] = (), rates: tuple[str, ...] = ()
) -> None:
    """Write the months as `2024-10`, sums of đồng and rates as numbers; what reads as none of these stays as it was typed, to be refused in words."""
    for name in months:
        if found := _MONTH.fullmatch(str(given.get(name, "")).strip()):
            given[name] = f"{found[2]}-{int(found[1]):02d}"
    for name in amounts:
        if _AMOUNT.fullmatch(typed := str(given.get(name, "")).strip()):
            given[name] = re.sub(r"[. ]", "", typed).replace("−", "-")
    for name in rates:
        if name in given:
            given[name] = str(given[name]).strip().replace(",", ".")
