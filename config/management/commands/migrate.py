"""`migrate`, as the owner of the schema: the application's role has no DDL."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate


class Command(migrate.Command):
    """Django's own command with `owner` as the database it means unless told otherwise."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Django's arguments, with another default database."""
        super().add_arguments(parser)  # type: ignore[arg-type]  # as above
        if "owner" not in settings.DATABASES:
            raise CommandError("Migrations run as the owner of the schema: set DATABASE_OWNER_URL for this command.")
        parser.set_defaults(database="owner")
