"""The demo's own database, ports and keys; set as environment before Django starts, so that all its processes share them."""

import os
import secrets
import socket
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from config.embedded.postgres import ensure_postgres
from config.embedded.roles import grant_app_rights

DATABASE = "ansinh_demo"
MARK = "ANSINH_DEMO"


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def prepare(*, var: Path, database: str = DATABASE) -> dict[str, str]:
    """Make the demo's database anew and return the environment all its processes run with.

    With DATABASE_URL and DATABASE_OWNER_URL set, the database is made on that server; else on the embedded one.
    """
    if "DATABASE_URL" in os.environ:
        app_url = _of_database(os.environ["DATABASE_URL"], database)
        owner_url = _of_database(os.environ["DATABASE_OWNER_URL"], database)
    else:
        address = ensure_postgres(var).for_database(database)
        app_url, owner_url = address.app_url, address.owner_url
    _make_anew(owner_url=owner_url, database=database)
    api, admin, web = free_port(), free_port(), free_port()
    return {
        MARK: "1",
        "DATABASE_URL": app_url,
        "DATABASE_OWNER_URL": owner_url,
        "ANSINH_QUEUE": f"demo-{secrets.token_hex(4)}",
        "BANK_API_BASE": f"http://127.0.0.1:{api}",
        "BANK_STATEMENTS_BASE": f"http://127.0.0.1:{admin}",
        "BANK_API_KEY": f"sk_test_{secrets.token_hex(12)}",
        "BANK_WEBHOOK_SECRETS": f"whsec_{secrets.token_hex(16)}",
        "ANSINH_DEMO_WEB_PORT": str(web),
    }


def _of_database(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _make_anew(*, owner_url: str, database: str) -> None:
    with psycopg.connect(_of_database(owner_url, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    grant_app_rights(owner_url=owner_url, database=database)
