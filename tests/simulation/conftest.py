"""One stage and one set of processes per test process; every schedule starts by putting the stage back."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connections

from tests.conftest import empty_tables
from tests.simulation.actors import actors
from tests.simulation.drawing import schedule_of
from tests.simulation.simulation import run
from tests.simulation.stage import Stage
from tests.simulation.steps import Schedule


@pytest.fixture(scope="module")
def play(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Callable[[Schedule], str | None]]:
    """Plays a schedule; returns what was broken, or None."""
    with django_db_blocker.unblock():
        stage = Stage()
        with actors("web", "w1", "w2") as processes:
            yield lambda schedule: run(stage, processes, schedule)
        stage.close()
        connections.close_all()
        empty_tables()


@pytest.fixture(scope="module")
def play_seeds(play: Callable[[Schedule], str | None]) -> Callable[..., None]:
    """Plays seeds, of one kind or of all; fails with the first that breaks a promise."""

    def play_all(seeds: range, *, only: str = "") -> None:
        for seed in seeds:
            broken = play(schedule_of(seed, only=only))
            assert broken is None, f"{only} seed {seed}: {broken}"

    return play_all
