"""A gift's list is chosen, seen and written in a real browser, on a screen and on a telephone; then its households are read."""

from datetime import date
from pathlib import Path

import pytest

from beneficiaries.models import Beneficiary, Enrolment
from beneficiaries.parsers.gift_lists import COLUMNS
from payments.models import GiftLook
from payments.services.once.one_off import Order, open_one_off
from payments.tasks import look_at_gift_lists, work_on_files
from tests.api.world import PASSWORD, World
from tests.beneficiaries.office_files import table
from tests.pages.browser import Browser, program
from tests.pages.test_by_keyboard import log_in
from tests.pages.test_in_a_browser import address, browser, province
from tests.payments.test_gift_lists import ROW

__all__ = ["address", "browser", "province"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(program() is None, reason="no Chromium on this machine: apt-get install chromium"),
]
ORDER = Order(
    signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="80/NQ-CP", signed_on=date(2024, 6, 10), month=date(2024, 9, 1)
)
ROWS = (
    {"household": "H1", "head": "x"},
    {"household": "H1", "name": "Trần Văn Con"},
    {"household": "H2", "head": "x", "name": "Lê Văn Tám", "sex": "?"},
    {"household": "H2", "name": "Lê Thị Bé"},
    {"code": "HS-1", "name": "Trần Văn Ân"},
)


@pytest.fixture
def gift(province: World) -> World:
    maker = province.staff["MAKER", "97"]
    maker.set_password(PASSWORD)
    maker.save(update_fields=["password"])
    open_one_off(code="QUA-2-9", name="Quà Quốc khánh", amount=100_000, budget_source="TW", order=ORDER, actor=maker)
    return province


def test_is_seen_written_and_read_by_household(gift: World, address: str, browser: Browser, tmp_path: Path) -> None:
    sheet = tmp_path / "quà xã Phước Thuận.xlsx"
    sheet.write_bytes(table([{**ROW, **row} for row in ROWS], columns=COLUMNS))
    log_in(browser, address, "maker.97")
    browser.go(f"{address}/chi-mot-lan/nap/")
    browser.resize(1280)
    browser.picture(tmp_path / "1280-nap.png")
    browser.choose("file", sheet)
    browser.ask("document.querySelector('#unit').value = '97101'")
    browser.follow("Xem trước")
    browser.resize(390)
    browser.picture(tmp_path / "390-dang-xem.png")
    look_at_gift_lists()
    browser.go(f"{address}/chi-mot-lan/nap/{GiftLook.objects.get().pk}/")
    assert browser.focused().startswith("Xem trước, chưa ghi gì")
    for width in (1280, 390):
        browser.resize(width)
        browser.picture(tmp_path / f"{width}-xem-truoc.png")
        assert "cùng hộ với dòng 5 chưa nhận được" in browser.text()
        assert browser.too_faint() == [] and browser.unlabelled() == []
    browser.follow("Ghi 3 người")
    work_on_files()
    assert Enrolment.objects.filter(programme__code="QUA-2-9").count() == 3
    gift.open_account(Beneficiary.objects.get(full_name="Trần Văn Con"), "1234567890123")
    browser.go(f"{address}/chi-mot-lan/QUA-2-9/")
    browser.follow("Theo hộ: chủ hộ nhận cho ai, ai vào tài khoản riêng, ai còn chờ ›")
    for width in (1280, 390):
        browser.resize(width)
        browser.picture(tmp_path / f"{width}-theo-ho.png")
        assert "Tài khoản riêng, trừ khỏi số chủ hộ nhận" in browser.text()
        assert browser.too_faint() == [] and browser.unlabelled() == []
    assert browser.complaints == []
