"""The demo's own database, ports and keys; set as environment before Django starts, so that all its processes share them."""

import json
import os
import secrets
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from config.embedded.postgres import ensure_postgres
from config.embedded.roles import drop_database, grant_app_rights

DATABASE = "ansinh_demo"
MARK = "ANSINH_DEMO"
WEB_PORT = "ANSINH_DEMO_WEB_PORT"
SEED = "ANSINH_DEMO_SEED"
KEYS = ("BANK_API_KEY", "BANK_WEBHOOK_SECRETS")
KEPT = "chia-khoa.json"


def free_port() -> int:
    """A port of the loopback interface that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def is_free(port: int) -> bool:
    """Whether nobody listens on this port of the loopback interface."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def prepare(*, var: Path, database: str = DATABASE) -> dict[str, str]:
    """Make the demo's database anew and return the environment all its processes run with.

    With DATABASE_URL and DATABASE_OWNER_URL set, the database is made on that server; else on the embedded one.
    """
    app_url, owner_url = database_urls(var=var, database=database)
    _make_anew(owner_url=owner_url, database=database)
    keys = {
        "BANK_API_KEY": f"sk_test_{secrets.token_hex(12)}",
        "BANK_WEBHOOK_SECRETS": f"whsec_{secrets.token_hex(16)}",
    }
    return _environment(app_url=app_url, owner_url=owner_url, web_port=free_port(), keys=keys)


def resume(*, var: Path, web_port: int, database: str = DATABASE) -> dict[str, str] | None:
    """The environment to go on with what the last demo left; None if it left nothing to go on with."""
    app_url, owner_url = database_urls(var=var, database=database)
    try:
        keys: dict[str, str] = json.loads((var / "demo" / KEPT).read_text())
        psycopg.connect(app_url).close()
    except (FileNotFoundError, psycopg.OperationalError):
        return None
    return _environment(app_url=app_url, owner_url=owner_url, web_port=web_port, keys=keys)


def keep(*, folder: Path, environment: Mapping[str, str], seed: int) -> None:
    """Write down, for this user alone, what `resume` needs: the bank knows us by these keys, and its books by the seed."""
    path = folder / KEPT
    path.touch(mode=0o600)
    path.write_text(json.dumps({name: environment[name] for name in KEYS} | {SEED: str(seed)}))


def database_urls(*, var: Path, database: str) -> tuple[str, str]:
    """How the application and the owner reach `database`: on the server named by the environment, else on the embedded one."""
    if "DATABASE_URL" in os.environ:
        app_url, owner_url = os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"]
        return _of_database(app_url, database), _of_database(owner_url, database)
    address = ensure_postgres(var).for_database(database)
    return address.app_url, address.owner_url


def _environment(*, app_url: str, owner_url: str, web_port: int, keys: Mapping[str, str]) -> dict[str, str]:
    return {
        MARK: "1",
        "DATABASE_URL": app_url,
        "DATABASE_OWNER_URL": owner_url,
        "ANSINH_QUEUE": f"demo-{secrets.token_hex(4)}",
        "BANK_API_BASE": f"http://127.0.0.1:{free_port()}",
        "BANK_STATEMENTS_BASE": f"http://127.0.0.1:{free_port()}",
        WEB_PORT: str(web_port),
        **keys,
    }


def _of_database(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def _make_anew(*, owner_url: str, database: str) -> None:
    server_url = _of_database(owner_url, "postgres")
    drop_database(owner_url=server_url, database=database)
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    grant_app_rights(owner_url=owner_url, database=database)
