"""The simulation finds what it is there to find: each of seven mistakes, and of four more, within a hundred schedules."""

import pytest

from tests.simulation.bugs import BUGS
from tests.simulation.drawing import schedule_of
from tests.simulation.more_bugs import MORE_BUGS

pytestmark = pytest.mark.slow

ENOUGH = 100


@pytest.mark.parametrize("name", BUGS)
def test_is_caught(play, name):
    with BUGS[name]():
        found = next((seed for seed in range(ENOUGH) if play(schedule_of(seed))), None)

    assert found is not None, f"{name} was not noticed in {ENOUGH} schedules"


@pytest.mark.parametrize("name", MORE_BUGS)
def test_is_caught_by_schedules_of_its_kind(play, name):
    bug, only = MORE_BUGS[name]
    with bug():
        found = next((seed for seed in range(ENOUGH) if play(schedule_of(seed, only=only))), None)

    assert found is not None, f"{name} was not noticed in {ENOUGH} schedules"
