"""Sessions in which the server plans each statement once: planning is most of what it does in a schedule (ADR 43).

A statement is prepared if the server can tell the type of each of its values. Any other one (about a temporary table, SET, a savepoint) goes as the
product sends it, with its values in the text. Numbers have the types they have in a text, so that both ways mean the same.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import CursorMixin
from django.db.backends.signals import connection_created
from psycopg import ClientCursor, Cursor
from psycopg._preparing import Prepare, PrepareManager
from psycopg._queries import PostgresClientQuery, PostgresQuery
from psycopg.pq import ExecStatus
from psycopg.types.numeric import IntDumper

_MAY_BE_PREPARED = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
ONE_PLAN = "-c plan_cache_mode=force_generic_plan"


class _Judge:
    """Asks the server once, in a session of its own, whether it can plan a statement that comes without its values."""

    def __init__(self, session: psycopg.Connection[Any]) -> None:
        self._session = session
        self._known: dict[tuple[bytes, tuple[int, ...]], bool] = {}

    def may_prepare(self, query: PostgresQuery) -> bool:
        key = (query.query, query.types)
        if key not in self._known:
            answer = self._session.pgconn.prepare(b"", query.query, query.types)
            self._known[key] = answer.status == ExecStatus.COMMAND_OK
        return self._known[key]


class _LiteralIntDumper(IntDumper):
    """integer or bigint, as PostgreSQL reads a number in a text; psycopg's smallint would make a third plan of every statement."""

    _int2_dumper = IntDumper._int4_dumper


class _KeptPlans(PrepareManager):
    """psycopg forgets all it prepared at a rollback, for tables made since may be gone; no statement about those is prepared here."""

    prepare_threshold = 0
    prepared_max = 5_000

    def _should_discard(self, *given: Any) -> bool:
        return False


def _cursor_of(judge: _Judge) -> type[Cursor[Any]]:
    class PreparingCursor(CursorMixin, Cursor[Any]):  # type: ignore[misc]  # Django's mixin has no types
        """Django's cursor; each statement is prepared, or goes with its values in its text."""

        _in_text = False

        def execute(self, query: Any, params: Any = None, **given: Any) -> Any:
            self._goes(in_text=not (isinstance(query, str) and _MAY_BE_PREPARED.match(query)))
            return super().execute(query, params, **given)

        def _goes(self, *, in_text: bool) -> None:
            self._in_text, self._query_cls = in_text, PostgresClientQuery if in_text else PostgresQuery

        def _convert_query(self, query: Any, params: Any = None) -> Any:
            converted = super()._convert_query(query, params)
            if self._in_text or judge.may_prepare(converted):
                return converted
            self._goes(in_text=True)
            return super()._convert_query(query, params)

        def _get_prepared(self, pgq: Any, prepare: bool | None = None) -> Any:
            return (Prepare.NO, b"") if self._in_text else super()._get_prepared(pgq, prepare=True)

        def _execute_send(self, query: Any, **given: Any) -> None:
            ClientCursor._execute_send(self, query, **given)  # type: ignore[arg-type]  # only statements with their values in the text come here

    return PreparingCursor


@contextmanager
def prepared_sessions() -> Iterator[None]:
    """Every session Django opens while the block runs prepares its statements."""
    database = connections["default"].settings_dict
    before = {**database, "OPTIONS": dict(database["OPTIONS"])}
    options = database["OPTIONS"]
    options["options"] = f"{options.get('options', '')} {ONE_PLAN}".strip()

    def keep_plans(connection: BaseDatabaseWrapper, **given: Any) -> None:
        if connection.alias == "default":
            connection.connection._prepared = _KeptPlans()
            connection.connection.adapters.register_dumper(int, _LiteralIntDumper)

    with psycopg.connect(
        dbname=database["NAME"],
        user=database["USER"],
        password=database["PASSWORD"],
        host=database["HOST"],
        port=database["PORT"],
        autocommit=True,
    ) as session:
        options["cursor_factory"] = _cursor_of(_Judge(session))
        connections["default"].close()
        connection_created.connect(keep_plans)
        try:
            yield
        finally:
            connection_created.disconnect(keep_plans)
            connections["default"].close()
            database.update(before)
