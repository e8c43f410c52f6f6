"""Lists that a provider pays, in hand or into accounts: nobody is paid by two, whatever it answers, and whoever carries the money on."""

import pytest

from tests.simulation.more_bugs import old_answers_believed
from tests.simulation.steps import Schedule, Step


def test_every_promise_holds_after_every_step(play_seeds):
    play_seeds(range(6), only="provider")


@pytest.mark.slow
def test_every_promise_holds_in_every_schedule(play_seeds):
    play_seeds(range(6, 86), only="provider")


class TestFound:
    """Schedules that once broke a promise, as small as they became."""

    def test_an_old_answer_does_not_undo_what_two_people_found_to_have_arrived(self, play):
        """Seed 102: told as not paid, corrected, found to have arrived by a letter; then the first list came once more, and it was paid again."""
        steps = (
            Step("hand_over", who="web"),
            Step("pay_out"),
            Step("result", who="web", word="wrong"),
            Step("result", who="web", word="end"),
            Step("letter", who="web"),
            Step("confirm_letter", who="web"),
            Step("result", who="web", word="old"),
            Step("confirm", who="w1"),
            Step("reissue", who="web", word="cash"),
        )

        one = Schedule(seed=102, steps=steps, by_list="fa_972")
        assert play(one) is None
        with old_answers_believed():
            assert play(one) is not None
