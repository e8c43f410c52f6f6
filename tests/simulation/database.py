"""A database of the simulation's own, for runs outside pytest: made and migrated by the owner, dropped at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

from config.embedded.roles import drop_database
from tests.databases import lead_to, make_migrated_database, owner_url_of


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """Both roles work in database `name` while the block runs."""
    product = connections["default"].settings_dict["NAME"]
    make_migrated_database(name)
    try:
        yield
    finally:
        connections.close_all()
        lead_to(product)
        drop_database(owner_url=owner_url_of(product), database=name)
