"""Databases for tests: copies of one that was migrated once for this state of the migrations, so that a run doesn't begin by migrating again."""

from hashlib import sha256
from pathlib import Path

import psycopg
from django import VERSION
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from config.embedded.roles import drop_database, grant_app_rights

ROOT = Path(__file__).resolve().parent.parent
MADE_FROM = ("*/migrations/*.py", "staff/data/*", "config/embedded/roles.py")
PREFIX = "migrated_"
LOCK = 20_260_517  # any number of ours: whoever holds it makes the template, the others wait

BOOKS_LIE_HERE = """
INSERT INTO payments_booksplace (place, read_at, agreed, unknown_orders, document)
VALUES (payments_books_place(), clock_timestamp(), true, 0, '');
INSERT INTO payments_booksstart (started_at, compared_at, agreed, account)
VALUES (pg_postmaster_start_time(), clock_timestamp(), true, '');
"""


def owner_url_of(database: str) -> str:
    """Where the owner of the schema reaches `database`."""
    owner = settings.DATABASES["owner"]
    return f"postgresql://{owner['USER']}:{owner['PASSWORD']}@{owner['HOST']}:{owner['PORT']}/{database}"


def make_migrated_database(name: str) -> None:
    """Make `name` anew, migrated by the owner; both connections of Django lead there afterwards. Needs database access unblocked."""
    product = settings.DATABASES["default"]["NAME"]
    template = PREFIX + _state_of_migrations()
    drop_database(owner_url=owner_url_of(product), database=name)
    with psycopg.connect(owner_url_of(product), autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        known = [
            row[0] for row in server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        ]
        if template not in known:
            for outdated in known:
                drop_database(owner_url=owner_url_of(product), database=outdated)
            _migrate(server, template)
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
    with psycopg.connect(owner_url_of(name)) as owner:  # a copy is a copy, of empty books here
        owner.execute(BOOKS_LIE_HERE)
    lead_to(name)


def _migrate(server: psycopg.Connection, template: str) -> None:
    """Under another name until it is whole: a run that was ended leaves nothing that is taken for a template."""
    unfinished = f"un{template}"
    drop_database(owner_url=owner_url_of(settings.DATABASES["default"]["NAME"]), database=unfinished)
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(unfinished)))
    grant_app_rights(owner_url=owner_url_of(unfinished), database=unfinished)
    lead_to(unfinished)
    call_command("migrate", database="owner", verbosity=0)
    connections.close_all()
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    server.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(template)))


def lead_to(name: str) -> None:
    """Close both connections of Django; the next ones reach database `name`."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def _state_of_migrations() -> str:
    files = sorted(path for pattern in MADE_FROM for path in ROOT.glob(pattern) if path.is_file())
    digest = sha256(repr(VERSION).encode())
    for path in files:
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
