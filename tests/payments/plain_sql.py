"""Statements past every line of our Python, in the application's own role."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction


def run(statement: str, **values: object) -> None:
    """One statement in the application's role, in a savepoint, so that the test can go on after a refusal."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def constraint_of(refusal: pytest.ExceptionInfo[DatabaseError]) -> str | None:
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name
