"""Work a request does itself, but that takes seconds: only so many at a time, and none without an end."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg.errors import QueryCanceled

from reconciliation.errors import CheckTakesTooLong, TooManyChecks

AT_A_TIME = 2
LONGEST_STATEMENT = "60s"  # counting a whole province again takes a third of it


@contextmanager
def few_at_a_time(name: str, *, most: int = AT_A_TIME) -> Iterator[None]:
    """One of `most` places in the whole installation; whoever dies gives it back. Raises `TooManyChecks`, `CheckTakesTooLong`."""
    with connection.cursor() as cursor:
        place = next((one for one in range(most) if _taken(cursor, name, one)), None)
        if place is None:
            raise TooManyChecks
        try:
            with ended_after_a_minute():
                yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s::int)", [name, place])


@contextmanager
def ended_after_a_minute() -> Iterator[None]:
    """No statement inside takes longer; within a transaction what fails inside is undone, so that the session can go on. Raises `CheckTakesTooLong`."""
    with connection.cursor() as cursor:
        try:
            with _undone_if_it_fails() if connection.in_atomic_block else nullcontext():
                cursor.execute("SELECT set_config('statement_timeout', %s, false)", [LONGEST_STATEMENT])
                yield
        except OperationalError as error:
            if isinstance(error.__cause__, QueryCanceled):
                raise CheckTakesTooLong from error
            raise
        finally:
            cursor.execute("RESET statement_timeout")


@contextmanager
def _undone_if_it_fails() -> Iterator[None]:
    """A savepoint by hand: an `atomic` here would forbid a view of the database frozen inside, which a test's own transaction allows."""
    point, whole = transaction.savepoint(), False
    try:
        yield
        transaction.savepoint_commit(point)
        whole = True
    finally:
        if not whole:
            transaction.set_rollback(False)
            transaction.savepoint_rollback(point)


def _taken(cursor: CursorWrapper, name: str, place: int) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s::int)", [name, place])
    return bool(cursor.fetchone()[0])
