"""A province in the database, clients of the API, a bank with money."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import caches
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
