"""How fast we may ask: evenly spaced calls, slower after each 429, faster again while answers are good."""

import threading
import time
from collections.abc import Callable

CATCH_UP = 2  # slots lost to late wake-ups which may be made good, so that the mean rate is kept
CUT = 0.85
CUT_AT_MOST_EVERY = 1.0  # seconds: calls in flight together are refused together, and that is one refusal
QUICK_GROWTH, SLOW_GROWTH, MOST_GROWTH = 0.10, 0.015, 0.5  # share of a rate, per second
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 60.0  # seconds
WINDOW, SHORTEST_WINDOW, IDLE = 2.0, 0.5, 0.5  # seconds over which granted calls are counted
FIRST_WINDOW = 0.5  # seconds: a bank's first burst says little of its rate
SLOWEST = 0.2  # calls per second


class Limiter:
    """Shared by the threads of one process. `rate` is calls per second, None for no limit until the bank sets one."""

    def __init__(
        self,
        *,
        rate: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if rate is not None and rate <= 0:
            raise ValueError("rate must be positive")
        self._ceiling = rate
        self._rate = rate
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next_slot = 0.0
        self._paused_until = 0.0
        self._pause = FIRST_PAUSE
        self._refused_rate = 0.0
        self._last_cut = -CUT_AT_MOST_EVERY
        self._grown_at = 0.0
        self._window_start = self._granted_at = clock()
        self._window_count = 0

    @property
    def rate(self) -> float | None:
        """Calls per second allowed at present, None while unlimited."""
        return self._rate

    def wait(self) -> None:
        """Return when the next call may be made."""
        while True:
            delay = self._reserve()
            if delay > 0:
                self._sleep(delay)
            if self._clock() >= self._paused_until:
                return

    def succeeded(self) -> None:
        """Note an answer other than 429."""
        with self._lock:
            now = self._clock()
            self._pause = FIRST_PAUSE
            self._window_count += 1
            if now - self._window_start > WINDOW or now - self._granted_at > IDLE:
                self._window_start, self._window_count = now, 1
            self._granted_at = now
            if self._rate is not None and self._refused_rate:
                self._rate += self._growth(self._rate, now) * min(now - self._grown_at, 1.0)
                self._grown_at = now
                if self._ceiling is not None:
                    self._rate = min(self._rate, self._ceiling)

    def refused(self, *, retry_after: float | None) -> None:
        """Note a 429: pause as long as the bank says (seconds), else ever longer, and go on more slowly."""
        with self._lock:
            now = self._clock()
            if now - self._last_cut < CUT_AT_MOST_EVERY and retry_after is None:
                return
            pause = self._pause if retry_after is None else retry_after
            self._paused_until = max(self._paused_until, now + min(pause, LONGEST_PAUSE))
            if now - self._last_cut < CUT_AT_MOST_EVERY:
                return
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            self._refused_rate = self._granted_rate(now)
            self._rate = max(self._refused_rate * CUT, SLOWEST)
            self._last_cut = self._grown_at = now

    def _reserve(self) -> float:
        """Take the next slot; return the seconds until it comes."""
        with self._lock:
            now = self._clock()
            start = max(now, self._paused_until)
            if self._rate is not None:
                slot = max(self._next_slot, start - CATCH_UP / self._rate)
                self._next_slot = slot + 1 / self._rate
                start = max(start, slot)
            return start - now

    def _growth(self, rate: float, now: float) -> float:
        """Calls per second gained per second: quickly back to where it went wrong, then ever more boldly beyond."""
        near = rate >= 0.95 * self._refused_rate
        if near:
            return rate * min(SLOW_GROWTH * max(now - self._last_cut, 1.0), MOST_GROWTH)
        return self._refused_rate * QUICK_GROWTH

    def _granted_rate(self, now: float) -> float:
        """What the bank lets through at present."""
        age = now - self._window_start
        if self._rate is None:
            return max(self._window_count, 1) / max(age, FIRST_WINDOW)
        return self._rate if age < SHORTEST_WINDOW else min(self._rate, max(self._window_count, 1) / age)
