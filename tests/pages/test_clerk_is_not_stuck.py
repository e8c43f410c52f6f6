"""What a clerk met on the pages and could not get past."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beneficiaries.models import (
    Beneficiary,
    Case,
    Correction,
    Enrolment,
    IdentityRecord,
    MatchCandidate,
    MatchRun,
    RegistrationSlip,
)
from beneficiaries.services.corrections.asked import Asked, ProvingPaper
from beneficiaries.services.corrections.confirm import confirm_correction
from beneficiaries.services.corrections.propose import propose_correction
from beneficiaries.services.numbers import keep_identity_numbers
from beneficiaries.services.receiving.payees import Paper, record_payee
from payments.models import FundingAccount
from reconciliation.models import Discrepancy
from staff.models import Delegation
from staff.pages.wording import spell_out
from tests.api.world import NOW, PASSWORD, World
from tests.pages.forms import Browse
from tests.pages.test_month_by_pages import statement_of

# As a browser sends the form: a choice always has a value, a field left empty is there too.
LEFT_EMPTY = {"account.bank_bin": "", "account.number": "", "account.holder_name": "", "account.holder_kind": "OWN"}
SIGNED = {"signed_on": "2024-08-01", "signer_name": "Trần Văn Ân", "signer_kind": "OWN"}


def test_a_slip_for_cash_is_recorded(world: World, browse: Browse) -> None:
    officer, page = browse("COMMUNE_OFFICER", "97101"), f"/nguoi-huong/{world.people['Trần Văn Ân'].pk}/phieu/"
    said = officer.post(page, {"method": "CASH", **LEFT_EMPTY, **SIGNED}, follow=True).content.decode()
    assert "Đã ghi phiếu đăng ký." in said
    assert RegistrationSlip.objects.get().method == "CASH"


def test_a_slip_is_offered_to_who_may_sign_it(world: World, browse: Browse) -> None:
    """A child's own name would be refused, after everything was typed."""
    person, maker = world.people["Trần Văn Ân"], world.staff["MAKER", "971"]
    officer, page = browse("COMMUNE_OFFICER", "97101"), reverse("page-person", args=[person.pk])

    def offered() -> tuple[str, list[str]]:
        """The name and kind in the form; without a name it says what comes first."""
        said = officer.get(page).content.decode()
        name, kinds = (
            re.search(found, said, re.DOTALL)
            for found in (r'id="signer_name"[^>]*value="([^"]*)"', r'<select id="signer_kind"(.*?)</select>')
        )
        assert name and kinds
        assert (name.group(1) == "") == ("mời ghi ở mục “Người nhận thay” bên dưới trước" in said)
        return name.group(1), re.findall(r'value="([A-Z]+)" selected', kinds.group(1))

    assert offered() == ("Trần Văn Ân", ["OWN"])
    correction = propose_correction(
        beneficiary_id=person.pk, asked=Asked(birth="2020"), reason="Gõ sai", actor=maker, now=NOW,
        paper=ProvingPaper(kind="ID_CARD", number="CC-1", issued_on=date(2023, 3, 1), issuer="Công an"),
    )  # fmt: skip
    confirm_correction(
        correction_id=correction.pk, actor=world.staff["COMMUNE_OFFICER", "97101"], now=NOW, seen="Xem bản chính"
    )
    assert offered() == ("", ["PARENT"])
    paper = Paper(valid_from=date(2022, 1, 1), number="12/TLGH")
    record_payee(beneficiary=person, kind="GUARDIAN", full_name="Lê Thị Bà", paper=paper, actor=maker, now=NOW)
    assert offered() == ("Lê Thị Bà", ["GUARDIAN"])


def test_cash_with_an_account_is_not_guessed_at(world: World, browse: Browse) -> None:
    officer, page = browse("COMMUNE_OFFICER", "97101"), f"/nguoi-huong/{world.people['Trần Văn Ân'].pk}/phieu/"
    assert (
        officer.post(page, {"method": "CASH", **LEFT_EMPTY, **SIGNED, "account.number": "5550109999"}).status_code
        == 400
    )
    assert not RegistrationSlip.objects.exists()


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("phieu", {"method": "ACCOUNT", **LEFT_EMPTY, **SIGNED, "account.number": "1234.5678-9"}),
        ("nhan-thay", {"kind": "GUARDIAN", "full_name": "Lê A", "identity_number": "12", "phone": "không có"}),
    ],
)
def test_what_is_wrong_with_a_number_is_said_in_vietnamese(
    word: str, form: dict[str, str], world: World, browse: Browse
) -> None:
    page = f"/nguoi-huong/{world.people['Trần Văn Ân'].pk}/{word}/"
    said = browse("COMMUNE_OFFICER", "97101").post(page, form).content.decode()
    assert "chữ số" in said and "does not match" not in said


def test_a_delegation_given_twice_is_one_and_over_when_revoked(world: World, browse: Browse) -> None:
    client, today = browse("RELEASER", "971"), timezone.localdate().isoformat()
    form = {"to": "cosigner.971", "unit": "971", "form": "KT", "document_number": "7/UQ"}
    for _ in range(2):
        client.post("/uy-quyen-ky/moi/", {**form, "valid_from": today, "valid_to": today})
    client.post(f"/uy-quyen-ky/{Delegation.objects.get().pk}/thu-hoi/")
    assert not Delegation.objects.filter(revoked_at=None).exists()
    client.post("/uy-quyen-ky/moi/", {**form, "valid_from": today, "valid_to": today})
    assert Delegation.objects.filter(revoked_at=None).count() == 1  # what was taken back may be given anew


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("ngan", "ít nhất 12 ký tự"),
        ("qwertyuiop12", "hay gặp"),
        ("908172635445", "chữ số"),
        ("checker.971!", "giống tên"),
    ],
)
def test_a_weak_password_is_refused_in_vietnamese(
    new: str, why: str, world: World, browse: Browse, with_password: str
) -> None:
    said = browse("CHECKER", "971").post("/toi/mat-khau/", {"old": PASSWORD, "new": new}).content.decode()
    assert "Mật khẩu mới chưa dùng được." in said and "password" not in said.partition("</ul>")[0].rpartition("<ul>")[2]
    assert why in said.partition("</ul>")[0]


def test_a_record_typed_wrong_is_put_right_from_the_case_that_asks(world: World, browse: Browse) -> None:
    """Two people of the commune and a paper; whoever proposed sees no button to confirm. The case waits until the number finds the resident."""
    an = world.people["Trần Văn Ân"]
    case = Case.objects.create(
        kind="IDENTITY", beneficiary=an, unit=an.unit, reason="NUMBER_MISSING", opened_at=timezone.now()
    )
    officer, second = browse("COMMUNE_OFFICER", "97101"), browse("MAKER", "971")
    link = f"/nguoi-huong/{an.pk}/ho-so/?viec={case.pk}"
    assert link in officer.get(f"/viec/{case.pk}/").content.decode()
    assert f'name="case_id" value="{case.pk}"' in officer.get(link).content.decode()
    form = {
        "case_id": str(case.pk), "full_name": "", "birth": "", "sex": "", "number": "097042000001", "hamlet": "Thôn 4", "paper_kind": "ID_CARD",
        "paper_number": "CC-1", "paper_issued_on": "2023-03-01", "paper_issuer": "Cục Cảnh sát", "reason": "Thiếu số khi nạp",
    }  # fmt: skip
    wrong = officer.post(f"/nguoi-huong/{an.pk}/ho-so/sua/", {**form, "number": "12"})
    assert (wrong.status_code, "12 chữ số" in wrong.content.decode(), "Thôn 4" in wrong.content.decode()) == (
        400, True, True,
    )  # fmt: skip
    assert "097042000001" not in officer.post(f"/nguoi-huong/{an.pk}/ho-so/sua/", form, follow=True).content.decode()
    page = f"/sua-ho-so/{Correction.objects.get().pk}/"
    assert "Xác nhận sửa hồ sơ" not in officer.get(page).content.decode()
    assert "Xác nhận sửa hồ sơ" in second.get(page).content.decode()
    assert (
        "hồ sơ đã được sửa" in second.post(f"{page}xac-nhan/", {"seen": "Xem bản chính"}, follow=True).content.decode()
    )
    case.refresh_from_db()
    an.refresh_from_db()
    assert (case.status, case.solution, an.hamlet) == ("OPEN", "", "Thôn 4")


def test_whom_matching_found_near_stands_on_the_case_and_is_chosen_there(world: World, browse: Browse) -> None:
    an, officer = world.people["Trần Văn Ân"], browse("COMMUNE_OFFICER", "97101")
    Beneficiary.objects.filter(pk=an.pk).update(identity_status="REVIEW")
    case = Case.objects.create(kind="IDENTITY", beneficiary=an, unit=an.unit, reason="NUMBER_MISSING", opened_at=NOW)
    resident = IdentityRecord.objects.create(
        number_id=keep_identity_numbers(["097042000001"])["097042000001"], full_name="TRẦN VĂN ÂN", name_key=an.name_key,
        birth_date="1942-09-05", birth_year=1942, sex="MALE", unit=an.unit, hamlet="Thôn 7",
    )  # fmt: skip
    run = MatchRun.objects.create(started_at=NOW)
    MatchCandidate.objects.create(
        beneficiary=an, rank=1, identity=resident, points=9, evidence=["+12 họ tên trùng"], run=run
    )
    page = officer.get(f"/viec/{case.pk}/").content.decode()
    assert all(said in page for said in ("TRẦN VĂN ÂN", "05/09/1942", "Thôn 7", "+12 họ tên trùng"))
    assert "097042000001" not in page
    form = {"suggested": str(resident.pk), "basis": "thẻ căn cước"}
    assert "Đã xác định người." in officer.post(f"/viec/{case.pk}/xac-dinh/", form, follow=True).content.decode()
    assert Beneficiary.objects.get(pk=an.pk).identity == resident


class TestADifference:
    @pytest.fixture
    def page(self, world: World) -> str:
        statement = statement_of(FundingAccount.objects.get(code="TK-971"))
        kind = Discrepancy.Kind.values[0]
        item = Discrepancy.objects.create(statement=statement, kind=kind, ours=1, theirs=0, found_at=NOW, key="1")
        return f"/chenh-lech/{item.pk}/"

    def test_of_another_district_is_not_there_whatever_was_typed(self, page: str, browse: Browse) -> None:
        assert browse("CHECKER", "972").post(f"{page}noi/", {"payment": "X", "note": "x"}).status_code == 404

    def test_refused_keeps_what_was_typed_in_the_form_it_came_from(self, page: str, browse: Browse) -> None:
        typed = {"answer_due_on": "2024-02-31", "note": "công văn 15/CV gửi ngân hàng"}
        said = browse("CHECKER", "971").post(f"{page}tra-soat/", typed).content.decode()
        assert said.count('value="công văn 15/CV gửi ngân hàng"') == 1
        assert "<details open><summary>Tra soát ngân hàng" in said
        assert "Ngày không đọc được" in said


def test_the_first_month_of_a_right_is_not_read_as_the_month_it_ended(world: World, browse: Browse) -> None:
    found = {"name": "", "code": Enrolment.objects.get(beneficiary=world.people["Trần Văn Ân"]).code}
    said = browse("COMMUNE_OFFICER", "97101").post("/nguoi-huong/tim/", found, follow=True).content.decode()
    assert "<small>tháng đầu hưởng: 01/2024</small>" in said


def test_faults_are_in_the_dates_months_and_sums_a_page_reads() -> None:
    faults = spell_out(["effective_month: Tháng viết theo dạng 2024-09.", "amount: Không được lớn hơn 1000000000000."])
    assert [one.sentence for one in faults] == [
        "Tháng hiệu lực: Tháng viết theo dạng 09/2024.",
        "Số tiền: Không được lớn hơn 1.000.000.000.000.",
    ]
    assert spell_out(["file: 0: Tệp không có nội dung."])[0].sentence == "Tệp thứ 1: Tệp không có nội dung."
    assert spell_out(["note: số AS-2024-09-1 còn treo"])[0].sentence == "Nội dung: số AS-2024-09-1 còn treo"


def test_one_record_of_two_ends_from_a_month_as_people_write_it(world: World, browse: Browse) -> None:
    an = world.people["Trần Văn Ân"]
    case = Case.objects.create(kind="IDENTITY", beneficiary=an, unit=an.unit, reason="NUMBER_MISSING", opened_at=NOW)
    page, form = f"/viec/{case.pk}/mot-nguoi/", {"stop": "this", "decision_number": "1/QĐ", "note": "trùng"}
    client = browse("MAKER", "971")
    for typed, read in (("9/2024", False), ("13/2024", True)):
        said = client.post(page, {**form, "from_month": typed, "signed_on": "2024-08-01"}, follow=True).content.decode()
        assert ("Từ tháng: " in said) is read, typed


def test_an_address_with_a_nul_is_not_there(world: World, browse: Browse) -> None:
    assert browse("CHECKER", "971").get("/kinh-phi/?account=%00").status_code == 404


def test_a_button_pressed_after_the_session_ended_says_so_and_leads_back(world: World, with_password: str) -> None:
    client, payment = Client(), "/kinh-phi/TK-971/cap/"
    led = client.post(payment, {"amount": "5"})
    assert led["Location"] == f"/dang-nhap/?chua-ghi=1&next={payment}"
    assert "việc vừa bấm chưa được ghi" in client.get(led["Location"]).content.decode()
    assert "chưa được ghi" not in client.get("/dang-nhap/").content.decode()
    given = {"username": with_password, "password": PASSWORD, "next": payment}
    back = client.post(led["Location"], given, follow=True)
    assert back.redirect_chain[-1][0] == "/kinh-phi/"
