"""The province of the API's tests, and browsers that are logged in through the page."""

import pytest

from tests.api.conftest import bank, fresh_throttles, same_world, world, world_of_the_module
from tests.api.world import PASSWORD, World
from tests.pages.forms import Browse, Browser

__all__ = ["bank", "browse", "fresh_throttles", "same_world", "world", "world_of_the_module"]


@pytest.fixture
def browse(world: World) -> Browse:
    """A browser in which the member of staff with this role at this unit has logged in; it must send the form's token."""

    def log_in(role: str, unit: str) -> Browser:
        client = Browser()
        client.force_login(world.staff[role, unit])
        return client

    return log_in


@pytest.fixture
def with_password(world: World) -> str:
    """The user name of a checker who has a password."""
    user = world.staff["CHECKER", "971"]
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user.username
