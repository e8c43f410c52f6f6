"""Web and worker processes, one thread and one database session each; exactly one runs at a time, and only the schedule says which.

Every statement and every call to the bank is a numbered point. An actor may die there (kill -9), or be paused there and resumed much later.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, connections

from tests.simulation.watch import watch

LOCK_TIMEOUT = "3s"
MOST_POINTS = 2_000
NO_DAY = datetime.min.replace(tzinfo=UTC)


class Endless(RuntimeError):
    """A piece of work that passes so many points will never end."""


class Died(BaseException):
    """kill -9: nothing of ours may catch it."""


@dataclass(frozen=True)
class Fate:
    """What befalls a piece of work: at which numbered point it dies or is paused (0: never)."""

    dies_at: int = 0
    paused_at: int = 0


NEVER = Fate()


class Actor:
    """One process of ours. `do` runs a piece of work to its end, its death, or its pause; `resume` goes on with a paused one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.paused = False
        self.points: list[str] = []
        self.ends_at: datetime | None = (
            None  # the kernel's timer, while one is wound up: it counts while the machine is suspended too
        )
        self.stood_still = timedelta()  # how long the other clock of its machine did not count
        self._suspended, self._clock = False, lambda: NO_DAY
        self._fate = Fate()
        self._work: Callable[[], None] | None = None
        self._error: BaseException | None = None
        self._dead = False
        self._to_actor, self._to_schedule = threading.Lock(), threading.Lock()  # taken; whoever may go on is given one
        self._to_actor.acquire()
        self._to_schedule.acquire()
        self._thread = threading.Thread(target=self._live, name=name, daemon=True)
        self._thread.start()
        self._ident = self._thread.ident

    def begin(self, *, clock: Callable[[], datetime], suspended: bool) -> None:
        """A new schedule by this clock. `suspended`: it sleeps with its machine, whose ordinary clock stands still meanwhile."""
        self._clock, self._suspended = clock, suspended
        self.ends_at, self.stood_still = None, timedelta()

    def do(self, work: Callable[[], None], fate: Fate = NEVER) -> str:
        """Run `work`; returns "done", "died", "paused", or "busy" while an earlier work is paused. Raises what the work raised."""
        if self.paused:
            return "busy"
        self._fate, self._work, self._dead = fate, work, False
        self.points.clear()
        return self._go()

    def resume(self) -> str:
        """Go on with the paused work."""
        return self._go() if self.paused else "idle"

    def kill(self) -> None:
        """End a paused work for good."""
        if self.paused:
            self._fate = Fate(dies_at=len(self.points))
            self._go()

    def end(self) -> None:
        """End the thread and its session."""
        self.kill()
        self._work = None
        self._to_actor.release()
        self._thread.join()

    def point(self, what: str) -> None:
        """A numbered point: the actor's own thread may end or stop here."""
        if not self.is_here() or self._dead:
            return
        self.points.append(what)
        number = len(self.points)
        if number > MOST_POINTS:
            raise Endless(f"{self.name}: {number} points")
        if self._fate.paused_at and number >= self._fate.paused_at and not connection.in_atomic_block:
            self._fate = Fate(dies_at=self._fate.dies_at)
            self._sleep()
        if self._fate.dies_at and number >= self._fate.dies_at:
            self._dead = True
            raise Died

    def _sleep(self) -> None:
        fell_asleep = self._clock()
        self.paused = True
        self._to_schedule.release()
        self._to_actor.acquire()
        self.paused = False
        if self._suspended:
            self.stood_still += self._clock() - fell_asleep
        if self.ends_at is not None and self._clock() >= self.ends_at:
            self._dead = True
            raise Died

    def is_here(self) -> bool:
        """Whether this is the actor's own thread."""
        return threading.get_ident() == self._ident

    def _go(self) -> str:
        self._to_actor.release()
        self._to_schedule.acquire()
        if self.paused:
            return "paused"
        if self._error is not None:
            error, self._error = self._error, None
            raise error
        return "died" if self._dead else "done"

    def _live(self) -> None:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'; SET synchronous_commit = off")
        connection.execute_wrappers.append(self._at_every_statement)
        while True:
            self._to_actor.acquire()
            if self._work is None:
                break
            try:
                self._work()
            except Died:
                self._end_of_session()
            except BaseException as error:  # handed to the schedule's thread as it is
                self._error = error
            self._to_schedule.release()
        connections.close_all()

    def _at_every_statement(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        self.point("before a statement")
        watch.note(sql)
        result = execute(sql, params, many, context)
        self.point("after a statement")
        return result

    def _end_of_session(self) -> None:
        """What the server does when the process behind a session is gone; what was open is rolled back by then."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")


@contextmanager
def actors(*names: str) -> Iterator[dict[str, Actor]]:
    """Processes for as long as the block runs."""
    made = {name: Actor(name) for name in names}
    try:
        yield made
    finally:
        for actor in made.values():
            actor.end()
