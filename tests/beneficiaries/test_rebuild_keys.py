"""Kept keys of names are brought up to the present rules, and only those that differ are written."""

from django.core.management import call_command

from beneficiaries.models import Beneficiary, IdentityRecord
from beneficiaries.services.rebuild_keys import rebuild_keys
from tests.beneficiaries.office_files import person
from tests.beneficiaries.offices import Offices


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
