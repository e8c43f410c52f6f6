"""Labels of history: who acts, why and on which request, told to the database session before anything is written."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_SET = "SELECT set_config('ansinh.actor', %s, false), set_config('ansinh.why', %s, false), set_config('ansinh.request', %s, false)"


def label_session(*, actor_id: int | None, why: str, request_id: str) -> None:
    """Label what this database session writes from now on. Outside any transaction, so that none takes the label back when it fails."""
    with connection.cursor() as cursor:
        cursor.execute(_SET, [str(actor_id or ""), why[:80], request_id[:40]])


def clear_labels() -> None:
    """The session is used for the next request or task: nothing of this one may stand on it."""
    label_session(actor_id=None, why="", request_id="")


@contextmanager
def labelled(*, actor_id: int | None, why: str, request_id: str = "") -> Iterator[None]:
    """Label everything written inside; for tasks and commands."""
    label_session(actor_id=actor_id, why=why, request_id=request_id)
    try:
        yield
    finally:
        if not connection.needs_rollback:
            clear_labels()
