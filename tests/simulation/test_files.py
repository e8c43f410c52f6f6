"""Lists that go in files: one live debit per entitlement, whatever becomes of uploads and in whatever order the reports come."""

import pytest


def test_every_promise_holds_after_every_step(play_seeds):
    play_seeds(range(12), only="files")


@pytest.mark.slow
def test_every_promise_holds_in_every_schedule(play_seeds):
    play_seeds(range(12, 112), only="files")
