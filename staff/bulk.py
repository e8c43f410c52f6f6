"""Loading many rows at once: COPY, and ids drawn ahead so that rows can point at each other before they are written."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model
from psycopg import sql


def draw_ids(model: type[Model], count: int) -> list[int]:
    """`count` fresh primary keys of `model`, from its sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY `rows` into `table`; constraints and triggers hold as for any insert."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def refresh_statistics(*models: type[Model]) -> None:
    """Let the planner know of a bulk load at once: a plan made on an empty table's statistics can take minutes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ansinh_refresh_statistics(%s::regclass[])", [[model._meta.db_table for model in models]])
