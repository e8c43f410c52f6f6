"""The calendar of a payment month: the list of month M is made in M − 1."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from payments.models import Cycle
from staff.services.working_days import read_working_days

CHANGES_CLOSE_DAY = 15
LIST_DAY = 18
HAND_OVER_BEFORE_DAY = 25
PAY_DAY = 5
LOOKED_AHEAD = 12  # months; of which no more than a few are paid ahead


@dataclass(frozen=True)
class MonthCalendar:
    """Until when changes count, when the list is drawn up, by when money and list are with the payer (the last working day before the 25th
    of the month before), and from when people are paid: the first working day from the 5th, so that no office is closed."""

    changes_close_on: date
    list_on: date
    hand_over_by: date
    pay_on: date


def months_after(month: date, count: int) -> date:
    """The first day of the month `count` months after `month`."""
    years, index = divmod(month.month - 1 + count, 12)
    return date(month.year + years, index + 1, 1)


def is_doubtful_budget_year(*, month: date, listed_on: date) -> bool:
    """Whether a January list is drawn before 25 December: then nobody may guess which year's budget pays."""
    return month.month == 1 and listed_on < date(month.year - 1, 12, HAND_OVER_BEFORE_DAY)


def next_payment(*, after: date, answered: Collection[date]) -> tuple[date, date]:
    """The first month after `after` (first days) that is not in `answered`, paid ahead, and from when: as its lists say, else by the calendar."""
    month = next(each for count in range(1, LOOKED_AHEAD) if (each := months_after(after, count)) not in answered)
    said = Cycle.objects.filter(month=month).values_list("pay_on", flat=True).first()
    return month, said or month_calendar(month=month).pay_on


def month_calendar(*, month: date) -> MonthCalendar:
    """The days of `month`'s list, from the calendar of the month before."""
    before, calendar = months_after(month, -1), read_working_days()
    return MonthCalendar(
        changes_close_on=calendar.last(until=before.replace(day=CHANGES_CLOSE_DAY)),
        list_on=calendar.last(until=before.replace(day=LIST_DAY)),
        hand_over_by=calendar.last(until=before.replace(day=HAND_OVER_BEFORE_DAY - 1)),
        pay_on=calendar.after(month.replace(day=PAY_DAY - 1), 1),
    )


def first_list_of(*, signed_on: date, since: date) -> date:
    """The first month from `since` whose list, made on its day, counts a decision signed that day: what is signed later waits for the next."""
    month = since
    while month_calendar(month=month).list_on < signed_on:
        month = months_after(month, 1)
    return month
