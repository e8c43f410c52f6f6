"""Migrations run as the database's owner, everything else as the application's role."""

from typing import Any


class OwnerMigrates:
    """Only the alias `owner` may migrate; it names the same database as `default`."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Schema changes on `owner` only."""
        return db == "owner"

    def allow_relation(self, obj1: object, obj2: object, **hints: Any) -> bool:
        """Both aliases are one database."""
        return True
