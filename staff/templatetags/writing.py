"""What the API gives as numbers and ISO dates, as people write it: 1.234.567, 21/11/2026, 08:30 21/11/2026, 08/2024."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone

register = template.Library()
MOST_A_PAGE = 200  # whatever is asked, the API gives no more


@register.filter
def amount(value: int | None) -> str:
    """`1234567` → `1.234.567`; nothing → `-`."""
    return "-" if value is None else f"{value:,}".replace(",", ".")


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
