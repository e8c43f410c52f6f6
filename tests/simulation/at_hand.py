"""Nearer ways to a server that is ours, for long runs: its socket instead of TCP, and tables made on the way kept in memory.

A file system makes and forgets three files for each such table, thousands a minute: a tenth of what the product's sessions cost. A server that
is somebody else's is reached, and keeps its tables, as ever.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections

from config.embedded.homes import home_of
from config.environment import VAR
from tests.simulation.copies import own_server

MEMORY = Path("/dev/shm")  # noqa: S108 - only this account's directory in it is used
ROOM = 32 << 20  # bytes; a schedule's tables have ten rows


@contextmanager
def at_hand(name: str) -> Iterator[None]:
    """Sessions Django opens while the block runs take the nearer ways. `name`: of the table space, one a process; its database must be gone by the end."""
    server, product = own_server(), connections["default"].settings_dict
    if server is None:
        yield
        return
    before = {**product, "OPTIONS": dict(product["OPTIONS"])}
    product["HOST"] = str(server.socket_dir)
    with psycopg.connect(server.admin_url, autocommit=True) as admin:
        place = _table_space(name, admin)
        if place is not None:
            product["OPTIONS"]["options"] = (
                f"{product['OPTIONS'].get('options', '')} -c temp_tablespaces={name}".strip()
            )
        try:
            yield
        finally:
            product.update(HOST=before["HOST"], OPTIONS=before["OPTIONS"])
            if place is not None:
                admin.execute(f"DROP TABLESPACE {name}")
                shutil.rmtree(place)


def _table_space(name: str, admin: psycopg.Connection[Any]) -> Path | None:
    """Where in memory it lies, None if there is no room. One that a run left behind when it was killed is taken up again."""
    known = admin.execute("SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = %s", [name]).fetchone()
    if known and Path(known[0]).is_dir():
        return Path(known[0])
    if known:
        admin.execute(f"DROP TABLESPACE {name}")
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    place = home_of(service="pg", var_dir=VAR.resolve()).account.own(
        Path(tempfile.mkdtemp(prefix="ansinh-", dir=MEMORY))
    )
    admin.execute(f"CREATE TABLESPACE {name} LOCATION '{place}'")
    admin.execute(f"GRANT CREATE ON TABLESPACE {name} TO PUBLIC")
    admin.execute("CHECKPOINT")  # a server that recovers would want the directory, which a machine forgets when it ends
    return place
