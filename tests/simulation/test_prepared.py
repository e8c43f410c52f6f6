"""A session that prepares its statements means the same by them as one that writes its values into the text."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum, Value

from payments.models import Payment
from staff.models import User
from tests.simulation.prepared import prepared_sessions

pytestmark = pytest.mark.django_db(transaction=True)

TYPES = "SELECT pg_typeof(%s)::text, pg_typeof(%s)::text, pg_typeof(%s)::text"
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE right(statement, 17) = '+ 1 AS asked_here'"


@pytest.fixture
def prepared() -> Iterator[None]:
    with prepared_sessions():
        yield


def ask(sql: str, *given: object) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchone()


def test_numbers_have_the_types_they_have_in_a_text(prepared):
    assert ask(TYPES, 7, 40_000_000_000, date(2024, 8, 1)) == ("integer", "bigint", "date")


def test_one_plan_serves_all_values_and_outlives_a_rollback(prepared):
    for number in (1, 40_000, 3):
        ask("SELECT %s + 1 AS asked_here", number)
    with pytest.raises(DatabaseError), transaction.atomic():
        ask("SELECT 1 / %s AS asked_here", 0)
    ask("SELECT %s + 1 AS asked_here", 4)

    assert ask(PREPARED) == (1,)


def test_what_cannot_be_prepared_goes_as_the_product_sends_it(prepared):
    with transaction.atomic():
        for amount in (5, 6):
            with connection.cursor() as cursor:
                cursor.execute("CREATE TEMP TABLE passing ON COMMIT DROP AS SELECT %s AS amount", [amount])
            assert ask("SELECT amount + %s FROM passing", 1) == (amount + 1,)
            with connection.cursor() as cursor:
                cursor.execute("DROP TABLE passing")


def test_what_the_orm_says_means_the_same(prepared):
    assert User.objects.filter(username__in=["a", "b"], pk__gt=0).exists() is False
    assert Payment.objects.aggregate(total=Sum("amount", default=0)) == {"total": 0}
    assert list(User.objects.annotate(number=Value(3)).values_list("number", flat=True)[:1]) == []


def test_a_table_made_of_a_question_is_made_of_its_plan(prepared):
    for least in (0, 41):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE passing ON COMMIT DROP AS SELECT %(least)s + count(*) AS people, %(day)s::date AS day FROM staff_user",
                {"day": date(2024, 8, 1), "least": least},
            )
            cursor.execute("SELECT people, day FROM passing")
            assert cursor.fetchone() == (least + User.objects.count(), date(2024, 8, 1))

    assert ask("SELECT count(*) FROM pg_prepared_statements WHERE right(statement, 22) = 'AS day FROM staff_user'") == (
        1,
    )


def test_a_commit_that_is_refused_is_an_error_and_leaves_the_session_usable(prepared):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE once (number integer UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO once VALUES (1), (1)")

    assert ask("SELECT count(*) FROM once") == (0,)


def test_a_savepoint_takes_back_what_came_after_it(prepared):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT 1 AS number")
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute("INSERT INTO kept VALUES (2)")
            cursor.execute("SELECT 1 / %s", [0])
        with transaction.atomic():
            cursor.execute("INSERT INTO kept VALUES (3)")
        cursor.execute("SELECT array_agg(number ORDER BY number) FROM kept")
        assert cursor.fetchone() == ([1, 3],)
