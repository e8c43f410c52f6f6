"""The application's role can use the tables and can't change, empty or drop them."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.embedded.__main__ import main
from config.embedded.errors import RoleMissing
from config.embedded.postgres import PostgresAddress, ensure_postgres
from config.embedded.roles import ensure_roles_and_database, grant_app_rights


@pytest.fixture(scope="module")
def address() -> Iterator[PostgresAddress]:
    with tempfile.TemporaryDirectory(prefix="an-sinh-test-", ignore_cleanup_errors=True) as place:
        Path(place).chmod(0o755)
        var_dir = Path(place) / "var"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ANSINH_PG_SHARED_BUFFERS", "32MB")
            patch.delenv("ANSINH_ENV", raising=False)
            yield ensure_postgres(var_dir)
        main(["remove", "--var", str(var_dir)])


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture(scope="module")
def table(address: PostgresAddress) -> str:
    run(address.owner_url, "CREATE TABLE payment (id bigserial PRIMARY KEY, amount bigint NOT NULL)")
    return "payment"


class TestTheApplication:
    def test_inserts_reads_changes_and_deletes_rows(self, address: PostgresAddress, table: str) -> None:
        with psycopg.connect(address.app_url) as connection:
            connection.execute(f"INSERT INTO {table} (amount) VALUES (360000)")
            connection.execute(f"UPDATE {table} SET amount = 500000")
            row = connection.execute(f"SELECT amount FROM {table}").fetchone()
            connection.execute(f"DELETE FROM {table}")

        assert row == (500_000,)

    @pytest.mark.parametrize(
        "statement",
        [
            "CREATE TABLE another (id bigint)",
            "CREATE SCHEMA another",
            "CREATE DATABASE another",
            "CREATE ROLE another",
            "TRUNCATE {table}",
            "DROP TABLE {table}",
            "ALTER TABLE {table} ADD COLUMN note text",
            "ALTER TABLE {table} DISABLE TRIGGER ALL",
            "CREATE TRIGGER another AFTER INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "CREATE INDEX another ON {table} (amount)",
            "SET session_replication_role = replica",
            "SET ROLE ansinh_owner",
            "COPY {table} TO PROGRAM 'cat'",
        ],
    )
    def test_can_neither_define_nor_empty_nor_switch_off(
        self, address: PostgresAddress, table: str, statement: str
    ) -> None:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run(address.app_url, statement.format(table=table))

    def test_has_the_same_rights_in_a_database_the_owner_creates_later(self, address: PostgresAddress) -> None:
        run(address.owner_url, "CREATE DATABASE test_later")
        later = address.for_database("test_later")
        run(later.owner_url, "CREATE TABLE payment (id bigserial PRIMARY KEY, amount bigint)")

        run(later.app_url, "INSERT INTO payment (amount) VALUES (1)", "DELETE FROM payment")

        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run(later.app_url, "TRUNCATE payment")


class TestEnsureRolesAndDatabase:
    def test_gives_nothing_back_that_a_migration_took_away(self, address: PostgresAddress) -> None:
        run(address.owner_url, "CREATE TABLE history (id bigint)", "REVOKE UPDATE, DELETE ON history FROM ansinh_app")

        ensure_roles_and_database(admin_url=address.admin_url, database=address.database)
        grant_app_rights(owner_url=address.owner_url, database=address.database)

        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run(address.app_url, "DELETE FROM history")

    def test_needs_no_more_than_the_owner_when_the_roles_exist(self, address: PostgresAddress) -> None:
        ensure_roles_and_database(admin_url=address.owner_url, database="made_by_owner")

        run(address.for_database("made_by_owner").app_url, "SELECT 1")

    def test_names_the_role_its_administrator_has_to_create(self, address: PostgresAddress) -> None:
        with pytest.raises(RoleMissing, match="CREATE ROLE province_app LOGIN"):
            ensure_roles_and_database(admin_url=address.owner_url, database="ansinh", app="province_app")
