"""Seeds 0 to 999; two files, so that two processes share the two thousand that gate every change."""

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("start", range(0, 1000, 250))
def test_every_promise_holds_in_every_schedule(play_seeds, start):
    play_seeds(range(start, start + 250))
