"""One view of the database for many statements: figures of one report are of one moment, whoever writes meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

_INSIDE: ContextVar[bool] = ContextVar("inside a frozen view", default=False)


@contextmanager
def frozen_view() -> Iterator[None]:
    """A transaction whose statements all see what was committed when its first one began (REPEATABLE READ); one inside another joins it.

    Raises RuntimeError inside any other transaction: that one has its own view already. An update of a row somebody else changed
    meanwhile raises `OperationalError`.
    """
    if _INSIDE.get():
        yield
        return
    with transaction.atomic(durable=True):
        if len(connection.atomic_blocks) == 1:  # a test's own transaction has begun before
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        token = _INSIDE.set(True)
        try:
            yield
        finally:
            _INSIDE.reset(token)
