"""Seeds 1000 to 1999."""

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("start", range(1000, 2000, 250))
def test_every_promise_holds_in_every_schedule(play_seeds, start):
    play_seeds(range(start, start + 250))
