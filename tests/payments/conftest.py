"""A province, a clock that stands still, a bank with money."""

import pytest

from banks.fake import FakeTransfers
from tests.payments.province import BALANCES, Clock, Province, make_province


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def province(db: None, clock: Clock) -> Province:
    return make_province(clock=clock)


@pytest.fixture
def bank(clock: Clock) -> FakeTransfers:
    """A bank in memory that holds a milliard đồng for each district."""
    return FakeTransfers(balances=BALANCES, now=clock)
