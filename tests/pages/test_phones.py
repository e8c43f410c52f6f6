"""Telephones: told to whoever looks after the person, beside who was not paid and why; to nobody else, and in no address."""

import logging

import pytest

from beneficiaries.models import Phone
from payments.models import Payment
from payments.states import Cause
from tests.api.world import NOW, World
from tests.pages.forms import Browse

NUMBER, READ = "0912345678", "0912 345 678"


@pytest.fixture
def person(world: World, browse: Browse) -> int:
    found = world.people["Trần Văn Ân"].pk
    typed = {"number": "0912.345.678", "owner": "RELATIVE", "owner_name": "Trần Thị Con"}
    said = browse("MAKER", "971").post(f"/nguoi-huong/{found}/dien-thoai/", typed, follow=True)
    assert "Đã ghi điện thoại." in said.content.decode()
    return found


class TestTheNumber:
    def test_stands_on_the_persons_page_with_whose_it_is(self, person, browse):
        shown = browse("MAKER", "971").get(f"/nguoi-huong/{person}/tong-hop/").content.decode()

        assert READ in shown and "Trần Thị Con" in shown

    def test_stands_beside_who_was_not_paid(self, person, world, browse):
        Payment.objects.filter(pk=world.payments["Trần Văn Ân"].pk).apply(Cause.STOP, now=NOW)

        shown = browse("MAKER", "971").get("/nguoi-huong/ca-xa/?unit=97101&who=unpaid").content.decode()

        assert READ in shown and "Đã hủy" in shown

    def test_stands_beside_nobody_else(self, person, browse):
        assert READ not in browse("MAKER", "971").get("/nguoi-huong/ca-xa/?unit=97101").content.decode()

    @pytest.mark.parametrize("role", ["CHECKER", "RELEASER", "AUDITOR"])
    def test_is_not_told_to_who_only_signs_or_reads(self, role, person, world, browse):
        client = browse(role, "971")

        for page in (f"/nguoi-huong/{person}/tong-hop/", "/nguoi-huong/ca-xa/?unit=97101&who=unpaid"):
            assert READ not in client.get(page).content.decode()
        assert client.get(f"/api/beneficiaries/{person}/phone/").status_code in (401, 403)

    def test_is_not_told_to_another_district(self, person, browse):
        assert browse("MAKER", "972").get(f"/nguoi-huong/{person}/tong-hop/").status_code == 404

    def test_is_kept_sealed_and_in_no_log(self, world, browse, caplog):
        caplog.set_level(logging.DEBUG)
        found = world.people["Trần Văn Ân"].pk
        browse("MAKER", "971").post(f"/nguoi-huong/{found}/dien-thoai/", {"number": NUMBER, "owner": "OWN"})

        assert NUMBER.encode() not in bytes(Phone.objects.get().sealed)
        assert NUMBER not in caplog.text

    def test_typed_behind_the_owners_name_is_not_kept_in_clear(self, world, browse):
        found = world.people["Trần Văn Ân"].pk
        typed = {"number": NUMBER, "owner": "RELATIVE", "owner_name": "Trần Thị Con 0987654321"}
        browse("MAKER", "971").post(f"/nguoi-huong/{found}/dien-thoai/", typed)

        assert (
            Phone.objects.get().owner_name.startswith("Trần Thị Con")
            and "0987654321" not in Phone.objects.get().owner_name
        )

    def test_refused_is_not_given_back(self, world, browse):
        found = world.people["Trần Văn Ân"].pk
        answer = browse("MAKER", "971").post(f"/nguoi-huong/{found}/dien-thoai/", {"number": "0912345", "owner": "OWN"})

        assert answer.status_code in (400, 409)
        assert "0912345" not in answer.content.decode()
