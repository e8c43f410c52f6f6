"""Prepared statements: planned once a session, and otherwise nobody can tell the difference."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from staff.prepared import ask, prepared_cursor

PLUS = "SELECT %s::int + %s::int"
KINDS = "SELECT %(at)s::timestamptz, %(on)s::date, %(word)s::text, %(much)s::numeric, %(none)s::bigint, %(raw)s::bytea"

pytestmark = pytest.mark.django_db


def plans_of(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement = %s",
            [statement.replace("%s", "$1", 1).replace("%s", "$2", 1)],
        )
        found = cursor.fetchall()
    assert len(found) == 1
    return int(found[0][0])


def test_is_prepared_once_whatever_the_values() -> None:
    assert [ask(PLUS, [first, 2])[0][0] for first in range(20)] == [first + 2 for first in range(20)]
    assert plans_of(PLUS) == 20


def test_answers_what_the_usual_cursor_answers() -> None:
    given = {
        "at": timezone.now(),
        "on": date(2024, 8, 1),
        "word": "Nguyễn 'Văn' %",
        "much": Decimal("1.50"),
        "none": None,
        "raw": b"\x00\xff",
    }
    with connection.cursor() as cursor:
        cursor.execute(KINDS, given)
        usual = cursor.fetchall()

    assert [tuple(map(bytes_of, row)) for row in ask(KINDS, given)] == [tuple(map(bytes_of, row)) for row in usual]
    at = ask(KINDS, given)[0][0]
    assert isinstance(at, datetime)
    assert at.tzinfo is not None


def test_raises_djangos_errors_and_goes_on_after_a_rollback() -> None:
    insert = "INSERT INTO staff_administrativeunit (id) VALUES (%s::bigint)"
    with pytest.raises(IntegrityError), transaction.atomic(), prepared_cursor() as cursor:
        cursor.execute(insert, [1])

    assert ask(PLUS, [1, 1]) == [(2,)]


def test_is_seen_where_queries_are_logged() -> None:
    with CaptureQueriesContext(connection) as logged:
        ask(PLUS, [1, 2])

    assert [query["sql"] for query in logged] == ["SELECT 1::int + 2::int"]


def bytes_of(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value
