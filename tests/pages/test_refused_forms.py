"""A step of a case or a correction that is refused: its form stays open with what was typed and the fault beside the field; nothing is lost."""

import re

import pytest

from beneficiaries.models import Case, Correction
from payments.models import Payment
from payments.services.learning.cases import open_payment_cases
from tests.api.world import NOW, World
from tests.pages.forms import Browse

WORDS = "Đã hỏi ngân hàng, tài khoản sai một chữ số"


@pytest.fixture
def case(world: World) -> Case:
    payment = Payment.objects.order_by("pk")[0]
    open_payment_cases(payment_ids=[payment.pk], reason="ORDER_REFUSED", now=NOW)
    return Case.objects.get()


def open_form(said: str, word: str) -> str:
    """The details with the form that was sent; it must be the open one."""
    found = re.search(rf'<details open>(?:(?!</details>).)*?/{word}/"(?:(?!</details>).)*</details>', said, re.DOTALL)
    assert found, word
    return found[0]


class TestOfACase:
    def test_is_open_again_with_what_was_typed_and_the_fault_at_its_field(self, case: Case, browse: Browse) -> None:
        client, path = browse("MAKER", "971"), f"/viec/{case.pk}/"
        typed = {"proposal": "", "to": "PROVINCE"}
        refused = client.post(f"{path}bao-cao/", typed)
        form = open_form(refused.content.decode(), "bao-cao")
        assert refused.status_code == 400 and '<em class="fault">Đề xuất: ' in form
        assert 'href="#proposal-bao-cao"' in refused.content.decode() and 'id="proposal-bao-cao"' in form
        assert '<option value="PROVINCE" selected>' in form

    def test_keeps_a_long_note_beside_the_field_that_was_wrong(self, case: Case, browse: Browse) -> None:
        refused = browse("MAKER", "971").post(f"/viec/{case.pk}/de-nghi-gui-lai/", {"note": "x" * 400})
        form = open_form(refused.content.decode(), "de-nghi-gui-lai")
        assert "x" * 400 in form and '<em class="fault">' in form
        assert refused.content.decode().count("x" * 400) == 1, "in its own form alone"

    def test_shows_what_was_typed_when_somebody_else_was_faster(self, case: Case, browse: Browse) -> None:
        path = f"/viec/{case.pk}/"
        browse("MAKER", "97").post(f"{path}de-nghi-gui-lai/", {"note": "Đã sửa"})
        late = browse("MAKER", "971").post(f"{path}de-nghi-gui-lai/", {"note": WORDS})
        said = late.content.decode()
        assert late.status_code == 409 and f"Nội dung bạn đã ghi, để chép lại nếu cần: {WORDS}" in said
        case.refresh_from_db()
        assert case.status == "PROPOSED"

    def test_never_shows_a_number_again(self, case: Case, browse: Browse) -> None:
        said = (
            browse("MAKER", "971")
            .post(f"/viec/{case.pk}/xac-dinh/", {"number": "001099000001", "basis": WORDS})
            .content.decode()
        )
        assert "001099000001" not in said

    def test_gives_back_a_month_and_a_day_as_they_were_typed(self, case: Case, browse: Browse) -> None:
        case = Case.objects.create(
            kind="DUPLICATE", beneficiary=case.beneficiary, unit=case.unit, reason="SAME_PROGRAMME_TWICE", opened_at=NOW
        )
        typed = {
            "stop": "other",
            "from_month": "09/2024",
            "signer": "Nguyễn Văn Chủ, Chủ tịch UBND",
            "signed_on": "31/02/2024",
            "decision_number": "8/QĐ",
            "note": WORDS,
        }
        said = browse("MAKER", "97").post(f"/viec/{case.pk}/mot-nguoi/", typed).content.decode()
        form = open_form(said, "mot-nguoi")
        for value in ("09/2024", "31/02/2024", "8/QĐ", WORDS):
            assert f'value="{value}"' in form
        assert '<option value="other" selected>' in form


class TestOfACorrection:
    @pytest.fixture
    def page(self, world: World, browse: Browse) -> str:
        form = {
            "full_name": "Trần Văn An", "paper_kind": "ID_CARD", "paper_number": "CC-1", "paper_issued_on": "01/03/2023",
            "paper_issuer": "Cục Cảnh sát", "reason": "Sai dấu",
        }  # fmt: skip
        person = world.people["Trần Văn Ân"]
        browse("COMMUNE_OFFICER", "97101").post(f"/nguoi-huong/{person.pk}/ho-so/sua/", form)
        return f"/sua-ho-so/{Correction.objects.get().pk}/"

    def test_is_open_again_with_what_was_typed(self, page: str, browse: Browse) -> None:
        said = browse("MAKER", "971").post(f"{page}khong-chap-nhan/", {"note": "y" * 400})
        form = open_form(said.content.decode(), "khong-chap-nhan")
        assert said.status_code == 400 and "y" * 400 in form and '<em class="fault">' in form

    def test_shows_what_was_typed_when_somebody_else_was_faster(self, page: str, browse: Browse) -> None:
        browse("MAKER", "97").post(f"{page}xac-nhan/", {"seen": "Đã xem bản chính tại UBND xã ngày 20/08/2024"})
        late = browse("MAKER", "971").post(f"{page}khong-chap-nhan/", {"note": WORDS})
        assert late.status_code == 409 and f"để chép lại nếu cần: {WORDS}" in late.content.decode()
