"""The calendar of a payment month: the list of month M is made in M − 1. Holidays and swapped days are yearly data, never computed."""

from dataclasses import dataclass
from datetime import date, timedelta

from staff.models import CalendarDay

CHANGES_CLOSE_DAY = 15
HAND_OVER_BEFORE_DAY = 25
FURTHEST_DAYS = 15


@dataclass(frozen=True)
class MonthCalendar:
    """Until when changes count, and by when money and list are with the payer: the last working day before the 25th of the month before."""

    changes_close_on: date
    hand_over_by: date


def months_after(month: date, count: int) -> date:
    """The first day of the month `count` months after `month`."""
    years, index = divmod(month.month - 1 + count, 12)
    return date(month.year + years, index + 1, 1)


def is_doubtful_budget_year(*, month: date, listed_on: date) -> bool:
    """Whether a January list is drawn before 25 December: then nobody may guess which year's budget pays."""
    return month.month == 1 and listed_on < date(month.year - 1, 12, HAND_OVER_BEFORE_DAY)


def month_calendar(*, month: date) -> MonthCalendar:
    """The days of `month`'s list, from the calendar of the month before."""
    before = months_after(month, -1)
    return MonthCalendar(
        changes_close_on=last_working_day(until=before.replace(day=CHANGES_CLOSE_DAY)),
        hand_over_by=last_working_day(until=before.replace(day=HAND_OVER_BEFORE_DAY - 1)),
    )


def last_working_day(*, until: date) -> date:
    """The last working day up to and including `until`; Tết is the longest stretch without one."""
    special = dict(
        CalendarDay.objects.filter(day__gt=until - timedelta(days=FURTHEST_DAYS), day__lte=until).values_list(
            "day", "working"
        )
    )
    days = (until - timedelta(days=back) for back in range(FURTHEST_DAYS))
    return next((day for day in days if special.get(day, day.weekday() < 5)), until)
