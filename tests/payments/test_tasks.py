"""A task of several parts: one that fails stops none behind it, and is not silent."""

from typing import Any

import pytest

from payments import tasks

OF_CONFIRM = ["stop_lost_accounts", "cancel_emptied", "confirm_unpaid", "confirm_unpaid_in_files", "hold_successors"]


@pytest.fixture
def done(db: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which parts ran, in their order; nothing is asked of anybody."""
    ran: list[str] = []
    for name in OF_CONFIRM:
        monkeypatch.setattr(tasks, name, lambda _name=name, **_: ran.append(_name))
    for name in ("database_now", "the_bank", "the_files"):
        monkeypatch.setattr(tasks, name, lambda: None)
    return ran


class TestConfirm:
    def test_does_all_its_parts_in_their_order(self, done: list[str]) -> None:
        tasks.confirm()

        assert done == OF_CONFIRM

    @pytest.mark.parametrize("broken", OF_CONFIRM)
    def test_one_part_that_fails_stops_none_of_the_others(
        self, done: list[str], monkeypatch: pytest.MonkeyPatch, broken: str
    ) -> None:
        def fails(**_: Any) -> None:
            raise RuntimeError("a row nobody thought of")

        monkeypatch.setattr(tasks, broken, fails)

        with pytest.raises(RuntimeError, match="a row nobody thought of"):
            tasks.confirm()
        assert done == [name for name in OF_CONFIRM if name != broken]
