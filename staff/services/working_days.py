"""Working days: Saturdays, Sundays and the holidays of yearly data left out, days worked instead counted."""

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data" / "days_off.csv"


@lru_cache(maxsize=1)
def known_days() -> Mapping[date, bool]:
    """Days that differ from the week: `{day: whether it is worked}`, from `staff/data/days_off.csv`. Never computed: government decides them."""
    with DATA.open(encoding="utf-8", newline="") as stream:
        return {date.fromisoformat(row["on"]): row["kind"] == "WORKDAY" for row in csv.DictReader(stream)}


def is_working_day(day: date) -> bool:
    """Whether offices work on `day`."""
    return known_days().get(day, day.weekday() < 5)


def working_days_after(start: date, days: int) -> date:
    """The day `days` working days after `start`; `start` itself is not counted."""
    end = start
    while days > 0:
        end += timedelta(days=1)
        days -= is_working_day(end)
    return end
