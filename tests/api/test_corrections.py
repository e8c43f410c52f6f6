"""Corrections by API: proposed, seen with what follows from them, confirmed by another; nothing of a number in an answer, nobody of another commune."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from beneficiaries.models import AgeChange, Beneficiary, Case, Correction, CorrectionScan
from beneficiaries.services.numbers import keep_identity_numbers
from beneficiaries.services.receiving.payees import Paper, record_payee
from payments.services.lists.conflicts import conflicts_of
from payments.states import Cause
from staff.models import PaperReading, Role, User
from tests.api.test_my_status import move, release
from tests.api.world import NOW, World
from tests.corrected import put_on_record

Client = Callable[[str, str], APIClient]
NUMBER = "097042000001"
BODY = {
    "paper_kind": "ID_CARD",
    "paper_number": "CC-1",
    "paper_issued_on": "2023-03-01",
    "paper_issuer": "Cục Cảnh sát",
    "reason": "Gõ sai khi nạp danh sách",
}
SEEN = {"seen": "Xem bản chính tại UBND xã, 04/08/2024"}


def propose(client: APIClient, person: Beneficiary, **fields: Any) -> Any:
    return client.post(f"/api/beneficiaries/{person.pk}/corrections/", {**BODY, **fields}, format="json")


@pytest.fixture
def an(world: World) -> Beneficiary:
    return world.people["Trần Văn Ân"]


def test_is_proposed_by_one_and_confirmed_by_another(world: World, as_staff: Client, an: Beneficiary) -> None:
    proposed = propose(as_staff("COMMUNE_OFFICER", "97101"), an, number=NUMBER, birth="05/09/1942")
    assert proposed.status_code == 201
    assert [(one["field"], one["before"], one["after"]) for one in proposed.json()["changes"]] == [
        ("birth", "1942", "05/09/1942"), ("number", "chưa có số", "…001"),
    ]  # fmt: skip
    address = f"/api/corrections/{proposed.json()['id']}/"
    own = as_staff("COMMUNE_OFFICER", "97101").post(f"{address}confirm/")
    assert (own.status_code, own.json()["code"]) == (409, "PROPOSER_CANNOT_CONFIRM")
    unseen = as_staff("MAKER", "971").post(f"{address}confirm/")
    assert (unseen.status_code, unseen.json()["code"]) == (409, "PAPER_NOT_SEEN")
    done = as_staff("MAKER", "971").post(f"{address}confirm/", SEEN, format="json")
    assert (done.status_code, done.json()["status"], done.json()["warnings"]) == (200, "IN_FORCE", [])
    an.refresh_from_db()
    assert (an.birth_date, an.number_id) == (date(1942, 9, 5), keep_identity_numbers([NUMBER])[NUMBER])
    history = as_staff("AUDITOR", "971").get(f"/api/beneficiaries/{an.pk}/corrections/")
    assert [row["status"] for row in history.json()] == ["IN_FORCE"]
    assert all(NUMBER not in answer.content.decode() for answer in (proposed, done, history))


def test_shows_which_digit_is_doubtful_before_the_second_ones_word(as_staff: Client, an: Beneficiary) -> None:
    told = propose(as_staff("MAKER", "971"), an, number="097124000001").json()["warnings"]
    assert any("Số thứ tư" in sentence for sentence in told)


def scan(client: APIClient, correction: int, content: bytes) -> int:
    file = SimpleUploadedFile("the.pdf", content)
    status: int = client.post(f"/api/corrections/{correction}/paper/", {"file": file}, format="multipart").status_code
    return status


def test_the_scanned_paper_is_sent_once_and_read_by_who_decides(
    world: World, as_staff: Client, an: Beneficiary
) -> None:
    made = propose(as_staff("COMMUNE_OFFICER", "97101"), an, hamlet="Thôn 4").json()
    officer, second = as_staff("COMMUNE_OFFICER", "97101"), as_staff("MAKER", "971")
    address = f"/api/corrections/{made['id']}/paper/"
    assert (made["has_paper"], second.get(address).status_code) == (False, 409)
    assert (scan(second, made["id"], b"%PDF-1.7 another's"), CorrectionScan.objects.count()) == (409, 0)
    assert [scan(officer, made["id"], b"MZ no paper"), scan(officer, made["id"], b"%PDF-1.7 the card")] == [409, 201]
    assert b"the card" not in bytes(CorrectionScan.objects.get().sealed)
    assert second.get(address).content == b"%PDF-1.7 the card"
    assert PaperReading.objects.get().kind == "RECORD"
    assert scan(officer, made["id"], b"%PDF-1.7 another") == 409
    assert second.post(f"/api/corrections/{made['id']}/confirm/").json()["has_paper"]
    assert as_staff("COMMUNE_OFFICER", "97201").get(address).status_code == 404


def test_of_a_name_and_back_there_is_nothing_to_warn_of(world: World, as_staff: Client, an: Beneficiary) -> None:
    for name in ("Trần Văn Ấn", "Trần Văn Ân"):
        made = propose(as_staff("MAKER", "971"), an, full_name=name).json()
        as_staff("COMMUNE_OFFICER", "97101").post(f"/api/corrections/{made['id']}/confirm/", SEEN, format="json")
    found = conflicts_of(batch_ids=[world.lists["971", "ACCOUNT"].pk])
    assert not [one for one in found if one.kind == "CORRECTED_SINCE"]


def test_of_a_name_alone_says_nothing_of_the_numbers_digits(as_staff: Client, an: Beneficiary) -> None:
    number = "001199000001"  # a woman's, born in 1999
    put_on_record(an, number_id=keep_identity_numbers([number])[number])
    warned = propose(as_staff("MAKER", "971"), an, full_name="Trần Văn Ấn").json()["warnings"]
    assert not any("thẻ căn cước" in sentence for sentence in warned)


def test_of_who_receives_for_others_says_so_and_asks_for_their_papers_anew(
    world: World, as_staff: Client, an: Beneficiary
) -> None:
    put_on_record(an, number_id=keep_identity_numbers([NUMBER])[NUMBER])
    child = (
        world.people["Lê Thị Bình"]
        if "Lê Thị Bình" in world.people
        else next(p for p in world.people.values() if p != an)
    )
    record_payee(
        beneficiary=child, kind="GUARDIAN", full_name=an.full_name, paper=Paper(number="12/TL"), identity_number=NUMBER,
        actor=User.objects.get(role="MAKER", unit=world.units["971"]), now=NOW,
    )  # fmt: skip
    made = propose(as_staff("MAKER", "971"), an, full_name="Trần Văn Ấn").json()
    assert any("nhận thay cho 1 người" in sentence for sentence in made["warnings"])
    as_staff("COMMUNE_OFFICER", "97101").post(f"/api/corrections/{made['id']}/confirm/", SEEN, format="json")
    assert Case.objects.get(reason="PAYEE_RENAMED").beneficiary == child


@pytest.mark.parametrize("step", ["", "confirm/", "refuse/", "withdraw/"])
def test_of_another_commune_does_not_exist(world: World, as_staff: Client, an: Beneficiary, step: str) -> None:
    made = propose(as_staff("MAKER", "971"), an, hamlet="Thôn 4").json()
    elsewhere = as_staff("COMMUNE_OFFICER", "97201")
    asked = elsewhere.post if step else elsewhere.get
    assert (
        asked(
            f"/api/corrections/{made['id']}/{step}",
            {"note": "x"} if step else None,
            **({"format": "json"} if step else {}),
        ).status_code
        == 404
    )
    assert elsewhere.get("/api/corrections/").json()["results"] == []
    assert propose(elsewhere, an, hamlet="Thôn 5").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("CHECKER", 403), ("LEADER", 403), ("AUDITOR", 403), ("MAKER", 201)])
def test_is_proposed_by_who_keeps_the_records(as_staff: Client, an: Beneficiary, role: str, status: int) -> None:
    assert propose(as_staff(role, "971"), an, hamlet="Thôn 4").status_code == status


def test_is_refused_with_words(as_staff: Client, an: Beneficiary) -> None:
    made = propose(as_staff("MAKER", "971"), an, hamlet="Thôn 4").json()
    second = as_staff("COMMUNE_OFFICER", "97101")
    assert second.post(f"/api/corrections/{made['id']}/refuse/", {}, format="json").status_code == 400
    refused = second.post(f"/api/corrections/{made['id']}/refuse/", {"note": "Giấy tờ ghi thôn 3"}, format="json")
    assert (refused.json()["status"], refused.json()["note"]) == ("REFUSED", "Giấy tờ ghi thôn 3")


def test_of_a_birth_by_which_money_went_says_how_much_and_asks_for_a_decision(
    world: World, as_staff: Client, an: Beneficiary
) -> None:
    """By the list 82 since January, by the card two years younger: August was paid in between. No sum changes by itself."""
    category = an.enrolments.get().category
    AgeChange.objects.create(category=category, age=82)
    payment = world.payments["Trần Văn Ân"]
    before = payment.amount
    release(world)
    move(world, Cause.CLAIM, Cause.BANK_POSTED)
    made = propose(as_staff("MAKER", "971"), an, birth="01/05/1944").json()
    assert any("750.000 đ" in sentence for sentence in made["warnings"])
    as_staff("COMMUNE_OFFICER", "97101").post(f"/api/corrections/{made['id']}/confirm/", SEEN, format="json")
    case = Case.objects.get(kind="AGE", reason="BIRTH_CORRECTED")
    payment.refresh_from_db()
    assert (case.enrolment, payment.amount) == (an.enrolments.get(), before)
    assert any("quyết định điều chỉnh hoặc thu hồi" in sentence for sentence in case.evidence)


def test_of_a_name_on_a_list_in_draft_is_a_warning_before_it_is_submitted(
    world: World, as_staff: Client, an: Beneficiary
) -> None:
    made = propose(as_staff("MAKER", "971"), an, full_name="Trần Văn Ấn").json()
    assert any("danh sách chi trả đang lập" in sentence for sentence in made["warnings"])
    as_staff("COMMUNE_OFFICER", "97101").post(f"/api/corrections/{made['id']}/confirm/", SEEN, format="json")
    batch, payment = world.lists["971", "ACCOUNT"], world.payments["Trần Văn Ân"]
    found = [one for one in conflicts_of(batch_ids=[batch.pk]) if one.kind == "CORRECTED_SINCE"]
    assert [(one.payment_id, one.hard, one.open) for one in found] == [(payment.pk, False, True)]
    payment.refresh_from_db()
    assert payment.payee_name == "Trần Văn Ân"


def test_of_a_name_no_warning_is_promised_for_who_is_paid_through_another(
    world: World, as_staff: Client, an: Beneficiary
) -> None:
    put_on_record(an, full_name="Trần Thị Con")  # the list names Trần Văn Ân as who is paid
    made = propose(as_staff("MAKER", "971"), an, full_name="Trần Thị Côn").json()
    assert not any("danh sách chi trả đang lập" in sentence for sentence in made["warnings"])


def test_waits_for_others_in_the_menu_of_the_second_person(world: World, as_staff: Client, an: Beneficiary) -> None:
    propose(as_staff("MAKER", "971"), an, hamlet="Thôn 4")
    listed = as_staff("CHECKER", "971").get("/api/corrections/").json()
    assert [(row["full_name"], row["proposed_by"]) for row in listed["results"]] == [("Trần Văn Ân", "MAKER 971")]
    assert Correction.objects.filter(status="IN_FORCE").count() == 0
    assert User.objects.filter(role=Role.MAKER).exists()
