"""What counts as writing: a look that is left out although something was written would hide a broken promise."""

import pytest

from tests.simulation.watch import Watch


def writes(sql: str) -> bool:
    watch = Watch()
    watch.written = False
    watch.note(sql)
    return watch.written


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM payments_payment",
        "SELECT set_config('ansinh.actor', '', false)",
        "\nWITH open_list AS MATERIALIZED (SELECT 1) SELECT * FROM open_list",
        'SAVEPOINT "s1"',
        'RELEASE SAVEPOINT "s1"',
    ],
)
def test_a_question_is_no_writing(sql):
    assert not writes(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE payments_payment SET status = 'READY'",
        "WITH picked AS (SELECT 1)\nUPDATE payments_payment SET status = 'SENT'",
        "WITH gone AS (\nDELETE FROM beneficiaries_case RETURNING 1) SELECT * FROM gone",
        "WITH x AS (SELECT 1) INSERT INTO payments_posting SELECT 1",
        "SELECT payments_move(1)",
        "WITH x AS (SELECT ansinh_refresh (1)) SELECT 1",
        'ROLLBACK TO SAVEPOINT "s1"',
        "CREATE TEMP TABLE due AS SELECT 1",
    ],
)
def test_anything_else_is(sql):
    assert writes(sql)
