"""Two connections at once, without sleeping: begin something in another one, and go on when it waits for us or has ended."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, connections

_WAIT_FOR_US = (
    "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
)


@contextmanager
def beside() -> Iterator[Callable[[Callable[[], object]], Future[object]]]:
    """A function that begins its argument in a connection of its own, and comes back when that waits for a lock of ours, or has ended."""
    with ThreadPoolExecutor(1) as pool:

        def begin(work: Callable[[], object]) -> Future[object]:
            begun = pool.submit(_and_close, work)
            with connection.cursor() as cursor:
                while not begun.done():
                    cursor.execute(_WAIT_FOR_US)
                    if cursor.fetchone()[0]:
                        break
            return begun

        yield begin


def _and_close(work: Callable[[], object]) -> object:
    try:
        return work()
    finally:
        connections.close_all()
