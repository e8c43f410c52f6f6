"""The daughter's page, and the slips that bring people there."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from pypdf import PdfReader

from beneficiaries.models import Beneficiary
from beneficiaries.services.lookup import lookup_state, renew_lookup_code
from staff.models import HistoryRow
from tests.api.lookup import found_by
from tests.api.world import NOW, World
from tests.pages.forms import Browse, Browser

pytestmark = pytest.mark.django_db
NAME = "Trần Văn Ân"
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}")


@pytest.fixture
def code(world: World) -> str:
    return renew_lookup_code(beneficiary_id=world.people[NAME].pk, now=NOW).code


def ask(code: str, year: str = "1942") -> str:
    answer = Browser(enforce_csrf_checks=False).post("/tra-cuu/", {"code": code, "birth_year": year})
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


def pages_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


@pytest.fixture
def officer(browse: Browse) -> Iterator[Browser]:
    yield browse("COMMUNE_OFFICER", "971")


class TestAsking:
    def test_anybody_with_slip_and_year_reads_where_the_money_is(self, world: World, code: str) -> None:
        said = ask(code.lower().replace("-", " "))

        assert "Tiền tháng 8/2024 (750.000 đồng)" in said
        assert "không bao giờ hỏi mật khẩu" in said

    def test_nothing_of_who_it_is_or_why_they_receive_is_said(self, world: World, code: str) -> None:
        said = ask(code)

        for word in (NAME, "HIV", "xã hội hằng tháng", code, "1942"):
            assert word not in said

    def test_a_wrong_year_and_a_code_of_nobody_are_told_alike(self, world: World, code: str) -> None:
        other = renew_lookup_code(beneficiary_id=world.people["Ngô Văn Cường"].pk, now=NOW).code
        renew_lookup_code(beneficiary_id=world.people["Ngô Văn Cường"].pk, now=NOW)
        told = [re.search(r'role="alert">(.*?)<', ask(one, year))[1] for one, year in ((code, "1943"), (other, "1942"))]

        assert told[0] == told[1]
        assert "Không tìm thấy thông tin theo mã và năm sinh này" in told[0]

    @pytest.mark.parametrize(
        ("typed", "year", "told"),
        [
            ("4K7Q-9XM2-PRU", "1942", "Mã chưa đúng: mã có 11 chữ và số"),
            ("", "", "Mã chưa đúng"),
            (None, "42", "Mời ghi năm sinh"),
            (None, "không rõ", "Mời ghi năm sinh"),
        ],
    )
    def test_a_slip_of_the_pen_is_told_before_anything_is_asked(
        self, typed: str | None, year: str, told: str, code: str
    ) -> None:
        assert told in ask(code if typed is None else typed, year)

    def test_a_guesser_is_stopped(self, world: World, code: str) -> None:
        said = [ask(code, "1900") for _ in range(31)]

        assert "quá nhiều lần" in said[-1]
        assert "quá nhiều lần" not in said[-2]

    def test_the_first_page_leads_there(self, world: World) -> None:
        assert 'href="/tra-cuu/"' in Browser().get("/").content.decode()


class TestSlips:
    def press(self, officer: Browser) -> bytes:
        led = officer.post("/phieu-tra-cuu/in/", {"unit": "97101", "hamlet": "Thôn 3"}, follow=True).content.decode()
        address = re.search(r'href="(/phieu-tra-cuu/tep/[^"]+)"', led)[1]
        return officer.get(address).content

    def test_a_printed_slip_finds_its_person(self, world: World, officer: Browser) -> None:
        printed = pages_of(self.press(officer))

        (code,) = CODE.findall(printed)
        assert found_by(code, birth_year=1942) == world.people[NAME]
        assert NAME in printed

    def test_the_year_and_the_category_stand_on_no_slip(self, officer: Browser) -> None:
        printed = pages_of(self.press(officer))

        for word in ("1942", "HIV", "750"):
            assert word not in printed

    def test_the_page_counts_who_has_none_yet(self, world: World, officer: Browser) -> None:
        before = officer.get("/phieu-tra-cuu/?unit=97101").content.decode()
        self.press(officer)
        after = officer.get("/phieu-tra-cuu/?unit=97101").content.decode()

        assert "In 1 phiếu" in before
        assert "In 1 phiếu" not in after

    def test_the_file_is_for_whoever_had_it_drawn(self, browse: Browse, officer: Browser) -> None:
        led = officer.post("/phieu-tra-cuu/in/", {"unit": "97101", "hamlet": "Thôn 3"}, follow=True).content.decode()
        address = re.search(r'href="(/phieu-tra-cuu/tep/[^"]+)"', led)[1]

        assert browse("MAKER", "971").get(address).status_code == 404
        assert officer.get(address).status_code == 200

    def test_a_button_pressed_twice_loses_nobodys_code(self, world: World, officer: Browser) -> None:
        """The browser shows what the second press led to; the slips of the first wait there too."""
        pressed = {"unit": "97101", "hamlet": "Thôn 3"}
        officer.post("/phieu-tra-cuu/in/", pressed)
        officer.post("/phieu-tra-cuu/in/", pressed)
        shown = officer.get("/phieu-tra-cuu/?unit=97101").content.decode()

        (address,) = re.findall(r'href="(/phieu-tra-cuu/tep/[^"]+)"', shown)
        (code,) = CODE.findall(pages_of(officer.get(address).content))
        assert found_by(code, birth_year=1942) == world.people[NAME]

    def test_nobody_is_left_with_a_code_on_no_paper(self, world: World, officer: Browser, monkeypatch) -> None:
        def broken(*given: object, **more: object) -> bytes:
            raise OSError("disk full")

        monkeypatch.setattr("beneficiaries.services.lookup_slips.render_lookup_slips", broken)
        with pytest.raises(OSError, match="disk full"):
            officer.post("/phieu-tra-cuu/in/", {"unit": "97101", "hamlet": "Thôn 3"})

        assert Beneficiary.objects.get(full_name=NAME).lookup_digest is None

    def test_a_lost_slip_is_replaced_and_looking_up_switched_off_on_the_persons_page(
        self, world: World, officer: Browser, code: str
    ) -> None:
        person = world.people[NAME]
        (renewed,) = CODE.findall(pages_of(officer.post(f"/nguoi-huong/{person.pk}/phieu-tra-cuu/").content))
        found = [found_by(one, birth_year=1942) for one in (code, renewed)]
        officer.post(f"/nguoi-huong/{person.pk}/phieu-tra-cuu/tat/")
        person.refresh_from_db()

        assert found == [None, person]
        assert lookup_state(person) == "OFF"
        assert "Đã tắt tra cứu" in officer.get(f"/nguoi-huong/{person.pk}/").content.decode()

    def test_who_gave_a_code_and_who_ended_it_stands_in_the_history(self, world: World, officer: Browser) -> None:
        """As the database has it, so that nobody gives themselves a code unseen; no digest is kept."""
        person = world.people[NAME]
        self.press(officer)
        officer.post(f"/nguoi-huong/{person.pk}/phieu-tra-cuu/")
        officer.post(f"/nguoi-huong/{person.pk}/phieu-tra-cuu/tat/")

        kept = HistoryRow.objects.filter(relation="beneficiaries_beneficiary", row_id=person.pk).order_by("pk")
        assert [row.changes["lookup_code"] for row in kept] == [
            [None, "GIVEN"],
            ["GIVEN", "CHANGED"],
            ["GIVEN", "CHANGED"],
        ]
        assert {row.actor_id for row in kept} == {world.staff["COMMUNE_OFFICER", "971"].pk}
        assert [row.why.endswith("tat/") for row in kept] == [False, False, True]

    def test_who_only_reads_papers_gives_no_code(self, world: World, browse: Browse) -> None:
        auditor = browse("AUDITOR", "971")

        assert "In phiếu mới" not in auditor.get(f"/nguoi-huong/{world.people[NAME].pk}/").content.decode()
        assert auditor.post("/phieu-tra-cuu/in/", {"unit": "97101"}).status_code in (302, 403)
        assert not Beneficiary.objects.filter(lookup_digest__isnull=False).exists()
