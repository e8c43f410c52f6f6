"""What changes between list and payment: accounts lost in draft, corrected records, missing money, wrong letters, a third month."""

import pytest


def test_every_promise_holds_after_every_step(play_seeds):
    play_seeds(range(12), only="between")


@pytest.mark.slow
def test_every_promise_holds_in_every_schedule(play_seeds):
    play_seeds(range(12, 112), only="between")
