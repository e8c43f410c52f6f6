"""The services are not taken away from under a running demo."""

import fcntl
import os

import pytest

from config.demo.turn import LOCK, DemoInUse, in_use, take_turn
from config.embedded.__main__ import main


def test_stop_and_remove_are_refused_while_the_demo_runs(tmp_path, capsys):
    assert not in_use(var=tmp_path)
    take_turn(var=tmp_path)  # held until this process ends

    assert in_use(var=tmp_path)
    assert [main([command, "--var", str(tmp_path)]) for command in ("stop", "remove")] == [1, 1]
    assert "end it first" in capsys.readouterr().err


def test_a_demo_that_ended_holds_nothing(tmp_path):
    (tmp_path / LOCK).touch()
    assert not in_use(var=tmp_path)


def held_by_another(folder):
    descriptor = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def test_one_that_is_stopping_is_waited_for_and_it_is_said(tmp_path):
    stopping, said = held_by_another(tmp_path), []

    take_turn(var=tmp_path, wait_seconds=60, tell=lambda: (said.append("waits"), os.close(stopping)))

    assert (said, in_use(var=tmp_path)) == (["waits"], True)


def test_one_that_goes_on_is_in_use(tmp_path):
    running, said = held_by_another(tmp_path), []

    with pytest.raises(DemoInUse):
        take_turn(var=tmp_path, wait_seconds=0.1, tell=lambda: said.append("waits"))
    with pytest.raises(DemoInUse):
        take_turn(var=tmp_path)

    assert said == ["waits"]
    os.close(running)
