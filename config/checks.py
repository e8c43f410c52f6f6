"""What must be true of a database before money is paid from it: `manage.py check --database default`."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from staff.key_ring import KeyMissing, key_of, unopened
from staff.key_trial import doubts

_RIGHTS = """
SELECT pg_has_role(current_user, c.relowner, 'USAGE'), has_table_privilege('payments_signature', 'UPDATE, DELETE, TRUNCATE')
FROM pg_class c WHERE c.oid = to_regclass('payments_payment')
"""
# Of the two tables where numbers live; what else is sealed was sealed under the same keys.
_KEYS_IN_USE = """
SELECT get_byte(sealed, 0) FROM beneficiaries_identitynumber WHERE octet_length(sealed) > 0
UNION SELECT get_byte(sealed, 0) FROM beneficiaries_accountnumber WHERE octet_length(sealed) > 0
"""
_WHOSE_KEYS = (
    "Give the keys these books were written with: each backup goes with the keys of its day (docs/operations.md, keys)."
)
_HOW_MASTERS_CHANGE = (
    "A master key leaves ANSINH_MASTER_KEYS only after `manage.py data_keys rewrap` (docs/operations.md, keys)."
)


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


@register(Tags.database)
def every_key_in_use_is_known(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """A key or master key left out too early: numbers under it could not be read, and whoever may be paid not be paid."""
    if "default" not in (databases or []):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT to_regclass('beneficiaries_identitynumber') IS NULL OR to_regclass('beneficiaries_accountnumber') IS NULL"
        )
        if cursor.fetchone()[0]:
            return []
        cursor.execute(_KEYS_IN_USE)
        used = sorted(row[0] for row in cursor.fetchall())
    found = [Error(f"{wrong}.", hint=_HOW_MASTERS_CHANGE, id="ansinh.E003") for wrong in unopened()]
    if unknown := [str(number) for number in used if not _is_known(number)]:
        found.append(
            Error(
                f"Numbers are sealed under keys this process was not given: {', '.join(unknown)}.",
                hint="A key leaves ANSINH_DATA_KEYS only when `manage.py data_keys` says so (docs/operations.md, keys).",
                id="ansinh.E002",
            )
        )
    found += [Error(f"{wrong}.", hint=_WHOSE_KEYS, id="ansinh.E004") for wrong in doubts(everywhere=True)]
    return list(found)


def _is_known(number: int) -> bool:
    try:
        key_of(number)
    except KeyMissing:
        return False
    return True


@register(Tags.security, deploy=True)
def the_bank_is_reached_by_tls(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Else the key to the money goes over the line in clear."""
    bases = {
        name: getattr(settings, name)
        for name in ("BANK_API_BASE", "BANK_FILES_BASE", "BANK_STATEMENTS_BASE", "PLATFORM_URL")
    }
    bare = [name for name, base in bases.items() if base and not base.startswith("https://")]
    if not bare:
        return []
    return [
        Warning(
            f"Not https: {', '.join(bare)}.",
            hint="Set addresses that begin with https://, unless a tunnel of your own encrypts the way there.",
            id="ansinh.W002",
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
