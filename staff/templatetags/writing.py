"""What the API gives as numbers and ISO dates, as people write it: 1.234.567, 21/11/2026, 08:30 21/11/2026, 08/2024."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html

register = template.Library()
# The fields of pages that are days, whatever form they stand in.
DAYS = frozenset(
    {
        "answer_due_on",
        "arrived_on",
        "booked_on",
        "decided_on",
        "from_on",
        "held_on",
        "listed_on",
        "occurred_on",
        "on",
        "paper_issued_on",
        "paper_signed_on",
        "pay_on",
        "received_on",
        "said_on",
        "signed_on",
        "until_on",
        "to_on",
        "valid_from",
        "valid_to",
        "valid_until",
    }
)
_AS_ISO = re.compile(r"[12]\d{3}-\d{2}-\d{2}")
_AS_TYPED = r"\d{1,2}(/|-|\.)\d{1,2}(/|-|\.)\d{4}|\d{8}|\d{4}-\d{2}-\d{2}"  # without a class of signs: browsers read those in two ways
MOST_A_PAGE = 200  # whatever is asked, the API gives no more


@register.filter
def amount(value: int | None) -> str:
    """`1234567` → `1.234.567`; nothing → `-`."""
    return "-" if value is None else f"{value:,}".replace(",", ".")


@register.filter
def rate(value: str | Decimal) -> str:
    """`2.50` → `2,5`."""
    return f"{Decimal(value).normalize():f}".replace(".", ",")


@register.filter
def day(value: str | date | None) -> str:
    """`2026-11-21`, or a moment, as its day in Vietnam: `21/11/2026`."""
    if not value:
        return ""
    read = value if isinstance(value, date) else datetime.fromisoformat(value)
    if isinstance(read, datetime) and timezone.is_aware(read):
        read = timezone.localtime(read)
    return f"{read:%d/%m/%Y}"


@register.filter
def moment(value: str | datetime | None) -> str:
    """`2026-11-21T08:30:00+07:00` → `08:30 21/11/2026`, by the clock of Vietnam."""
    if not value:
        return ""
    read = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return f"{timezone.localtime(read):%H:%M %d/%m/%Y}"


@register.filter
def month(value: str | date | None) -> str:
    """`2024-08` → `08/2024`."""
    if not value:
        return ""
    if isinstance(value, date):
        return f"{value:%m/%Y}"
    year, number = value.split("-")[:2]
    return f"{number}/{year}"


@register.simple_tag
def day_input(
    name: str, *, id: str = "", row: object = None, sent: object = None, value: object = None, required: bool = False
) -> str:
    """The field for a day, written the same on every machine: a browser's own would show 04/03/2026 to one and 03/04/2026 to another.

    `row` tells the forms of one page apart (`signed_on-7`); what was typed (`value`) stands in the form that was `sent` and in no other.
    """
    if name not in DAYS:
        raise ValueError(f"{name} is not read as a day")
    given = str(value or "") if row is None or str(row) == str(sent) else ""
    return format_html(
        '<input id="{}" name="{}" value="{}" placeholder="ngày/tháng/năm" pattern="{}" maxlength="10" size="14" '
        'title="Ngày/tháng/năm, như 21/11/2026" autocomplete="off"{}>',
        (id or name) + ("" if row is None else f"-{row}"),
        name,
        "/".join(reversed(given.split("-"))) if _AS_ISO.fullmatch(given) else given,
        _AS_TYPED,
        " required" if required else "",
    )


@register.simple_tag
def other_page(data: dict[str, Any], request: Any, step: int, read: str = "") -> str:
    """The address of the next (1) or previous (-1) page of a list the API answered, "" where there is none; `read` goes with it."""
    shown, asked = len(data["results"]), request.GET.copy()
    size = min(int(asked.get("limit") or 50), MOST_A_PAGE)
    offset = int(asked.get("offset") or 0) + step * size
    if (step > 0 and offset >= data["count"]) or (step < 0 and offset < 0 and not int(asked.get("offset") or 0)):
        return ""
    if step > 0 and not shown:
        return ""
    asked["offset"] = str(max(offset, 0))
    if read:
        asked["read"] = read
    return f"?{asked.urlencode()}"
