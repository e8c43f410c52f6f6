"""Rows of a statement as dictionaries, one at a time."""

from collections.abc import Iterator
from typing import Any

from django.db import connection


def rows_of(statement: str, parameters: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Run one SELECT of ours and hand out its rows by column name."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        assert cursor.description is not None
        names = [column.name for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))
