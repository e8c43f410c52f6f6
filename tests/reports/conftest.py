"""A province for the tests of reports."""

import pytest

from tests.reports.world import World, found_world


@pytest.fixture
def world(db: None) -> World:
    return found_world()
