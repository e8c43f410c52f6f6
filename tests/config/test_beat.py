"""What the clock rings for exists: a bell without a task is work nobody looks for."""

from datetime import timedelta

import pytest
from celery.schedules import crontab, schedule
from celery.signals import beat_init

from config.celery import app


@pytest.mark.parametrize("name", sorted(app.conf.beat_schedule))
def test_every_bell_of_the_clock_has_its_task(name: str) -> None:
    app.loader.import_default_modules()

    assert app.conf.beat_schedule[name]["task"] in app.tasks


@pytest.mark.parametrize("name", sorted(app.conf.beat_schedule))
def test_what_is_rare_is_due_at_a_time_of_day(name: str) -> None:
    """A clock that keeps no file counts intervals from its own start: one restarted every day would never ring for one of a day."""
    every = app.conf.beat_schedule[name]["schedule"]
    interval = every.run_every if type(every) is schedule else every

    assert isinstance(interval, crontab) or timedelta(seconds=float(interval)) <= timedelta(hours=1)


def test_a_clock_that_begins_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else staff read for a minute after every start that it stands still."""
    rung: list[str] = []
    monkeypatch.setattr(app, "send_task", lambda name, **given: rung.append(name))

    beat_init.send(sender=None)

    assert rung == ["payments.tasks.watch_silence"]
