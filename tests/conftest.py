"""The test database, used as the product uses its own: migrated by the owner, worked in by the application's role."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from config.embedded.roles import drop_database
from tests.databases import BOOKS_LIE_HERE, make_migrated_database, owner_url_of

# Counted per test process, or tests beside each other would use up one another's allowances; tests of the shared counter make their own.
settings.CACHES["counters"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "counters"}

# Processes of their own that tests start hash as the product does.
settings.PASSWORD_HASHERS = ["tests.passwords.QuickHasher"]

WRITTEN_BY_MIGRATIONS: set[str] = set()
"""Tables that have rows in a database just migrated: what every installation starts with, and what emptying leaves alone."""


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """One database per test process, made and migrated by the owner; the application's role has only its own rights in it."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", f"p{os.getpid()}")
    product = settings.DATABASES["default"]["NAME"]
    name = f"test_{product}_{worker}"
    with django_db_blocker.unblock():
        make_migrated_database(name)
    WRITTEN_BY_MIGRATIONS.update(tables_with_rows())
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    drop_database(owner_url=owner_url_of(product), database=name)


def tables_with_rows() -> set[str]:
    """Names of the tables of the test database that are not empty."""
    with psycopg.connect(owner_url_of(connections["default"].settings_dict["NAME"])) as owner:
        tables = [row[0] for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        query = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(table), sql.Identifier(table))
            for table in tables
        )
        return {row[0] for row in owner.execute(query)}


def empty_tables() -> None:
    """Empty what tests committed, as the owner; what migrations wrote stays."""
    with psycopg.connect(owner_url_of(connections["default"].settings_dict["NAME"]), autocommit=True) as owner:
        tables = [
            row[0]
            for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            if row[0] not in WRITTEN_BY_MIGRATIONS
        ]
        owner.execute(
            sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(sql.SQL(", ").join(map(sql.Identifier, tables)))
        )
        owner.execute(BOOKS_LIE_HERE)  # emptied with the users, whom it names


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """For tests with several connections or processes: what is written is committed, and emptied afterwards by the owner."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()
        empty_tables()
