"""What must be true of a database before money is paid from it: `manage.py check --database default`."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

_RIGHTS = """
SELECT pg_has_role(current_user, c.relowner, 'USAGE'), has_table_privilege('payments_signature', 'UPDATE, DELETE, TRUNCATE')
FROM pg_class c WHERE c.oid = to_regclass('payments_payment')
"""


@register(Tags.database)
def application_does_not_own_its_tables(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """An owner could switch off the triggers that guard the money; a role with other grants could rewrite signatures."""
    if "default" not in (databases or []):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(_RIGHTS)
        row = cursor.fetchone()
    if row is None or not any(row):
        return []
    return [
        Error(
            "The application's database role owns its tables, or may rewrite signatures.",
            hint="Connect as a role with rows' rights only (docs/operations.md, two database roles).",
            id="ansinh.E001",
        )
    ]
