"""The test database, used as the product uses its own: migrated by the owner, worked in by the application's role."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from config.embedded.roles import drop_database, grant_app_rights

KEPT_BY_TRUNCATE = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "payments_transition",
    "payments_batch_transition",
    "payments_file_transition",
    "beneficiaries_account_transition",
    "beneficiaries_change_transition",
    "beneficiaries_opening_transition",
    "beneficiaries_sourceprecedence",
    "staff_incompatiblerole",
    "reconciliation_run_transition",
}


def owner_url_of(database: str) -> str:
    owner = settings.DATABASES["owner"]
    return f"postgresql://{owner['USER']}:{owner['PASSWORD']}@{owner['HOST']}:{owner['PORT']}/{database}"


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """One database per test process, made and migrated by the owner; the application's role has only its own rights in it."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", f"p{os.getpid()}")
    product = settings.DATABASES["default"]["NAME"]
    name = f"test_{product}_{worker}"
    drop_database(owner_url=owner_url_of(product), database=name)
    with psycopg.connect(owner_url_of(product), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    grant_app_rights(owner_url=owner_url_of(product), database=name)
    with django_db_blocker.unblock():
        for alias in ("default", "owner"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
        call_command("migrate", database="owner", verbosity=0)
        connections["owner"].close()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    drop_database(owner_url=owner_url_of(product), database=name)


def empty_tables() -> None:
    """Empty what tests committed, as the owner; what migrations wrote stays."""
    with psycopg.connect(owner_url_of(connections["default"].settings_dict["NAME"]), autocommit=True) as owner:
        tables = [
            row[0]
            for row in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            if row[0] not in KEPT_BY_TRUNCATE
        ]
        owner.execute(
            sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(sql.SQL(", ").join(map(sql.Identifier, tables)))
        )


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """For tests with several connections or processes: what is written is committed, and emptied afterwards by the owner."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()
        empty_tables()
