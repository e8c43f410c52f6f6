"""A province, a clock that stands still, a bank with money."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections

from banks.fake import FakeTransfers
from payments.models import PaymentBatch
from tests.databases import owner_url_of
from tests.payments.province import AUGUST, BALANCES, Clock, Province, make_province
from tests.payments.starts import FOUND_OLD_AT_ANOTHER_START, STARTS


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


@pytest.fixture
def started_anew(django_db_setup: None) -> Iterator[None]:
    """As after a start of the server: nobody compared the books since. Asked for before anything that looks at them."""
    with psycopg.connect(owner_url_of(connections["default"].settings_dict["NAME"]), autocommit=True) as owner:
        owner.execute("SET lock_timeout = '5s'")
        owner.execute("TRUNCATE payments_booksstart")
        yield
        owner.execute("TRUNCATE payments_booksstart")
        owner.execute(STARTS)


@pytest.fixture
def found_old_at_another_start(started_anew: None) -> None:
    """Somebody started the server once more instead of running `after_restore`."""
    with psycopg.connect(owner_url_of(connections["default"].settings_dict["NAME"]), autocommit=True) as owner:
        for statement in FOUND_OLD_AT_ANOTHER_START:
            owner.execute(statement)
