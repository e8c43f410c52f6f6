"""The province of the API's tests, and browsers that are logged in through the page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.api.conftest import bank, fresh_throttles, world
from tests.api.world import PASSWORD, World

__all__ = ["Browser", "bank", "browse", "fresh_throttles", "world"]


class Browser(Client):
    """Sends a form as browsers send one without files; the pages take no other."""

    def post(self, path: str, data: Any = None, **more: Any) -> Any:
        return super().post(path, urlencode(data or {}), content_type="application/x-www-form-urlencoded", **more)


@pytest.fixture
def browse(world: World) -> Callable[[str, str], Client]:
    """A browser in which the member of staff with this role at this unit has logged in; it must send the form's token."""

    def log_in(role: str, unit: str) -> Client:
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
