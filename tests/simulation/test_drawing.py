"""What seeds play: every kind of step in any thousand of them, so that no run is blind to what it does not play."""

from collections import Counter

import pytest

from tests.simulation.actors import NEVER
from tests.simulation.drawing import KINDS, SIZES, schedule_of
from tests.simulation.simulation import Simulation

KINDS_OF_STEPS = {
    "answer", "answer_unknown", "approve", "approve_account", "arrive_there", "away", "back", "close", "confirm", "confirm_letter", "correct_record", "debit",
    "deliver", "double", "end_unknown", "event", "fault", "file_fault", "freeze", "give_back", "give_back_list", "grant", "hand_over", "learn", "letter",
    "lift", "lose", "lose_account", "gift_list", "move_out", "name_account", "next_month", "offer_again", "old_news", "outage", "outage_over", "pause",
    "pay_out", "reissue", "release", "replace_lost", "report", "result", "resume", "return", "send", "send_files", "sent_back", "settle", "sign_rest", "silent",
    "statement", "stop", "submit", "supplement", "surface", "sweep", "take_letter_back", "take_unknown", "take_up_again", "top_up", "wait", "wrong_letter",
}  # fmt: skip


@pytest.mark.parametrize("first", (0, 1_000, 50_000, 99_000))
def test_any_thousand_seeds_play_every_kind_of_step_death_and_pause(first):
    drawn = [schedule_of(seed) for seed in range(first, first + 1_000)]
    counts = Counter(step.what for schedule in drawn for step in schedule.steps)

    assert set(counts) == KINDS_OF_STEPS
    assert {"third", "both"} <= {step.word for schedule in drawn for step in schedule.steps}
    assert sum(step.fate != NEVER for schedule in drawn for step in schedule.steps) > 1_000
    assert {part for schedule in drawn for part in schedule.kind.split(", ")} == {
        *KINDS,
        *(size.name for size in SIZES),
    }


def test_every_kind_of_step_can_be_taken():
    assert all(hasattr(Simulation, f"_{what}") for what in KINDS_OF_STEPS)
