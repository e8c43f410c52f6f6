"""Working days: Saturdays, Sundays and holidays left out, days worked instead counted. The one calendar of terms and of lists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from staff.models import CalendarDay

FURTHEST_DAYS = 15  # Tết, the longest stretch without a working day, is shorter


@dataclass(frozen=True)
class WorkingDays:
    """The calendar as it stood when it was read: `{day: whether it is worked}` for the days that differ from their weekday."""

    special: Mapping[date, bool]

    def is_worked(self, day: date) -> bool:
        """Whether offices work on `day`."""
        return self.special.get(day, day.weekday() < 5)

    def after(self, start: date, days: int) -> date:
        """The day `days` working days after `start`; `start` itself is not counted."""
        end = start
        while days > 0:
            end += timedelta(days=1)
            days -= self.is_worked(end)
        return end

    def last(self, *, until: date) -> date:
        """The last working day up to and including `until`."""
        days = (until - timedelta(days=back) for back in range(FURTHEST_DAYS))
        return next((day for day in days if self.is_worked(day)), until)


def read_working_days() -> WorkingDays:
    """The calendar, in one query of some fifteen rows a year. Whoever asks for several days reads it once."""
    return WorkingDays(special=dict(CalendarDay.objects.values_list("day", "working")))


def working_days_after(start: date, days: int) -> date:
    """The day `days` working days after `start`, for who asks only once."""
    return read_working_days().after(start, days)
