"""The bank's own clock: ticks in real time from wherever it was set, or stands still."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
BANK_DAY_RETURN_HOUR = 10


class BankClock:
    """Bank time in epoch seconds. Wall time is kept apart: signatures and retries use the wall, the books never do."""

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self.wall = wall
        self._offset = 0.0
        self._frozen_at: float | None = None

    @property
    def frozen(self) -> bool:
        return self._frozen_at is not None

    def now(self) -> float:
        return self._frozen_at if self._frozen_at is not None else self.wall() + self._offset

    def set(self, *, now: float, frozen: bool) -> None:
        self._offset = now - self.wall()
        self._frozen_at = now if frozen else None

    def state(self) -> ClockState:
        return ClockState(offset=self._offset, frozen_at=self._frozen_at)

    def restore(self, state: ClockState) -> None:
        self._offset, self._frozen_at = state.offset, state.frozen_at


@dataclass(frozen=True, slots=True)
class ClockState:
    """What a restart needs to continue: a ticking clock went on while the bank was down, a frozen one did not."""

    offset: float
    frozen_at: float | None


def parse_time(text: str) -> float:
    """Epoch seconds of an ISO 8601 time; without an offset it is Vietnamese time. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=VIETNAM)
    return moment.timestamp()


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, VIETNAM).isoformat(timespec="seconds")


def bank_date(seconds: float) -> date:
    """The Vietnamese calendar day a moment falls on; bookings carry this date."""
    return datetime.fromtimestamp(seconds, VIETNAM).date()


def day_start(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=VIETNAM).timestamp())


def bank_days_later(seconds: float, days: int) -> int:
    """10:00 on the `days`-th bank day (Monday to Friday; public holidays are not known here) after `seconds`."""
    day = bank_date(seconds)
    while days:
        day += timedelta(days=1)
        if day.weekday() < 5:
            days -= 1
    return day_start(day) + BANK_DAY_RETURN_HOUR * 3600
