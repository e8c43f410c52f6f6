"""The account says debited, the API says failed: nothing sets out a second time once a statement showed it (ADR 40)."""

from contextlib import contextmanager

import psycopg
import pytest

from tests.simulation.debit_steps import draw_debits
from tests.simulation.stage import owner_url

QUICK = range(8)
ENOUGH = 100


def play_all(play, seeds: range) -> None:
    for seed in seeds:
        broken = play(draw_debits(seed))
        assert broken is None, f"debits, seed {seed}: {broken}"


class TestManySeeds:
    def test_nothing_shown_debited_is_paid_again(self, play):
        play_all(play, QUICK)

    @pytest.mark.slow
    @pytest.mark.parametrize("start", (8, 108))
    def test_nothing_shown_debited_is_paid_again_in_any_schedule(self, play, start):
        play_all(play, range(start, start + 100))

    def test_a_schedule_is_the_same_every_time(self):
        assert [str(draw_debits(seed)) for seed in range(20)] == [str(draw_debits(seed)) for seed in range(20)]


@contextmanager
def statements_unheard():
    """What a statement shows is nothing to the part that pays, as it was before ADR 40."""
    with psycopg.connect(owner_url(), autocommit=True) as owner:
        (before,) = owner.execute(
            "SELECT pg_get_functiondef('reconciliation_debited(bigint[])'::regprocedure)"
        ).fetchone()
        owner.execute(
            "CREATE OR REPLACE FUNCTION reconciliation_debited(ids bigint[]) RETURNS TABLE (payment_id bigint, debited_on date) "
            "LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$ SELECT 0::bigint, NULL::date WHERE false $$"
        )
        try:
            yield
        finally:
            owner.execute(before)


@pytest.mark.slow
def test_a_planted_mistake_is_caught(play):
    with statements_unheard():
        found = next((seed for seed in range(ENOUGH) if play(draw_debits(seed))), None)

    assert found is not None, f"not noticed in {ENOUGH} schedules"
