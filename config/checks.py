"""What must be true of a database before money is paid from it: `manage.py check --database default`."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
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


@register(Tags.security, deploy=True)
def processes_count_together(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """With counters of its own, every web process allows ten trials of a password a minute."""
    if "Redis" in settings.CACHES["counters"]["BACKEND"]:
        return []
    return [
        Warning(
            "Every process counts log-ins and look-ups for itself.",
            hint="Set ANSINH_COUNTERS_URL to a Redis all web processes reach.",
            id="ansinh.W001",
        )
    ]
