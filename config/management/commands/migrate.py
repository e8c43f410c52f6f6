"""`migrate`, as the owner of the schema: the application's role has no DDL."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connections, transaction

LEVELS = "beneficiaries_signofflevel"


class Command(migrate.Command):
    """Django's own command with `owner` as the database it means unless told otherwise.

    Afterwards the database knows the levels that sign for data as the settings name them: its guard holds everybody to them, and only the owner
    changes them.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's arguments, with another default database."""
        super().add_arguments(parser)
        if "owner" not in settings.DATABASES:
            raise CommandError("Migrations run as the owner of the schema: set DATABASE_OWNER_URL for this command.")
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        """Django's migrations, then the levels; a plan or a check writes nothing."""
        super().handle(*args, **options)
        if not options["plan"] and not options["check_unapplied"]:
            _write_levels(options["database"])


def _write_levels(database: str) -> None:
    with transaction.atomic(using=database), connections[database].cursor() as cursor:
        write_levels(cursor, settings.SIGN_OFF_BETWEEN)


def write_levels(cursor: Any, kinds: Sequence[str]) -> None:
    """Let the table name just these kinds; nothing where the schema is of before there was one."""
    cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [LEVELS])
    if cursor.fetchone()[0]:
        cursor.execute(f"DELETE FROM {LEVELS} WHERE kind <> ALL(%s)", [list(kinds)])
        cursor.execute(f"INSERT INTO {LEVELS} (kind) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", [list(kinds)])
