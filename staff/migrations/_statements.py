"""SQL that migrations of all rooms say the same way. Frozen like the migrations that use it: a new need is a new function."""

import re

from django.db import migrations

_CREATED = re.compile(r"^CREATE (FUNCTION|TABLE|VIEW) (\w+)", re.MULTILINE)
_HUNG_ON = re.compile(r"^CREATE (?:CONSTRAINT )?TRIGGER (\w+) (?:BEFORE|AFTER) [^;]*? ON (\w+)", re.MULTILINE)


def make(*statements):
    """One operation that runs `statements`; backwards it drops the triggers, functions, views and tables they create."""
    sql = "\n".join(statement.strip() for statement in statements)
    dropped = [f"DROP TRIGGER IF EXISTS {name} ON {table};" for name, table in _HUNG_ON.findall(sql)]
    dropped += [f"DROP {kind} IF EXISTS {name} CASCADE;" for kind, name in reversed(_CREATED.findall(sql))]
    return migrations.RunSQL(sql, "\n".join(dropped) or migrations.RunSQL.noop)


def rows(cells):
    """Rows of VALUES from tuples of codes."""
    return ", ".join("(" + ", ".join(f"'{cell}'" for cell in row) + ")" for row in cells)


def append_only(*tables, by="ansinh_append_only"):
    """Nobody updates or deletes rows of `tables`, the owner neither; the application has not even the right to."""
    return _refuse(tables, what="UPDATE OR DELETE", name="append_only", by=by) + revoke("UPDATE, DELETE", *tables)


def never_deleted(*tables, by="ansinh_append_only", right_stays=False):
    """Nobody deletes rows of `tables`, the owner neither; the application has not even the right to, unless `right_stays`."""
    refused = _refuse(tables, what="DELETE", name="never_deleted", by=by)
    return refused if right_stays else refused + revoke("DELETE", *tables)


def id_never_changes(*tables):
    """Guards compare rows before and after by their id; one that could change would slip through."""
    return _refuse(tables, what="UPDATE OF id", name="id_never_changes", by="ansinh_append_only")


def revoke(rights, *tables):
    """Take `rights` from the application's role, where that role exists."""
    return f"""
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ansinh_app') THEN
        REVOKE {rights} ON {", ".join(tables)} FROM ansinh_app;
    END IF;
END $$;
"""


def keep_history(table, *columns, inserts):
    """Changes of `columns` are kept in staff_historyrow (ADR 19); with `inserts` new rows are too."""
    named = ", ".join(f"'{column}'" for column in columns)
    return f"SELECT ansinh_keep_history('{table}', ARRAY[{named}], {str(inserts).lower()});"


def _refuse(tables, *, what, name, by):
    return "\n".join(
        f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {by}();"
        for table in tables
    )
