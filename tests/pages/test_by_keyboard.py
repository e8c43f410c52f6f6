"""A month by keyboard alone on a telephone's width: every step is reached, the focus is seen, a refusal is where one lands, and all can be read."""

from pathlib import Path

import pytest

from banks.fake import FakeTransfers
from payments.models import PaymentBatch
from payments.tasks import build_ordered_lists
from tests.api.test_month_orders import quiet_bank
from tests.api.world import PASSWORD, World
from tests.pages.browser import Browser, program
from tests.pages.test_in_a_browser import address, browser, look_at_every_page, province

__all__ = ["address", "browser", "province", "quiet_bank"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(program() is None, reason="no Chromium on this machine: apt-get install chromium"),
]
OF_THE_MONTH = ("/", "/nguoi-huong/", "/lap-danh-sach/", "/lap-danh-sach/2024-09/", "/danh-sach/", "/chuyen-den/")
OF_THE_BOOKS = ("/", "/kinh-phi/", "/tra-soat/", "/khoa-ky/?month=2024-08", "/khoa-ky/2024-08/TK-971/")
SIGNERS = (("CHECKER", "Ký kiểm soát"), ("RELEASER", "Duyệt chi"))


def log_in(browser: Browser, address: str, username: str) -> None:
    browser.go(f"{address}/dang-nhap/")
    browser.type_in("username", username)
    browser.type_in("password", PASSWORD)
    browser.follow("Đăng nhập")


@pytest.fixture
def with_passwords(province: World, monkeypatch: pytest.MonkeyPatch) -> World:
    for (_, unit), user in province.staff.items():
        if unit == "97":
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
    bank = FakeTransfers(balances={"fa_971": 10_000_000, "fa_972": 10_000_000})
    monkeypatch.setattr("payments.api.signing.the_bank", lambda: bank)
    monkeypatch.setattr("payments.api.cycles.build_ordered_lists.delay", lambda: None)
    return province


def test_a_month_is_worked_by_keyboard(
    with_passwords: World, quiet_bank: None, address: str, browser: Browser, tmp_path: Path
) -> None:
    browser.resize(390)
    log_in(browser, address, "maker.97")
    assert browser.reach("Đến nội dung") == 1  # what jumps over the menu comes first
    browser.follow("Tính thử, lập danh sách tháng")
    browser.follow("Tháng 09/2024")
    browser.reach("months_together")
    browser.ask("document.activeElement.value = '9'; document.activeElement.form.noValidate = true")
    browser.follow("Tính thử")
    assert "chưa hợp lệ" in browser.focused()  # one lands on what was refused …
    browser.follow_fault("months_together")  # … and its link leads to the field
    browser.ask("document.activeElement.value = '1'")
    browser.follow("Tính thử")
    assert browser.focused() == "Kết quả tính thử tháng 09/2024"
    browser.follow("Lập danh sách tháng 09/2024")
    build_ordered_lists()
    browser.go(f"{address}/lap-danh-sach/2024-09/")
    browser.follow("Danh sách đang lập, chờ ký trình")
    assert browser.ask("location.pathname") == "/danh-sach/"
    browser.go(f"{address}/danh-sach/?cycle=2024-08&status=DRAFT")
    browser.follow("08/2024")
    browser.follow("Ký trình")
    look(browser, address, tmp_path, OF_THE_MONTH)
    browser.follow("Thoát")
    signed = PaymentBatch.objects.get(status="SUBMITTED")
    for role, button in SIGNERS:
        log_in(browser, address, f"{role.lower()}.97")
        browser.go(f"{address}/danh-sach/{signed.pk}/")
        browser.follow(button)
        if role == "CHECKER":
            look(browser, address, tmp_path, OF_THE_BOOKS)
        browser.follow("Thoát")
    signed.refresh_from_db()
    assert signed.status == "RELEASED"


def look(browser: Browser, address: str, folder: Path, pages: tuple[str, ...]) -> None:
    """Nothing is cut off, unlabelled or too faint; then back to where the keyboard goes on."""
    look_at_every_page(browser, address, folder, pages)
    browser.resize(390)
    for page in pages:
        browser.go(f"{address}{page}")
        assert browser.too_faint() == [], page


def test_a_person_is_found_and_decided_about_by_keyboard(
    with_passwords: World, address: str, browser: Browser, tmp_path: Path
) -> None:
    person = with_passwords.people["Trần Văn Ân"]
    browser.resize(390)
    log_in(browser, address, "maker.97")
    browser.follow("Người hưởng")
    browser.type_in("name", "tran van an")
    browser.follow("Tìm")
    assert browser.ask("location.search").startswith("?xem=") and "tran" not in browser.ask("location.href")
    browser.follow("Trần Văn Ân")
    browser.back()  # no form is sent again, so the browser asks nothing
    browser.follow("Trần Văn Ân")
    enrolment = person.enrolments.get()
    browser.follow(enrolment.code)
    browser.follow("Quyết định tạm dừng")
    pages = (
        f"/nguoi-huong/{person.pk}/tong-hop/",
        f"/ho-so/{enrolment.pk}/?kind=SUSPEND",
        f"/nguoi-huong/{person.pk}/",
    )
    look(browser, address, tmp_path, pages)
    browser.go(f"{address}/ho-so/{enrolment.pk}/?kind=SUSPEND")
    browser.type_in("number", "5/QĐ-UBND")
    browser.type_in("effective_month", "quý 3")
    browser.ask("document.activeElement.form.noValidate = true")
    browser.follow("Ghi quyết định")
    assert "chưa hợp lệ" in browser.focused()
    assert browser.ask("document.querySelector('#number').value") == "5/QĐ-UBND"
