"""A real dump and restore, and a copy by template: the restored database knows that it lies elsewhere (ADR 94)."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from config.embedded.binaries import postgres_programs
from config.embedded.homes import home_of
from config.embedded.roles import drop_database
from config.environment import VAR
from tests.databases import lead_to, make_migrated_database, owner_url_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def books(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A database of its own, read where it lies."""
    used = connections["default"].settings_dict["NAME"]
    name = f"test_books_p{os.getpid()}"
    with django_db_blocker.unblock():
        make_migrated_database(name)
        connections.close_all()
        lead_to(used)
    yield name
    drop_database(owner_url=owner_url_of(settings.DATABASES["default"]["NAME"]), database=name)


@pytest.fixture
def another(books: str) -> Iterator[str]:
    yield f"{books}_copy"
    drop_database(owner_url=owner_url_of(settings.DATABASES["default"]["NAME"]), database=f"{books}_copy")


def on_server(statement: str, *names: str) -> None:
    with psycopg.connect(owner_url_of(settings.DATABASES["default"]["NAME"]), autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def run(program: str, *arguments: str) -> None:
    path: Path = postgres_programs(home=home_of(service="pg", var_dir=VAR.resolve())) / program
    subprocess.run([str(path), *arguments], capture_output=True, timeout=300, check=True)


def are_read(name: str) -> bool:
    app = settings.DATABASES["default"]
    with psycopg.connect(
        host=app["HOST"], port=app["PORT"], user=app["USER"], password=app["PASSWORD"], dbname=name
    ) as it:
        row = it.execute("SELECT payments_books_are_read()").fetchone()
    return row == (True,)


def test_a_copy_by_template_lies_elsewhere(books: str, another: str) -> None:
    on_server("CREATE DATABASE {} TEMPLATE {}", another, books)

    assert (are_read(books), are_read(another)) == (True, False)


def test_a_dump_restored_elsewhere_and_in_place_lies_elsewhere_and_is_read_after_that(
    books: str, another: str, tmp_path: Path
) -> None:
    kept = str(tmp_path / "books.dump")
    run("pg_dump", owner_url_of(books), "--format=custom", f"--file={kept}")
    on_server("CREATE DATABASE {} TEMPLATE template0", another)
    run("pg_restore", "--exit-on-error", f"--dbname={owner_url_of(another)}", kept)
    elsewhere = are_read(another)
    run("pg_restore", "--exit-on-error", "--clean", "--if-exists", f"--dbname={owner_url_of(books)}", kept)

    assert (elsewhere, are_read(books)) == (False, False)

    with psycopg.connect(owner_url_of(books), autocommit=True) as owner:
        owner.execute(
            "INSERT INTO payments_booksplace (place, read_at, agreed, unknown_orders, document) VALUES (payments_books_place(), now(), true, 0, '')"
        )
        read = are_read(books)
        owner.execute("VACUUM FULL payments_payment")
        owner.execute("VACUUM FULL payments_booksplace")
    assert (read, are_read(books)) == (True, True)
