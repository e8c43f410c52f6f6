"""The small sister of `make fault-run`."""

import pytest

from tests.e2e.fault_run import run_under_fire

pytestmark = pytest.mark.slow


def test_everything_is_paid_once_under_fire():
    outcome = run_under_fire(300, kills=2)

    assert outcome.problems == []
    assert set(outcome.statuses) <= {"POSTED", "RETURNED", "FAILED"}
