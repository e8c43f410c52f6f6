"""Kinds of stories that most seeds do not tell, on one stage: what changes between list and payment, debits of what failed, files, communes' gift lists."""

import pytest

from tests.simulation.more_bugs import second_press_counts_twice
from tests.simulation.steps import Schedule, Step

FEW = {"between": 12, "debits": 6, "files": 12, "gifts": 3}
MANY = {"between": 112, "debits": 66, "files": 112, "gifts": 63}


@pytest.mark.parametrize("kind", FEW)
def test_every_promise_holds_after_every_step(play_seeds, kind):
    play_seeds(range(FEW[kind]), only=kind)


@pytest.mark.slow
@pytest.mark.parametrize("kind", MANY)
def test_every_promise_holds_in_every_schedule(play_seeds, kind):
    play_seeds(range(FEW[kind], MANY[kind]), only=kind)


class TestGiftLists:
    def test_a_second_press_that_counts_twice_is_noticed(self, play):
        pressed = Step("gift_list", who="web", number=2)
        longer = Step("gift_list", who="web", number=2, word="longer")
        one = Schedule(seed=0, steps=(pressed, pressed, Step("supplement", who="web"), longer))

        assert play(one) is None
        with second_press_counts_twice():
            assert "is granted it 2 times" in (play(one) or "")
