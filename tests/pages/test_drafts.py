"""What was typed when the session had ended is not lost, is nobody else's, and is gone with the log-out."""

import pytest

from beneficiaries.models import Case
from staff.models import Kept
from tests.api.world import NOW, PASSWORD, World
from tests.pages.forms import Browser

pytestmark = pytest.mark.django_db
TYPED = "Đã gọi gia đình, hẹn thứ hai mang giấy tờ"


@pytest.fixture
def world(world: World) -> World:
    for role in ("COMMUNE_OFFICER", "MAKER"):
        user = world.staff[role, "97101"] if (role, "97101") in world.staff else world.staff[role, "971"]
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    return world


@pytest.fixture
def case(world: World) -> Case:
    person = world.people["Trần Văn Ân"]
    return Case.objects.create(
        kind="ACCOUNT", reason="NAME_MISMATCH", beneficiary=person, unit=person.unit, opened_at=NOW, level="COMMUNE"
    )


def log_in(browser: Browser, username: str, to: str = "/") -> str:
    said: str = browser.post(
        f"/dang-nhap/?next={to}", {"username": username, "password": PASSWORD, "next": to}, follow=True
    ).content.decode()
    return said


def type_after_the_end(browser: Browser, case: Case, **typed: str) -> str:
    """The session ends, the button is pressed; where one is led after the log-in."""
    del browser.cookies["sessionid"]
    led = browser.post(f"/viec/{case.pk}/xong/", {"note": TYPED} | typed)
    assert led.status_code == 302
    return str(led["Location"])


def after(led: str) -> str:
    return led.partition("next=")[2].replace("%3F", "?").replace("%3D", "=")


class TestADraft:
    def test_is_open_again_for_whoever_typed_it(self, world: World, case: Case) -> None:
        browser = Browser()
        log_in(browser, "commune_officer.97101")
        led = type_after_the_end(browser, case)
        asked = browser.get(led).content.decode()
        said = log_in(browser, "commune_officer.97101", after(led))

        assert "còn giữ 30 phút" in asked and TYPED not in asked and "chua-ghi=2" in led
        assert TYPED in said and "chưa ghi gì" in said
        case.refresh_from_db()
        assert (case.status, case.note) == ("OPEN", "")

    def test_is_shown_to_nobody_else(self, world: World, case: Case) -> None:
        browser = Browser()
        log_in(browser, "commune_officer.97101")
        led = type_after_the_end(browser, case)

        assert TYPED not in log_in(browser, "maker.971", after(led))

    def test_is_kept_of_nobody_who_logged_out(self, world: World, case: Case) -> None:
        browser = Browser()
        log_in(browser, "commune_officer.97101")
        type_after_the_end(browser, case)
        log_in(browser, "commune_officer.97101")
        assert Kept.objects.filter(purpose="draft").exists()
        left = browser.post("/dang-xuat/")

        assert browser.cookies["nguoi"].value == "" and left["Clear-Site-Data"] == '"cache"'
        assert not Kept.objects.filter(purpose="draft").exists()
        assert "chua-ghi=1" in browser.post(f"/viec/{case.pk}/xong/", {"note": TYPED})["Location"]

    def test_is_kept_of_no_stranger(self, world: World, case: Case) -> None:
        browser = Browser()
        browser.cookies["nguoi"] = str(world.staff["MAKER", "971"].pk)
        led = browser.post(f"/viec/{case.pk}/xong/", {"note": TYPED})["Location"]

        assert "chua-ghi=1" in led and not Kept.objects.exists()

    def test_holds_no_secret(self, world: World, case: Case) -> None:
        case = Case.objects.create(
            kind="IDENTITY", beneficiary=case.beneficiary, unit=case.unit, opened_at=NOW, level="COMMUNE"
        )
        browser = Browser()
        log_in(browser, "commune_officer.97101")
        del browser.cookies["sessionid"]
        led = browser.post(f"/viec/{case.pk}/xac-dinh/", {"number": "034042001234", "basis": TYPED})["Location"]
        said = log_in(browser, "commune_officer.97101", after(led))

        assert TYPED in said and "034042001234" not in said


class TestAFault:
    def test_stands_beside_its_field_for_who_hears_the_page(self, world: World, case: Case) -> None:
        browser = Browser()
        log_in(browser, "commune_officer.97101")
        said = browser.post(f"/viec/{case.pk}/xong/", {"note": "x" * 400}).content.decode()

        assert 'aria-invalid="true" aria-describedby="fault-note-xong" id="note-xong"' in said
        assert said.count('id="fault-note-xong"') == 1
