"""A beginning that is copied is, row by row and id by id, the one the owner put up under all guards; nothing of a schedule outlives it."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections

from tests.conftest import empty_tables
from tests.simulation.actors import actors
from tests.simulation.copies import copies_of
from tests.simulation.drawing import schedule_of
from tests.simulation.simulation import run
from tests.simulation.stage import MUTABLE, Stage, owner_url
from tests.simulation.steps import Schedule, Step

pytestmark = pytest.mark.slow  # only long runs copy

BEGINNINGS = [(True, ""), (True, "fa_971"), (False, "")]
# Every table of the product: what a schedule wrote anywhere else, the next one would begin with.
OURS = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id' AND a.attidentity <> ''
WHERE c.relkind = 'r' AND c.relname ~ '^(staff|beneficiaries|payments|reconciliation)_' AND c.relname <> ALL(%s)
"""
GROW = (
    "staff_historyrow",
    "beneficiaries_accountnumber",
)  # never asked what is not there: a history, and each account's number once
PAID = Schedule(seed=0, steps=(Step("send", who="w1"), Step("settle", word="returned"), Step("reissue", who="web")))
MOVED = Schedule(seed=0, steps=(Step("correct_record", who="web"), Step("grant", who="web", word="newcomer")))


@pytest.fixture(scope="module")
def played(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[dict[Any, Any]]:
    """Of each beginning: its rows when it was first put up, and again by copying after schedules wrote all over it."""
    with django_db_blocker.unblock(), copies_of(MUTABLE) as copies, actors("web", "w1", "w2") as processes:
        if copies is None:
            pytest.skip("a server that is not ours has no administrator for us")
        stage = Stage(copies=copies)
        found: dict[Any, Any] = {}
        for signed, alone in BEGINNINGS:
            stage.restore(signed=signed, alone=alone)
            found[signed, alone] = [_rows()]
        for only in ("debits", "between", "files", "provider"):
            for seed in (0, 1):
                assert run(stage, processes, schedule_of(seed, only=only)) is None
        assert run(stage, processes, PAID) is None
        assert run(stage, processes, MOVED) is None
        for signed, alone in BEGINNINGS:
            stage.restore(signed=signed, alone=alone)
            found[signed, alone].append(_rows())
        yield found
        stage.close()
    with django_db_blocker.unblock():
        connections.close_all()
        empty_tables()


def _rows() -> dict[str, Any]:
    with psycopg.connect(owner_url()) as owner:
        return {table: _rows_of(table, owner) for (table,) in owner.execute(OURS, [list(GROW)]).fetchall()}


def _rows_of(table: str, owner: psycopg.Connection[Any]) -> Any:
    (sequence,) = owner.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table]).fetchone()
    rows = f"SELECT json_agg(t ORDER BY t.id) FROM {table} t"
    return owner.execute(f"SELECT ({rows}), q.last_value, q.is_called FROM {sequence} q").fetchone()


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_is_the_one_put_up_under_all_guards(played, beginning):
    first, copied = played[beginning]

    assert copied == first


def test_a_signed_one_is_signed_by_three(played):
    _, copied = played[True, "fa_971"]

    assert len({row["signer_id"] for row in copied["payments_signature"][0]}) == 3
