"""A database of the simulation's own, for runs outside pytest: made and migrated by the owner, dropped at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from config.embedded.roles import drop_database, grant_app_rights
from tests.conftest import owner_url_of


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """Both roles work in database `name` while the block runs."""
    product = connections["default"].settings_dict["NAME"]
    drop_database(owner_url=owner_url_of(product), database=name)
    with psycopg.connect(owner_url_of(product), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    grant_app_rights(owner_url=owner_url_of(product), database=name)
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    try:
        call_command("migrate", database="owner", verbosity=0)
        connections["owner"].close()
        yield
    finally:
        connections.close_all()
        drop_database(owner_url=owner_url_of(product), database=name)
