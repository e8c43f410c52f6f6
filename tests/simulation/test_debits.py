"""The account says debited, the API says failed: nothing sets out a second time once a statement showed it (ADR 40)."""

import pytest


def test_nothing_shown_debited_is_paid_again(play_seeds):
    play_seeds(range(6), only="debits")


@pytest.mark.slow
def test_nothing_shown_debited_is_paid_again_in_any_schedule(play_seeds):
    play_seeds(range(6, 66), only="debits")
