"""The supplementary list in a real browser, on a screen and on a telephone: who waits, what it would be, nothing cut off."""

from datetime import date
from pathlib import Path

import pytest

from payments.services.lists.build_lists import build_lists
from payments.services.once.emergency import Newcomer, grant_emergency
from payments.services.once.one_off import Household, Order, grant_to_households, open_one_off
from tests.api.world import NOW, PASSWORD, World
from tests.pages.browser import Browser, program
from tests.pages.test_by_keyboard import log_in
from tests.pages.test_in_a_browser import address, browser, province

__all__ = ["address", "browser", "province"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(program() is None, reason="no Chromium on this machine: apt-get install chromium"),
]
ORDER = Order(signer="Nguyễn Văn Chủ, Chủ tịch UBND", number="12/QĐ-UBND", signed_on=NOW.date(), month=date(2024, 9, 1))
PAGE = "/lap-danh-sach/2024-09/bo-sung/"


@pytest.fixture
def flooded(province: World) -> World:
    """September's lists are made; then help is granted to a newcomer and to a household."""
    maker = province.staff["MAKER", "97"]
    maker.set_password(PASSWORD)
    maker.save(update_fields=["password"])
    build_lists(month=ORDER.month, listed_on=date(2024, 8, 16), pay_on=date(2024, 9, 5), actor=maker, now=NOW)
    grant = open_one_off(
        code="KC-2024-3",
        name="Trợ giúp khẩn cấp sau lũ",
        amount=3_000_000,
        budget_source="Ngân sách huyện",
        order=ORDER,
        actor=maker,
    )
    newcomer = Newcomer(full_name="Hồ Thị Lũ", sex="FEMALE", unit=province.units["97101"], birth_year=1960)
    grant_emergency(programme=grant, newcomers=[newcomer], order=ORDER, actor=maker, now=NOW)
    head, child = (province.add_person(name, unit="97101") for name in ("Đỗ Văn Hộ", "Đỗ Thị Con"))
    grant_to_households(programme=grant, households=[Household(head, [head, child])], order=ORDER, actor=maker, now=NOW)
    return province


def test_is_read_on_a_screen_and_on_a_telephone(flooded: World, address: str, browser: Browser, tmp_path: Path) -> None:
    log_in(browser, address, "maker.97")
    browser.go(f"{address}/lap-danh-sach/2024-09/")
    browser.follow("Lập danh sách bổ sung ›")
    browser.follow("Xem trước")
    assert browser.focused().startswith("Xem trước, chưa ghi gì")
    for width in (1280, 390):
        browser.resize(width)
        browser.picture(tmp_path / f"{width}-bo-sung.png")
        assert "nhận thay" in browser.text()
        assert browser.too_faint() == []
    browser.follow("Lập danh sách bổ sung")
    assert "Đã lập 1 danh sách bổ sung, 3 người" in browser.text()
    browser.picture(tmp_path / "390-danh-sach.png")
    assert browser.complaints == []
