"""A province in the database, clients of the API, a bank with money."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy

import pytest
from django.core.cache import caches
from django.db import transaction
from rest_framework.test import APIClient

from banks.fake import FakeTransfers
from tests.api.world import World, make_world


@pytest.fixture(autouse=True)
def fresh_throttles() -> Iterator[None]:
    for cache in (caches["default"], caches["counters"]):
        cache.clear()
    yield
    for cache in (caches["default"], caches["counters"]):
        cache.clear()


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@contextmanager
def a_tests_transaction() -> Iterator[None]:
    """Rolled back at its end, and no hindrance to what has to be the outermost transaction, like the one around each of Django's tests."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world_of_the_module(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[World]:
    """The province made once for all tests of a file, in a transaction that ends with it."""
    with django_db_blocker.unblock(), a_tests_transaction():
        yield make_world()


@pytest.fixture
def same_world(world_of_the_module: World) -> Iterator[World]:
    """The file's province as it was made, whatever tests before did to it. Instead of `world`, where hundreds of tests begin alike."""
    with a_tests_transaction():
        yield deepcopy(world_of_the_module)


@pytest.fixture
def as_staff(world: World) -> Callable[[str, str], APIClient]:
    """A client logged in as the member of staff with this role at this unit."""

    def log_in(role: str, unit: str) -> APIClient:
        client = APIClient()
        client.force_authenticate(world.staff[role, unit])
        return client

    return log_in


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> FakeTransfers:
    """A bank that holds ten million đồng for each district."""
    fake = FakeTransfers(balances={"fa_971": 10_000_000, "fa_972": 10_000_000})
    monkeypatch.setattr("payments.api.signing.the_bank", lambda: fake)
    return fake
