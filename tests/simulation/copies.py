"""Beginnings of schedules, kept as rows: what the owner put up once under all guards is copied from then on, a tenth of the work of signing anew.

The administrator of a server of ours does it, in a session in which no trigger runs. On a server that is somebody else's there is none, and each
schedule begins as the first one did.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections

from config.embedded.postgres import PostgresAddress, find_postgres
from config.environment import VAR

Beginning = tuple[bool, str]  # signed by three or in draft; the account whose list alone is signed, "" for all
_PEOPLE = "people_where_they_were"
NO_TRIGGERS = "-c session_replication_role=replica -c synchronous_commit=off"


class Copies:
    """The rows, and the next ids, of each beginning that was kept."""

    def __init__(self, session: psycopg.Connection[Any], *, tables: Sequence[str]) -> None:
        self._session, self._tables = session, tables
        self._names: dict[Beginning, str] = {}
        self._made: list[str] = []

    def keep_people(self, put_back: str) -> None:
        """`put_back`: statements that put people back where they were, for schedules in which somebody moved."""
        self._session.execute(
            f"CREATE FUNCTION {_PEOPLE}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {put_back}; END $$"
        )

    def keep(self, beginning: Beginning) -> None:
        """What the tables hold now is this beginning."""
        if beginning in self._names:
            return
        name = f"beginning_{len(self._names)}"
        lines = [f"DELETE FROM {table}" for table in self._tables]
        ids = []
        for table in self._tables:
            sequence, last, called = self._next_id(table)
            ids.append(f"setval('{sequence}', {last}, {called})")
            if self._asked(f"SELECT EXISTS (SELECT FROM {table})"):
                self._session.execute(f"CREATE TABLE {name}_{table} AS TABLE {table}")
                self._made.append(f"{name}_{table}")
                lines.append(f"INSERT INTO {table} SELECT * FROM {name}_{table}")
        body = ";".join([*lines, f"PERFORM {', '.join(ids)}"])
        self._session.execute(f"CREATE FUNCTION {name}() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {body}; END $$")
        self._names[beginning] = name

    def put_back(self, beginning: Beginning, *, people: bool) -> bool:
        """The tables hold this beginning again, and `people` are where they were; False if it was never kept."""
        name = self._names.get(beginning)
        if name:
            self._session.execute(f"SELECT {name}(), {_PEOPLE}()" if people else f"SELECT {name}()", prepare=True)
        return bool(name)

    def drop(self) -> None:
        """Leave nothing behind."""
        for name in self._names.values():
            self._session.execute(f"DROP FUNCTION {name}")
        self._session.execute(f"DROP FUNCTION IF EXISTS {_PEOPLE}")
        for table in self._made:
            self._session.execute(f"DROP TABLE {table}")

    def _next_id(self, table: str) -> tuple[str, int, str]:
        sequence = self._asked(f"SELECT pg_get_serial_sequence('{table}', 'id')")
        last, called = self._session.execute(f"SELECT last_value, is_called FROM {sequence}").fetchone() or (1, False)
        return sequence, last, str(called).lower()

    def _asked(self, question: str) -> Any:
        (answer,) = self._session.execute(question).fetchone() or (None,)
        return answer


def own_server() -> PostgresAddress | None:
    """The server the simulation works on, if it is our embedded one."""
    return None if "DATABASE_URL" in os.environ else find_postgres(VAR)


@contextmanager
def copies_of(tables: Sequence[str]) -> Iterator[Copies | None]:
    """Copies of `tables` in the database the simulation works in, while the block runs; None where the server is not ours."""
    address = own_server()
    if address is None:
        yield None
        return
    url = address.for_database(connections["default"].settings_dict["NAME"]).admin_url
    with psycopg.connect(url, autocommit=True, options=NO_TRIGGERS) as session:
        copies = Copies(session, tables=tables)
        yield copies
        copies.drop()
