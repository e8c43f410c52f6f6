"""Kept keys of names are brought up to the present rules, and only those that differ are written."""

from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection

from beneficiaries import migrations
from beneficiaries.linkage.names import NORMALISER_VERSION
from beneficiaries.models import Beneficiary, IdentityRecord
from beneficiaries.services.rebuild_keys import rebuild_keys
from tests.beneficiaries.office_files import person
from tests.beneficiaries.offices import Offices

MIGRATION = import_module("beneficiaries.migrations.0007_keys_and_blind_judges")
HONOURED = "Mẹ VNAH Nguyễn Thị Hoa"


def test_updating_brings_them_to_the_version_that_runs(offices: Offices) -> None:
    """Whoever was kept under an older key is the same person to the next list, not a second one who is paid too."""
    offices.receive(person(name=HONOURED))
    Beneficiary.objects.update(name_key="mevnahnguyenthihoa")
    MIGRATION.bring_keys_up(apps, connection.schema_editor())
    offices.receive(
        person(name="Nguyễn Thị Hoa", code="97101-000002", programme="NCC", category="TNLS", coefficient=0.6)
    )
    assert Beneficiary.objects.get().enrolments.count() == 2


def test_every_version_of_the_normaliser_has_a_migration_that_does() -> None:
    folder = Path(migrations.__file__).parent
    versions = [
        version
        for path in sorted(folder.glob("0*.py"))
        if (version := getattr(import_module(f"{migrations.__name__}.{path.stem}"), "KEYS_OF_NORMALISER", None))
    ]
    assert versions[-1:] == [NORMALISER_VERSION]


def test_old_keys_are_replaced_once(offices: Offices) -> None:
    offices.receive(person())
    offices.know_residents({})
    Beneficiary.objects.update(name_key="cũ", sort_key="cũ")
    IdentityRecord.objects.update(name_key="cũ")

    assert (rebuild_keys(), rebuild_keys()) == (2, 0)
    assert Beneficiary.objects.get().name_key == IdentityRecord.objects.get().name_key == "nguyenvanan"


def test_by_command(offices: Offices, capsys) -> None:
    call_command("rebuild_keys")

    assert "0 dòng" in capsys.readouterr().out
