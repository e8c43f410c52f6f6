"""How fast we may ask: evenly spaced calls, slower after a 429, faster again while answers are good.

Between two refusals the bank had nothing to spare at either end: what it answered in that time is its limit, exactly. So a limit nobody told is
measured instead of groped for, and left by three parts in a hundred only. A bank that lets nothing through at once refuses every call that comes a
moment early: there no slot is kept over a refusal and no pause is longer than one, and what is left is lost to wake-ups that come late.
"""

import threading
import time
from collections.abc import Callable

CATCH_UP = 2  # slots lost to late wake-ups which may be made good, so that the mean rate is kept
CUT = 0.97  # of the limit that was measured
DEEPEST_CUT = 0.7  # of the present rate: what was measured while the bank still had something to spare is too little
SURE_CUT = 0.92  # the same once the limit is known: what was measured on the way up to it is less than it
BLIND_CUT = 0.94  # of the present rate, when too little was answered since the last refusal to measure anything
ENOUGH_ANSWERS, ENOUGH_SECONDS = 20, 3.0  # to measure a limit
SPARED_SECONDS = 1.0  # what banks commonly let through at once, in seconds of their limit: most of the first burst
FIRST_GUESS = 10.0  # calls per second at least: who starts while nothing is to spare must not grope up from nothing
SURE_AFTER = 2  # refusals; before, the limit is a guess, and doubled within the second
UNSURE_GROWTH, QUICK_GROWTH, SLOW_GROWTH, MOST_GROWTH = 0.7, 0.10, 0.015, 0.5  # share of a rate, per second
FULL_GROWTH_FROM = 40.0  # calls per second; a slower bank is tried as rarely by calls, not as often by seconds
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 60.0  # seconds
IDLE = 0.5  # seconds without an answer after which counting begins anew
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
        self._in_a_row = self._turn = 0
        self._refused_rate = 0.0
        self._refusals = 0
        self._cut_at = float("-inf")
        self._grown_at = 0.0
        self._counted_from = self._answered_at = clock()
        self._answered = 0

    @property
    def rate(self) -> float | None:
        """Calls per second allowed at present, None while unlimited."""
        return self._rate

    def wait(self) -> float:
        """Return when the next call may be made: at what time by the clock, which `refused` is told again."""
        while True:
            delay, turn = self._reserve()
            if delay > 0:
                self._sleep(delay)
            if self._may_go(now := self._clock(), turn):
                return now

    def succeeded(self) -> None:
        """Note an answer other than 429."""
        with self._lock:
            now = self._clock()
            self._pause, self._in_a_row = FIRST_PAUSE, 0
            if now - self._answered_at > IDLE and self._rate is not None and self._rate * IDLE > 1:
                self._counted_from, self._answered = now, 0
            self._answered += 1
            self._answered_at = now
            if self._rate is not None and self._refused_rate:
                self._rate += self._growth(self._rate, now) * min(now - self._grown_at, 1.0)
                self._grown_at = now
                if self._ceiling is not None:
                    self._rate = min(self._rate, self._ceiling)

    def refused(self, *, retry_after: float | None, called_at: float) -> None:
        """Note a 429: pause as long as the bank says (seconds), else ever longer, and go on more slowly.

        `called_at` is what `wait` returned. Calls in flight together are refused together, and that is one refusal.
        """
        with self._lock:
            now = self._clock()
            known = called_at <= self._cut_at
            if known and retry_after is None:
                return
            pause = self._next_pause() if retry_after is None else retry_after
            self._paused_until = max(self._paused_until, now + min(pause, LONGEST_PAUSE))
            if known:
                return
            self._turn, self._next_slot = self._turn + 1, self._paused_until
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
            self._in_a_row = min(self._in_a_row + 1, 20)
            self._rate = max(self._slower(now), SLOWEST)
            self._refusals += 1
            self._cut_at = self._grown_at = now

    def _may_go(self, now: float, turn: int) -> bool:
        """Whether the slot still holds: nothing was refused since it was given out. Slots of before would meet those given out after."""
        return now >= self._paused_until and turn == self._turn

    def _reserve(self) -> tuple[float, int]:
        """Take the next slot; return the seconds until it comes, and the turn it is of: after a refusal slots are given out anew."""
        with self._lock:
            now = self._clock()
            start = max(now, self._paused_until)
            if self._rate is not None:
                slot = max(self._next_slot, start - CATCH_UP / self._rate)
                self._next_slot = slot + 1 / self._rate
                start = max(start, slot)
            return start - now, self._turn

    def _next_pause(self) -> float:
        """Where nobody says how long: a slot's length, twice that if the next call is refused too, up to what it is without a rate.

        A bank that saves nothing up for later only loses by a longer one.
        """
        return self._pause if self._rate is None else min(self._pause, 2**self._in_a_row / self._rate)

    def _slower(self, now: float) -> float:
        """The rate after a refusal; begins to count anew where something was measured."""
        seconds, answered = now - self._counted_from, self._answered
        if self._rate is None:
            self._refused_rate = max(answered / (seconds + SPARED_SECONDS), FIRST_GUESS)
        elif answered >= ENOUGH_ANSWERS or seconds >= ENOUGH_SECONDS:
            deepest = DEEPEST_CUT if self._refusals < SURE_AFTER else SURE_CUT
            self._refused_rate = min(max(answered / seconds, self._rate * deepest), self._rate)
        else:
            self._refused_rate = self._rate * BLIND_CUT
            return self._refused_rate
        self._counted_from, self._answered = now, 0
        return self._refused_rate if self._rate is None else self._refused_rate * CUT

    def _growth(self, rate: float, now: float) -> float:
        """Calls per second gained per second: quickly back to where it went wrong, then ever more boldly beyond."""
        if self._refusals < SURE_AFTER and self._ceiling is None:
            return rate * UNSURE_GROWTH
        if rate >= 0.95 * self._refused_rate:
            boldness = SLOW_GROWTH * min(rate / FULL_GROWTH_FROM, 1.0)
            return rate * min(boldness * max(now - self._cut_at, 1.0), MOST_GROWTH)
        return self._refused_rate * QUICK_GROWTH
