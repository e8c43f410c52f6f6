"""Kept keys of names are brought up to the present rules, and only those that differ are written."""

from contextlib import nullcontext
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from beneficiaries import migrations
from beneficiaries.errors import PayeeInvalid
from beneficiaries.linkage.names import NORMALISER_VERSION, name_key
from beneficiaries.linkage.people_names import read_name
from beneficiaries.models import (
    Beneficiary,
    IdentityEnquiry,
    IdentityQuestion,
    IdentityRecord,
    LifeEvent,
    PayeeRelation,
)
from beneficiaries.services.identity.rebuild_keys import rebuild_keys
from beneficiaries.services.identity.verdicts import CHANGED_SINCE, VerdictGiven, record_verdicts
from beneficiaries.services.life_events.threads import Known
from beneficiaries.services.receiving.payee_limits import require_no_other_agent
from tests.beneficiaries.office_files import person
from tests.beneficiaries.offices import NOW, TODAY, Offices, the_person

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


# One of each kind of reading; the figure is of the keys and readings below by the version named.
READ = ("4", "a4d066b04c58")
SPELLINGS = (
    "Nguyễn Văn An", "NGUYENVANAN", "Ðặng Thị Hoà", "Ng.T. Hoa", "Ng T Hoa", "H’Hen Niê", "Y K Niê", "Mẹ VNAH Nguyễn Thị Thứ", "Bà Lê Thị Tư", "BA LE THI TU",
    "Cụ bà Lê Thị Tư", "Châu Thị Hoa", "CHAU NGOC HOA", "cháu Lê Hoa Mai", "Ông Ích Khiêm", "Ông Văn Tài", "Bà Thị Hoa", "Nguyễn Bá Học", "Nguyễn Văn Hùng 2",
    "Nguyễn Thị Hoà (Bảy)", "Trần Văn Bình - thôn 3", "Ông/Bà Lê Thị Quý",
)  # fmt: skip


def test_keys_and_readings_are_those_of_their_version() -> None:
    """The night matches again, and a manifest can be told from an older one, only by the version: red here means raise it and write a migration."""
    said = [
        (name_key(name), read_name(name).words, read_name(name).title, read_name(name).remark) for name in SPELLINGS
    ]
    assert (NORMALISER_VERSION, sha256(repr(said).encode()).hexdigest()[:12]) == READ


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


class TestWhatKeepsTheKeyOfItsDay:
    """Questions, messages and papers are never edited: they are read as a normaliser before the present one kept them."""

    KEPT = "mevnahnguyenthihoa"

    def test_a_question_is_answered_as_if_nothing_was_corrected_because_nothing_was(self, offices: Offices) -> None:
        offices.receive(person(name=HONOURED))
        one = Beneficiary.objects.get()
        enquiry = IdentityEnquiry.objects.create(
            unit=offices.province, source="POLICE_LIST", purpose="Rà soát", asked_by=offices.maker, asked_at=NOW
        )
        IdentityQuestion.objects.create(
            enquiry=enquiry, ordinal=1, beneficiary=one, number=one.number, name_key=self.KEPT,
            birth_date=one.birth_date, birth_year=one.birth_year,
        )  # fmt: skip
        answer = VerdictGiven(ordinal=1, outcome="MATCHES", answered_on=TODAY)
        taken = record_verdicts(enquiry=enquiry, given=[answer], actor=offices.maker, now=NOW, file=None)
        one.refresh_from_db()
        assert (one.identity_status, taken.without_effect) == ("MATCHED", {})

    def test_a_question_about_another_name_is_about_another_name(self, offices: Offices) -> None:
        offices.receive(person(name=HONOURED))
        one = Beneficiary.objects.get()
        enquiry = IdentityEnquiry.objects.create(
            unit=offices.province, source="POLICE_LIST", purpose="Rà soát", asked_by=offices.maker, asked_at=NOW
        )
        IdentityQuestion.objects.create(
            enquiry=enquiry, ordinal=1, beneficiary=one, number=one.number, name_key="mevnahnguyenthihong",
            birth_date=one.birth_date, birth_year=one.birth_year,
        )  # fmt: skip
        answer = VerdictGiven(ordinal=1, outcome="MATCHES", answered_on=TODAY)
        taken = record_verdicts(enquiry=enquiry, given=[answer], actor=offices.maker, now=NOW, file=None)
        assert taken.without_effect == {1: CHANGED_SINCE}

    def test_a_message_of_the_registry_still_means_its_person(self) -> None:
        known = Known(names={"nguyenthihoa"}, numbers={1}, birth_year=None)
        assert known.means(LifeEvent(number_id=1, name_key=self.KEPT))
        assert not known.means(LifeEvent(number_id=1, name_key="mevnahnguyenthihong"))

    def test_an_agents_newer_paper_is_no_second_agents(self, offices: Offices) -> None:
        offices.receive(person())
        PayeeRelation.objects.create(
            beneficiary=the_person(), kind="AUTHORISED", full_name=HONOURED, name_key=self.KEPT, paper_number="1/CT",
            certified_by="UBND xã", valid_from=TODAY, valid_until=TODAY, recorded_by=offices.maker, recorded_at=NOW,
        )  # fmt: skip
        for name, refused in (("Nguyễn Thị Hoa", False), ("Nguyễn Thị Hồng", True)):
            with pytest.raises(PayeeInvalid) if refused else nullcontext():
                require_no_other_agent(
                    beneficiary=the_person(), name_key=name_key(name), number_id=None, paper_number="2/CT", on=TODAY
                )
