"""The simulation finds what it is there to find: each of seven mistakes, within a hundred seeds."""

import pytest

from tests.simulation.bugs import BUGS
from tests.simulation.steps import draw

pytestmark = pytest.mark.slow

ENOUGH = range(100)


@pytest.mark.parametrize("name", BUGS)
def test_is_caught(play, name):
    with BUGS[name]():
        found = next(((seed, broken) for seed in ENOUGH if (broken := play(draw(seed)))), None)

    assert found is not None, f"{name} was not noticed in {len(ENOUGH)} schedules"
