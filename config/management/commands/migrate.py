"""`migrate`, as the owner of the schema: the application's role has no DDL."""

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate


class Command(migrate.Command):
    """Django's own command with `owner` as the database it means unless told otherwise."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Django's arguments, with another default database."""
        super().add_arguments(parser)
        if "owner" not in settings.DATABASES:
            raise CommandError("Migrations run as the owner of the schema: set DATABASE_OWNER_URL for this command.")
        parser.set_defaults(database="owner")
