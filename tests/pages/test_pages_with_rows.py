"""Pages whose tables are empty on most days, with rows in them, in a real browser: nothing cut off, nothing unlabelled, nothing too faint."""

from pathlib import Path

import pytest

from banks.fake import FakeTransfers
from tests.api.world import PASSWORD, World
from tests.pages.browser import Browser, program
from tests.pages.rows import fill
from tests.pages.test_by_keyboard import log_in
from tests.pages.test_in_a_browser import address, browser, look_at_every_page, province

__all__ = ["address", "browser", "province"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(program() is None, reason="no Chromium on this machine: apt-get install chromium"),
]
PAGES = (
    "/", "/ky-nhieu/", "/tra-soat/", "/chuyen-den/", "/thu-hoi/", "/du-toan/?year=2024", "/thay-doi/", "/kinh-phi/TK-971/chuyen/",
    "/khoa-ky/?month=2024-08", "/danh-sach/",
)  # fmt: skip


@pytest.fixture
def full(province: World) -> World:
    """A released cash list, an outcome nobody knows, one told differently, somebody who arrives, a debt, an estimate, proposals."""
    world, bank = province, FakeTransfers(balances={"fa_971": 10_000_000, "fa_972": 10_000_000})
    for (_, unit), user in world.staff.items():
        if unit == "97":
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
    fill(world, bank=bank)
    return world


def take_in_a_statement(browser: Browser, address: str, folder: Path) -> None:
    """Chosen once, looked at, taken in."""
    table = folder / "sao kê.csv"
    table.write_text("Ngày giao dịch,Ghi nợ,Ghi có,Số dư,Nội dung\n05/08/2024,,2000000,2000000,CAP KINH PHI\n")
    browser.go(f"{address}/sao-ke/")
    browser.choose("file", table)
    browser.ask("document.querySelector('#account').value = 'TK-971'")
    browser.follow("Xem trước")
    assert browser.focused().startswith("Xem trước: TK-971")
    browser.picture(folder / "390-sao-ke-xem-truoc.png")
    browser.follow("Nạp sao kê vừa xem")
    assert "Đã nạp 1 sao kê, 1 dòng" in browser.text()


def sign_many(browser: Browser, address: str, folder: Path) -> None:
    """Chosen, confirmed, signed; by keyboard, and Back asks nothing."""
    browser.go(f"{address}/ky-nhieu/")
    browser.follow("Xem lại các danh sách đã chọn")
    assert browser.focused().startswith("Xác nhận: ký trình 1 danh sách")
    browser.picture(folder / "390-ky-nhieu-xac-nhan.png")
    browser.follow("Ký trình 1 danh sách")
    assert browser.focused() == "Người lập: đã ký 1 danh sách"
    browser.picture(folder / "390-ky-nhieu-ket-qua.png")
    browser.follow("Việc của tôi ›")
    browser.back()
    assert "đã ký 1 danh sách" in browser.text()


def test_are_read_on_a_screen_and_on_a_telephone(full: World, address: str, browser: Browser, tmp_path: Path) -> None:
    for role in ("CHECKER", "MAKER"):
        log_in(browser, address, f"{role.lower()}.97")
        pages = PAGES if role == "CHECKER" else ("/", "/ky-nhieu/", "/chuyen-den/")
        (tmp_path / role).mkdir()
        look_at_every_page(browser, address, tmp_path / role, pages)
        browser.resize(390)
        for page in pages:
            browser.go(f"{address}{page}")
            assert browser.too_faint() == [], page
        {"CHECKER": take_in_a_statement, "MAKER": sign_many}[role](browser, address, tmp_path / role)
        browser.resize(1280)
        browser.press("Thoát")
    assert browser.complaints == []
