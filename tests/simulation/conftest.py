"""A province to play with: made once per test, every run in it is rolled back."""

from collections.abc import Callable

import pytest

from tests.payments.province import Clock, make_province, rolled_back
from tests.simulation.simulator import Simulation


@pytest.fixture
def run_seed(db: None) -> Callable[[int], None]:
    """Play one seed to its end, from the same province each time."""
    clock = Clock()
    province = make_province(clock=clock)
    start = clock.now

    def run(seed: int, *, steps: int = 40) -> None:
        clock.now = start
        with rolled_back():
            simulation = Simulation(province=province, clock=clock, seed=seed)
            simulation.play(steps)
            simulation.settle()

    return run
