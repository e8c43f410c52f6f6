"""Statements asked so often that planning each anew costs more than its answer: the server keeps their plan for the session.

Django merges values into the text of a statement, so that every question is a new one to the server. Here the values travel apart. The
server weighs a plan for all values against one for each, and takes what is cheaper.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor


class _Prepared(Cursor[Any]):
    """What it executes is prepared at first use, once per session."""

    def execute(self, query: Any, params: Any = None, **given: Any) -> "_Prepared":
        return super().execute(query, params, **{**given, "prepare": True})


def prepared_cursor() -> CursorWrapper:
    """A cursor like `connection.cursor()`, for a statement with a fixed text. Where the types of values are not plain, the text casts them.

    Whoever has Django log queries gets its own cursor, which can tell what it sent.
    """
    if connection.queries_logged:
        return connection.cursor()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    cursor: Any = _Prepared(connection.connection)
    return connection.make_cursor(cursor)


def ask(statement: str, given: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of its answer."""
    with prepared_cursor() as cursor:
        cursor.execute(statement, given)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
