"""Sessions in which the server plans each statement once: planning is most of what it does in a schedule (ADR 43).

A statement is prepared if the server can tell the type of each of its values. Any other one (about a temporary table, SET, a savepoint) goes as the
product sends it, with its values in the text. Numbers have the types they have in a text, so that both ways mean the same.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import Any
from unittest import mock

import psycopg
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import CursorMixin, DatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg import ClientCursor, Cursor, _queries
from psycopg._preparing import Prepare, PrepareManager
from psycopg._queries import PostgresClientQuery, PostgresQuery
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from psycopg.types.numeric import IntDumper

_BY_ONE_CALL = re.compile(r"(?:RELEASE )?SAVEPOINT\b")
_INTO_A_TABLE = re.compile(r"(\s*CREATE TEMP TABLE \w+ ON COMMIT DROP AS)\b(.*)", re.DOTALL)
_MAY_BE_PREPARED = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
LONGEST = 100_000  # characters; psycopg reads a statement of more than 4,096 anew each time, and any that is not among the last 128
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


class _Plans:
    """What one session has prepared: the name of the plan of each statement and types, empty for one that goes as a text.

    They outlive a rollback, for no statement about a table made on the way is ever among them.
    """

    def __init__(self, judge: _Judge) -> None:
        self._judge = judge
        self._names: dict[tuple[bytes, tuple[int, ...]], bytes] = {}

    def name_of(self, query: PostgresQuery, session: PGconn) -> bytes:
        key = (query.query, query.types)
        name = self._names.get(key)
        if name is None:
            name = b"plan%d" % len(self._names) if self._judge.may_prepare(query) else b""
            if name and session.prepare(name, *key).status != ExecStatus.COMMAND_OK:
                return b""  # the transaction is broken: the statement fails as a text, and is prepared another time
            self._names[key] = name
        return name


class _KeptPlans(PrepareManager):
    """psycopg forgets all that anybody prepared at a rollback, for tables made since may be gone; no statement about those is prepared here."""

    def _should_discard(self, *given: Any) -> bool:
        return False

    def clear(self) -> bool:
        return False


class _OneCall(psycopg.Connection[Any]):
    """A session that begins and ends a transaction by one call of the library each, without psycopg's generators."""

    def commit(self) -> None:
        self._end(b"COMMIT")

    def rollback(self) -> None:
        self._end(b"ROLLBACK")

    def set_autocommit(self, value: bool) -> None:
        if self.pgconn.transaction_status != TransactionStatus.IDLE:
            super().set_autocommit(value)  # which refuses it
        self._autocommit = value

    def _end(self, by: bytes) -> None:
        if self.pgconn.transaction_status != TransactionStatus.IDLE:
            result = self.pgconn.exec_(by)
            if result.status != ExecStatus.COMMAND_OK:
                raise error_from_result(result, encoding=self.pgconn._encoding)


class PreparingCursor(CursorMixin, Cursor[Any]):  # type: ignore[misc]  # Django's mixin has no types
    """Django's cursor; each statement is prepared and done by one call of the library, or goes with its values in its text."""

    _query_cls = PostgresClientQuery  # of the latter
    _reader: Transformer | None = None  # ours until this cursor is closed

    def __init__(self, connection: psycopg.Connection[Any], *, row_factory: Any = None) -> None:
        """As psycopg's and Django's, but with the session's own ways to read and write: no cursor of the product's has others."""
        self._conn, self._pgconn, self._adapters = connection, connection.pgconn, connection.adapters
        self._row_factory = row_factory or connection.row_factory
        self.format, self.arraysize, self._closed, self._last_query = Format.TEXT, 1, False, None
        self._reset()

    def close(self) -> None:
        """Leave the reader, who knows by then how to read and write what the product's statements are about, to the next cursor."""
        if self._reader is not None:
            self._conn.readers.append(self._reader)
            self._reader = None
        super().close()

    def execute(self, query: Any, params: Any = None, **given: Any) -> Any:
        if isinstance(query, str):
            if _MAY_BE_PREPARED.match(query):
                prepared = self._converted(query, params)
                if name := self._conn.plans.name_of(prepared, self._pgconn):
                    return self._do(
                        prepared, lambda: self._pgconn.exec_prepared(name, prepared.params, prepared.formats)
                    )
            elif _BY_ONE_CALL.match(query):
                named = self._converted(query, None)
                return self._do(named, lambda: self._pgconn.exec_(named.query))
            elif found := _INTO_A_TABLE.match(query):
                query, params = self._from_a_plan(found, params) or (query, params)
        return super().execute(query, params, **given)

    def _converted(self, query: str, params: Any) -> PostgresQuery:
        self._reset()
        if self._reader is None:
            readers = self._conn.readers
            self._reader = readers.pop() if readers else Transformer(self._conn)
        self._tx = self._reader
        converted = PostgresQuery(self._tx)
        converted.convert(query, params)
        return converted

    def _from_a_plan(self, found: re.Match[str], params: Any) -> tuple[str, list[Any]] | None:
        """A table made of a question is made of the plan of that question, if the server can tell its types: EXECUTE with the values in the text."""
        asked = self._converted(found[2], params)
        name = self._conn.plans.name_of(asked, self._pgconn)
        if not name:
            return None
        values = [params[one] for one in asked._order] if asked._order is not None else list(params or ())
        marks = f"({', '.join(['%s'] * len(values))})" if values else ""
        return f"{found[1]} EXECUTE {name.decode()}{marks}", values

    def _do(self, query: PostgresQuery, ask: Callable[[], PGresult]) -> Any:
        """What psycopg does by five generators, for a statement whose plan is there."""
        session, connection = self._pgconn, self._conn
        if not connection._autocommit and session.transaction_status == TransactionStatus.IDLE:
            self._judged(session.exec_(connection._get_tx_start_command()))
        self._query = query
        self._results = [self._judged(ask())]
        self._select_current_result(0)
        return self

    def _judged(self, result: PGresult) -> PGresult:
        if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
            self._raise_for_result(result)
        return result

    def _get_prepared(self, pgq: Any, prepare: bool | None = None) -> Any:
        return (Prepare.NO, b"")

    def _execute_send(self, query: Any, **given: Any) -> None:
        ClientCursor._execute_send(self, query, **given)  # type: ignore[arg-type]  # only statements with their values in the text come here


_ordinary_cursor = DatabaseWrapper.create_cursor


def _create_cursor(self: DatabaseWrapper, name: str | None = None) -> Any:
    """A session of ours agreed with Django on the time zone when it was opened."""
    ours = name is None and type(self.connection) is _OneCall
    return PreparingCursor(self.connection) if ours else _ordinary_cursor(self, name)


@contextmanager
def prepared_sessions() -> Iterator[None]:
    """Every session Django opens while the block runs prepares its statements."""
    database = connections["default"].settings_dict
    before = {**database, "OPTIONS": dict(database["OPTIONS"])}
    options = database["OPTIONS"]
    options["options"] = f"{options.get('options', '')} {ONE_PLAN}".strip()
    options["prepare_threshold"] = (
        None  # psycopg would keep plans of its own, and take back all there are at a rollback
    )

    def keep_plans(connection: BaseDatabaseWrapper, **given: Any) -> None:
        if connection.alias == "default":
            connection.connection.__class__ = _OneCall
            connection.connection.plans = _Plans(judge)
            connection.connection.readers = []
            connection.connection._prepared = _KeptPlans()
            connection.connection.adapters.register_dumper(int, _LiteralIntDumper)

    with (
        ExitStack() as stack,
        psycopg.connect(
            dbname=database["NAME"],
            user=database["USER"],
            password=database["PASSWORD"],
            host=database["HOST"],
            port=database["PORT"],
            autocommit=True,
        ) as session,
    ):
        judge = _Judge(session)
        options["cursor_factory"] = PreparingCursor
        stack.enter_context(
            mock.patch.object(_queries, "_query2pg", lru_cache(maxsize=None)(_queries._query2pg_nocache))
        )
        stack.enter_context(mock.patch.object(DatabaseWrapper, "create_cursor", _create_cursor))
        stack.enter_context(mock.patch.object(_queries, "MAX_CACHED_STATEMENT_LENGTH", LONGEST))
        connections.close_all()
        kept, connections._connections = connections._connections, threading.local()  # no coroutines here to look for
        connection_created.connect(keep_plans)
        try:
            yield
        finally:
            connection_created.disconnect(keep_plans)
            connections.close_all()
            connections._connections = kept
            database.update(before)
