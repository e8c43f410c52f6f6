"""Corrections where they could harm: an account in the former name, a number that was never theirs, two records with one mistake."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection

from beneficiaries.models import Beneficiary, Case
from beneficiaries.services.cases.deciding import reject_case, settle_case
from beneficiaries.services.corrections.asked import Asked, ProvingPaper
from beneficiaries.services.corrections.confirm import confirm_correction
from beneficiaries.services.corrections.propose import propose_correction
from beneficiaries.services.identity.left_in_cash import ask_about_left_in_cash
from staff.models import Role, User
from staff.services.free_text import without_numbers
from tests.beneficiaries.office_files import person
from tests.beneficiaries.offices import ELSEWHERE, HOME, NOW, Offices, the_person
from tests.beneficiaries.test_corrections import CARD, correct, match, open_account, propose


@pytest.fixture
def second(offices: Offices) -> User:
    """Another officer of the same commune."""
    return User.objects.create(username="canbo2", password="!", role=Role.COMMUNE_OFFICER, unit=offices.units[HOME])


@pytest.fixture
def enrolled(offices: Offices) -> Offices:
    """Nguyễn Văn An as the residents know him, his list not yet taken in."""
    offices.know_residents({})
    return offices


def test_an_account_that_waited_for_the_identity_is_not_confirmed_in_a_name_that_was_wrong(
    enrolled: Offices, second: User
) -> None:
    """Opened by the bank under the name of the list, which was a neighbour's: the right name must not let money into it."""
    enrolled.receive(person(name="Lê Thị Bình", number="097042000777"))
    match(enrolled)
    account = open_account(
        the_person(), holder="LE THI BINH", status="OPENED", reason="IDENTITY_CHECK", last_credited_month=None
    )
    one = correct(enrolled, second, full_name="Nguyễn Văn An", number="097042000001")
    account.refresh_from_db()
    assert one.identity_status == "MATCHED"
    assert (account.status, account.reason) == ("OPENED", "NAME_CHANGED")
    assert Case.objects.get(kind="ACCOUNT").reason == "NAME_CHANGED"


def test_an_identity_found_by_a_number_that_is_nobodys_is_in_doubt(enrolled: Offices, second: User) -> None:
    enrolled.receive(person())
    match(enrolled)
    one = correct(enrolled, second, number="")
    assert (one.identity_status, one.number_id) == ("CONFLICT", None)
    assert Case.objects.get(kind="IDENTITY").reason == "CORRECTED_AGAINST"


def test_one_mistake_in_two_communes_records_is_put_right_in_both(enrolled: Offices) -> None:
    """Both lists were typed from one booklet: each was refused because of the other, and neither could be put right."""
    enrolled.receive(person(birth="05/09/1924"))
    enrolled.receive(
        person(code="97102-000001", birth="05/09/1924", programme="NCC", category="TB-1"), commune=ELSEWHERE
    )
    assert Beneficiary.objects.count() == 2
    for unit, code in ((HOME, "97101-000001"), (ELSEWHERE, "97102-000001")):
        one = propose_correction(
            beneficiary_id=the_person(code).pk, asked=Asked(birth="05/09/1942"), paper=CARD, reason="Chép nhầm",
            actor=enrolled.maker, now=NOW,
        )  # fmt: skip
        confirm_correction(correction_id=one.pk, actor=enrolled.officers[unit], now=NOW, seen="Xem bản chính")
    assert {one.birth_date for one in Beneficiary.objects.all()} == {date(1942, 9, 5)}


@pytest.mark.parametrize(
    "number", ["097042000001", "0970 4200 0001", "097.042.000001", "CCCD 097042000001", "270123001"]
)
def test_a_card_is_named_without_the_number_of_its_holder(enrolled: Offices, second: User, number: str) -> None:
    """A card bears its holder's number and no other: typed as the paper's it stood in clear in the correction and in the case (I14)."""
    enrolled.receive(person(number="097042000777"))
    match(enrolled)
    case = Case.objects.get(kind="IDENTITY")
    correction = propose_correction(
        beneficiary_id=the_person().pk,
        asked=Asked(number="097042000001"),
        paper=ProvingPaper(kind="ID_CARD", number=number, issued_on=date(2023, 3, 1), issuer=f"Công an, thẻ {number}"),
        reason=f"Thẻ ghi {number}",
        actor=enrolled.officers[HOME],
        now=NOW,
        case_id=case.pk,
    )
    assert correction.paper_number.endswith("…001")
    confirm_correction(correction_id=correction.pk, actor=second, now=NOW, seen="Xem bản chính")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(c)::text || to_jsonb(k)::text FROM beneficiaries_correction c JOIN beneficiaries_case k ON k.id = c.case_id"
        )
        (kept,) = cursor.fetchone()
    assert number not in kept
    assert not re.search(r"\d{12}", re.sub(r"[ .]", "", kept))


@pytest.mark.parametrize("number", ["123/2010", "1234/CAT-PC06", "12.345/GXN", "01/2024/TLKS-BS"])
def test_the_number_of_any_other_paper_stands_as_typed(number: str) -> None:
    assert without_numbers(number) == number


def test_whoever_stays_in_doubt_keeps_a_case(enrolled: Offices, second: User) -> None:
    enrolled.receive(person(number=""))
    match(enrolled)
    Beneficiary.objects.update(identity_status="CONFLICT")
    case = Case.objects.create(
        kind="IDENTITY", beneficiary=the_person(), unit=the_person().unit, reason="VERDICT_WRONG_BIRTH_DATE",
        evidence=[], level="COMMUNE", opened_at=NOW, due_on=date(2024, 7, 1),
    )  # fmt: skip
    correction = propose(enrolled, case=case, hamlet="Thôn 4")
    confirm_correction(correction_id=correction.pk, actor=second, now=NOW, seen="Xem bản chính")
    assert the_person().identity_status == "MATCHED" or Case.objects.filter(kind="IDENTITY", status="OPEN").exists()


def test_an_old_list_under_new_codes_enrols_nobody_twice(enrolled: Offices, second: User) -> None:
    """The ward numbers its files anew and still writes what was put right since."""
    old = person(name="Nguyễn Văn Am", number="097042000777")
    enrolled.receive(old)
    correct(enrolled, second, full_name="Nguyễn Văn An", number="097042000001")
    again = enrolled.receive({**old, "code": "97101-000009"})
    assert (again.added, [error.code for _, error in again.remarks]) == (0, ["PERSON_HAS_ANOTHER_CODE"])


def test_what_was_rejected_of_one_correction_is_asked_again_of_the_next(enrolled: Offices, second: User) -> None:
    enrolled.receive(person())
    match(enrolled)
    correct(enrolled, second, full_name="Trần Văn Bình")
    Case.objects.filter(kind="IDENTITY").update(status="REJECTED", decided_by=second, decided_at=NOW, note="Đã xem")
    then = propose(enrolled, full_name="Trần Văn Bính Một")
    confirm_correction(correction_id=then.pk, actor=second, now=NOW + timedelta(days=3), seen="Xem bản chính")
    assert Case.objects.filter(kind="IDENTITY", status="OPEN").count() == 1


def test_a_question_closed_without_an_answer_leaves_nobody_in_cash_for_good(enrolled: Offices, second: User) -> None:
    """Rejected, the matching never asks again with the same evidence: somebody else is asked, and once more when that was answered long ago."""
    enrolled.receive(person(name="Lê Thị Bình", number="097042000777"))
    match(enrolled)
    reject_case(case_id=Case.objects.get(kind="IDENTITY").pk, actor=second, note="Không gặp được", document="", now=NOW)
    match(enrolled)
    left = Case.objects.get(status="OPEN")
    assert (left.kind, left.reason) == ("ACCOUNT", "IDENTITY_UNSETTLED")
    settle_case(case_id=left.pk, actor=second, note="Đã hướng dẫn", document="", now=NOW)
    assert ask_about_left_in_cash(now=NOW + timedelta(days=2)) == 0
    assert ask_about_left_in_cash(now=NOW + timedelta(days=200)) == 1
    correct(enrolled, second, full_name="Nguyễn Văn An", number="097042000001")
    assert not Case.objects.filter(reason="IDENTITY_UNSETTLED", status="OPEN").exists()
