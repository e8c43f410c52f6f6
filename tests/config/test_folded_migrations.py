"""Migrations that were folded into new ones (ADR 54): a database that has all of them has the new ones; one that has only some is not touched."""

import pytest
from django.db import connection
from django.db.migrations.exceptions import NodeNotFoundError
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from config.behind import advice, what_to_do

Applied = MigrationRecorder.Migration
ROOMS = ("staff", "beneficiaries", "payments", "reconciliation")
FOLDED = {
    key: migration.replaces for key, migration in MigrationLoader(None).disk_migrations.items() if migration.replaces
}
LAST = {app: max(name for replaced in FOLDED.values() for room, name in replaced if room == app) for app in ROOMS}
pytestmark = pytest.mark.django_db


def forget(*keys):
    for app, name in keys:
        assert Applied.objects.filter(app=app, name=name).delete()[0] == 1


def test_each_folded_migration_is_named_once_and_none_by_the_name_of_a_new_one():
    named = [key for replaced in FOLDED.values() for key in replaced]
    assert len(named) == len(set(named)) == 117
    assert not set(named) & set(FOLDED)


def test_a_database_that_has_all_of_them_has_the_new_ones():
    forget(*FOLDED)
    assert advice() == ""
    assert set(FOLDED) <= set(MigrationLoader(connection).applied_migrations)


@pytest.mark.parametrize("app", ROOMS)
def test_one_that_lacks_the_last_of_a_room_is_told_the_way_on_and_not_migrated(app):
    forget(*FOLDED, (app, LAST[app]))
    with pytest.raises(NodeNotFoundError) as refused:
        MigrationExecutor(connection)  # what `migrate` begins with
    assert "mới chạy một phần" in advice()
    assert "mới chạy một phần" in what_to_do(refused.value)


@pytest.mark.parametrize("key", sorted(FOLDED))
def test_a_migration_that_was_interrupted_goes_on_with_what_is_missing(key):
    """A file that named what another one names would be taken for applied, and its guards would never be made."""
    forget(key, *FOLDED[key])
    assert "1 thay đổi cấu trúc chưa chạy" in advice()
    assert key not in MigrationLoader(connection).applied_migrations
