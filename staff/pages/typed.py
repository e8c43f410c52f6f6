"""What people type, as the API reads it: 10/2024, 1.234.567 and 1,5."""

import re

from django.http import QueryDict

_MONTH = re.compile(r"(0?[1-9]|1[0-2])[/-](\d{4})")
_AMOUNT = re.compile(r"[-−]? ?\d{1,3}([. ]\d{3})*")


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
