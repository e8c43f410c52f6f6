"""What the clock rings for exists: a bell without a task is work nobody looks for."""

import pytest

from config.celery import app


@pytest.mark.parametrize("name", sorted(app.conf.beat_schedule))
def test_every_bell_of_the_clock_has_its_task(name: str) -> None:
    app.loader.import_default_modules()

    assert app.conf.beat_schedule[name]["task"] in app.tasks
