"""A database of the simulation's own, for runs outside pytest: made and migrated by the owner, dropped at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connections

from config.embedded.roles import drop_database
from tests.databases import lead_to, make_migrated_database, owner_url_of
from tests.simulation.copies import own_server

# Of ten rows the first plan is as good as the best of hundreds, and nobody watches what the sessions do. What is asked and answered is the same.
QUICK = {
    "join_collapse_limit": "1",
    "from_collapse_limit": "1",
    "max_parallel_workers_per_gather": "0",
    "enable_mergejoin": "off",
    "enable_hashjoin": "off",
    "enable_memoize": "off",
    "track_activities": "off",
    "update_process_title": "off",
}


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """Both roles work in database `name` while the block runs, by quick plans where the server is ours."""
    product = connections["default"].settings_dict["NAME"]
    make_migrated_database(name)
    if server := own_server():
        with psycopg.connect(server.admin_url, autocommit=True) as admin:
            for setting, value in QUICK.items():
                admin.execute(f"ALTER DATABASE {name} SET {setting} = {value}")
    try:
        yield
    finally:
        connections.close_all()
        lead_to(product)
        drop_database(owner_url=owner_url_of(product), database=name)
