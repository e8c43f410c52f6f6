"""Who asks what is held about them is told what, who looked at it and to whom it was given, and no number."""

import re
from typing import Any

import pytest
from django.conf import settings

from beneficiaries.models import IdentityEnquiry, IdentityQuestion
from reconciliation.services.papers.person_data import data_about
from staff.models import PaperReading
from tests.api.world import NOW, World
from tests.pages.forms import Browse

AN = "Trần Văn Ân"


@pytest.fixture
def world(same_world: World) -> World:
    return same_world


def page(world: World) -> str:
    return f"/nguoi-huong/{world.people[AN].pk}/du-lieu/"


def test_every_look_stands_in_the_next_answer(world: World, browse: Browse) -> None:
    person = world.people[AN]
    maker = browse("MAKER", "971")
    assert maker.get(f"/nguoi-huong/{person.pk}/tong-hop/").status_code == 200
    before = data_about([person.pk])
    shown = maker.get(page(world)).content.decode()
    after = data_about([person.pk])
    assert before.looks[0].what == "Trang của một người"
    assert before.looks[0].who == world.staff["MAKER", "971"].full_name
    assert before.looks[0].who in shown
    assert after.looks_in_all == before.looks_in_all + 1
    assert after.looks[0].what == "Bản trả lời về dữ liệu cá nhân"


def test_what_an_inspector_opened_stands_there_too(world: World, browse: Browse) -> None:
    person = world.people[AN]
    browse("AUDITOR", "971").get(f"/nguoi-huong/{person.pk}/tong-hop/")
    assert "Trang của một người (thanh tra)" in {look.what for look in data_about([person.pk]).looks}


def test_another_s_looks_do_not(world: World, browse: Browse) -> None:
    person, other = world.people[AN], next(one for name, one in world.people.items() if name != AN)
    before = data_about([other.pk]).looks_in_all
    browse("AUDITOR", "97").get(f"/nguoi-huong/{person.pk}/tong-hop/")
    assert data_about([other.pk]).looks_in_all == before


def test_says_to_whom_it_was_given_and_what_for(world: World) -> None:
    person = world.people[AN]
    assert data_about([person.pk]).given == []
    enquiry = IdentityEnquiry.objects.create(
        unit=person.unit,
        source="POLICE_LIST",
        purpose="rà soát năm 2026",
        asked_by=world.staff["MAKER", "971"],
        asked_at=NOW,
    )
    IdentityQuestion.objects.create(enquiry=enquiry, ordinal=1, beneficiary=person, name_key="tran van an")
    (given,) = data_about([person.pk]).given
    assert (given.to, given.purpose) == ("Danh sách gửi công an xác minh", "rà soát năm 2026")


def test_is_a_letter_when_printed_and_names_no_law_the_province_did_not_give(world: World, browse: Browse) -> None:
    shown = browse("MAKER", "971").get(page(world)).content.decode()
    assert f"UBND {world.people[AN].unit.name}".upper() in shown
    assert "NGƯỜI ĐỀ NGHỊ" in shown
    assert settings.BOOKS_KEPT in shown
    assert "NĐ 174" not in shown


def test_holds_no_number(world: World, browse: Browse) -> None:
    shown = re.sub(r"<[^>]*>", " ", browse("MAKER", "971").get(page(world)).content.decode())
    assert "Tài khoản nhận tiền" in shown
    assert not re.search(r"\d{8,}", shown)


@pytest.mark.parametrize(("role", "unit", "code"), [("MAKER", "972", 404), ("COMMUNE_OFFICER", "97101", 200)])
def test_is_given_where_the_person_lives(role: str, unit: str, code: int, world: World, browse: Browse) -> None:
    before: Any = PaperReading.objects.filter(kind=PaperReading.Kind.HELD).count()
    assert browse(role, unit).get(page(world)).status_code == code
    assert PaperReading.objects.filter(kind=PaperReading.Kind.HELD).count() == before + (code == 200)


def test_the_whole_history_is_printed_from_the_persons_page_for_a_purpose(world: World, browse: Browse) -> None:
    """An inspector reads pages; that it was read, and what for, stands in the person's own answer."""
    person = world.people[AN]
    address = f"/nguoi-huong/{person.pk}/qua-trinh/"
    inspector = browse("AUDITOR", "971")

    offered = inspector.get(f"/nguoi-huong/{person.pk}/tong-hop/").content.decode()
    refused = inspector.post(address, {"purpose": "x"})
    answer = inspector.post(address, {"purpose": "Đoàn thanh tra số 5"})

    assert f'action="{address}"' in offered
    assert refused.status_code == 400 and 'value="x"' in refused.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf") and answer.content[:5] == b"%PDF-"
    assert "Đoàn thanh tra số 5" in {given.purpose for given in data_about([person.pk]).looks}
    assert browse("AUDITOR", "972").post(address, {"purpose": "Đoàn thanh tra số 5"}).status_code == 404
