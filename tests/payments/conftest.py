"""A province, a clock that stands still, a bank with money."""

import pytest

from banks.fake import FakeTransfers
from payments.models import PaymentBatch
from tests.payments.province import AUGUST, BALANCES, Clock, Province, make_province


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


@pytest.fixture
def batch(province: Province) -> PaymentBatch:
    """An account list in DRAFT with two payments of 750,000 đ."""
    for _ in range(2):
        province.open_account(province.enrol().beneficiary)
    province.build(AUGUST)
    return PaymentBatch.objects.get()


@pytest.fixture
def approved(province: Province, batch: PaymentBatch) -> PaymentBatch:
    """The same list, signed by maker and checker."""
    province.approve_lists(AUGUST)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def released(province: Province, batch: PaymentBatch, bank: FakeTransfers) -> PaymentBatch:
    """The same list with all three signatures."""
    province.release_lists(AUGUST, bank=bank)
    batch.refresh_from_db()
    return batch
