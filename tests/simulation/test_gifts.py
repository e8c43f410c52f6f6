"""Communes' lists of who receives help, pressed twice and sent again: whoever stands on one has it once, and nobody on it is left out."""

import pytest

from tests.simulation.more_bugs import second_press_counts_twice
from tests.simulation.steps import Schedule, Step

LIST = Step("gift_list", who="web", number=2)
PRESSED = Schedule(
    seed=0, steps=(LIST, LIST, Step("supplement", who="web"), Step("gift_list", who="web", number=2, word="longer"))
)


def test_every_promise_holds_after_every_step(play_seeds):
    play_seeds(range(3), only="gifts")


@pytest.mark.slow
def test_every_promise_holds_in_every_schedule(play_seeds):
    play_seeds(range(3, 63), only="gifts")


def test_a_second_press_that_counts_twice_is_noticed(play):
    assert play(PRESSED) is None
    with second_press_counts_twice():
        assert "is granted it 2 times" in (play(PRESSED) or "")
