"""A fresh database taken back to nothing and forth again is the same one: what migrations make, they take away (ADR 54)."""

import os

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from config.embedded.roles import drop_database
from tests.databases import lead_to, make_migrated_database, owner_url_of
from tests.schema import filled_in, schema_of

pytestmark = pytest.mark.slow
ROOMS = ("reconciliation", "payments", "beneficiaries", "staff")


@pytest.fixture
def migrated(django_db_setup, django_db_blocker):
    used = connections["default"].settings_dict["NAME"]
    name = f"test_back_p{os.getpid()}"
    with django_db_blocker.unblock():
        make_migrated_database(name)
        yield owner_url_of(name)
        connections.close_all()
        lead_to(used)
    drop_database(owner_url=owner_url_of(settings.DATABASES["default"]["NAME"]), database=name)


@pytest.mark.parametrize("target", ["zero", "0001_models"])
def test_back_and_forth_again_is_the_same_schema(migrated, target):
    schema, rows = schema_of(migrated), sorted(filled_in(migrated))
    for room in ROOMS:
        call_command("migrate", room, target, database="owner", verbosity=0)
    assert schema_of(migrated) != schema

    call_command("migrate", database="owner", verbosity=0)

    assert schema_of(migrated) == schema
    assert sorted(filled_in(migrated)) == rows
