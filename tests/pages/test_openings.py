"""Opening accounts by pages alone: who has none, ask a bank for the chosen, its file, its answer, what comes next."""

import io

import openpyxl
import pytest

from beneficiaries.models import AccountOpening, BankAccount, Beneficiary, IdentityNumber, IdentityRecord
from beneficiaries.parsers.account_lists import RESULT_COLUMNS
from beneficiaries.services.numbers import keep_identity_numbers
from payments.tasks import work_on_files
from tests.api.world import World
from tests.beneficiaries.office_files import table
from tests.pages.forms import Browse
from tests.pages.test_daily_work import file

PAGE = "/mo-tai-khoan/"


@pytest.fixture
def without(world: World) -> Beneficiary:
    """Somebody of 97101 without an account, whom the population data confirmed."""
    person = world.add_person("Đỗ Văn Mới", unit="97101")
    world.enrol(person)
    number = IdentityNumber.objects.get(pk=keep_identity_numbers({"097042000777"})["097042000777"])
    person.identity = IdentityRecord.objects.create(
        number=number, full_name=person.full_name, name_key=person.name_key, sex="MALE", unit=person.unit
    )
    person.identity_status = "MATCHED"
    person.save()
    return person


def test_a_maker_asks_sends_and_takes_the_answer_in(world: World, browse: Browse, without: Beneficiary) -> None:
    maker = browse("MAKER", "971")
    shown = maker.get(f"{PAGE}?unit=97101").content.decode()
    assert "Đỗ Văn Mới" in shown and "Chưa có tài khoản" in shown and "097042000777" not in shown

    nobody = maker.post(f"{PAGE}tep/", {"unit": "97101", "bank_bin": "970405"}).content.decode()
    assert "Không có đề nghị nào chờ gửi Agribank" in nobody
    form = {"unit": "97101", "bank_bin": "970405", "way": "FILE", "people": [str(without.pk)]}
    led = maker.post(f"{PAGE}de-nghi/", form, follow=True).content.decode()
    assert "Đã ghi 1 đề nghị mở tài khoản." in led and "Tải tệp đề nghị và gửi ngân hàng." in led
    again = maker.post(f"{PAGE}de-nghi/", form, follow=True).content.decode()
    assert "Không có ai trên địa bàn cần mở" in again and AccountOpening.objects.count() == 1

    sent = maker.post(f"{PAGE}tep/", {"unit": "97101", "bank_bin": "970405"})
    rows = list(openpyxl.load_workbook(io.BytesIO(sent.content)).active.iter_rows(min_row=4, values_only=True))
    assert [row[2] for row in rows] == ["Đỗ Văn Mới"]
    answer = table(
        [{"request": rows[0][1], "result": "Từ chối", "reason": "Thẻ căn cước hết hạn"}], columns=RESULT_COLUMNS
    )
    maker.send("/nap-tep/gui/", {"kind": "OPENINGS", "unit": "97101", "file": file(answer)})
    work_on_files()
    refused = maker.get(f"{PAGE}?unit=97101&step=REFUSED").content.decode()
    assert "Ngân hàng từ chối: Thẻ căn cước hết hạn." in refused
    assert BankAccount.objects.get(beneficiary=without).status == "REFUSED"


def test_an_officer_sees_and_visits_but_asks_no_bank(world: World, browse: Browse, without: Beneficiary) -> None:
    officer = browse("COMMUNE_OFFICER", "97101")
    shown = officer.get(PAGE).content.decode()
    assert "Đỗ Văn Mới" in shown and "do người lập danh sách làm" in shown and "/mo-tai-khoan/de-nghi/" not in shown
    sheet = officer.get(f"{PAGE}di-tung-nha/?unit=97101&hamlet=Thôn 3")
    assert sheet["Content-Type"].endswith("sheet") and b"097042000777" not in sheet.content
    form = {"unit": "97101", "bank_bin": "970405", "way": "FILE", "people": [str(without.pk)]}
    officer.post(f"{PAGE}de-nghi/", form)
    assert AccountOpening.objects.count() == 0


def test_nobody_chosen_is_said(world: World, browse: Browse, without: Beneficiary) -> None:
    said = browse("MAKER", "971").post(f"{PAGE}de-nghi/", {"unit": "97101", "bank_bin": "970405", "way": "API"})
    assert "Chưa chọn ai" in said.content.decode()
    assert AccountOpening.objects.count() == 0


def test_a_wallet_named_in_a_form_is_refused_with_a_sentence(
    world: World, browse: Browse, without: Beneficiary
) -> None:
    form = {"unit": "97101", "bank_bin": "971005", "way": "API", "people": [str(without.pk)]}
    assert "người hưởng tự mở bằng điện thoại" in browse("MAKER", "971").post(f"{PAGE}de-nghi/", form).content.decode()
