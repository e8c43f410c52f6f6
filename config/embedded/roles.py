"""Two database roles from the start: the owner migrates, the application can neither change tables nor empty them."""

import psycopg
from psycopg import sql

from config.embedded.errors import RoleMissing

OWNER = "ansinh_owner"
APP = "ansinh_app"
APP_ATTRIBUTES = "LOGIN"
OWNER_ATTRIBUTES = "LOGIN CREATEDB"


def ensure_roles_and_database(
    *,
    admin_url: str,
    database: str,
    owner: str = OWNER,
    app: str = APP,
    owner_password: str | None = None,
    app_password: str | None = None,
) -> None:
    """Create what is missing of the two roles and the database, and give the application its rights; idempotent.

    `admin_url` may be that of an owner without the right to create roles, if the roles exist; RoleMissing if not.
    A password is set only when given, hashed on our side, so that no server log can hold it.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        _ensure_role(connection, role=owner, attributes=OWNER_ATTRIBUTES, password=owner_password)
        _ensure_role(connection, role=app, attributes=APP_ATTRIBUTES, password=app_password)
        _let_owner_end_app_sessions(connection, owner=owner, app=app)
        if not _exists(connection, "SELECT 1 FROM pg_database WHERE datname = %s", database):
            statement = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(statement.format(sql.Identifier(database), sql.Identifier(owner)))
    grant_app_rights(owner_url=admin_url, database=database, owner=owner, app=app)


def grant_app_rights(*, owner_url: str, database: str, owner: str = OWNER, app: str = APP) -> None:
    """Let the application read and write rows of every table the owner will create in `database`.

    Call it before the first migration: tables that exist are left alone, because a migration may have taken a right
    away on purpose (history is append-only).
    """
    statements = (
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE ON SEQUENCES TO {app}",
    )
    with psycopg.connect(owner_url, dbname=database) as connection:
        for statement in statements:
            connection.execute(sql.SQL(statement).format(app=sql.Identifier(app), owner=sql.Identifier(owner)))


def drop_database(*, owner_url: str, database: str, app: str = APP) -> None:
    """End the sessions of both roles in `database` and drop it, if it exists; `owner_url` may name any other database.

    Not `DROP … WITH (FORCE)`: that asks for a superuser's rights whenever autovacuum happens to be in the database.
    """
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename IN (current_user, %s)",
            [database, app],
        )
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database)))


def _ensure_role(
    connection: psycopg.Connection[tuple[object, ...]], *, role: str, attributes: str, password: str | None
) -> None:
    if not _exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
        try:
            connection.execute(sql.SQL("CREATE ROLE {} " + attributes).format(sql.Identifier(role)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise RoleMissing(role=role) from error
    if password is not None:
        verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(role), sql.Literal(verifier.decode())))


def _let_owner_end_app_sessions(connection: psycopg.Connection[tuple[object, ...]], *, owner: str, app: str) -> None:
    """A database is dropped only when nobody uses it; membership gives the owner nothing it can't do already."""
    known = connection.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [owner, app]).fetchone()
    if known != (True,):
        try:
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(app), sql.Identifier(owner)))
        except psycopg.errors.InsufficientPrivilege:
            return  # an operator's server: dropping waits until the sessions end


def _exists(connection: psycopg.Connection[tuple[object, ...]], query: str, name: str) -> bool:
    return connection.execute(query, [name]).fetchone() is not None
