"""`migrate`, as the owner of the schema: the application's role has no DDL."""

from argparse import ArgumentParser

from django.core.management.commands import migrate


class Command(migrate.Command):
    """Django's own command with `owner` as the database it means unless told otherwise."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Django's arguments, with another default database."""
        super().add_arguments(parser)  # type: ignore[arg-type]  # as above
        parser.set_defaults(database="owner")
