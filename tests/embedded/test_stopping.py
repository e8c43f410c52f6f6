"""The services are not taken away from under a running demo."""

from config.demo.turn import LOCK, in_use, take_turn
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
