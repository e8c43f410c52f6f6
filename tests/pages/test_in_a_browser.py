"""Three people sign a list in a real browser; on a screen and on a telephone no page is cut off, and the browser has nothing to complain of."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.http import HttpRequest
from django.utils import timezone

from banks.fake import FakeTransfers
from beneficiaries.services.intake.uploads import work_on_uploads
from payments.services.learning.cases import open_payment_cases
from tests.api.world import NOW, PASSWORD, World, make_world
from tests.beneficiaries.office_files import people, registry_file
from tests.pages.browser import Browser, program, running_browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(program() is None, reason="no Chromium on this machine: apt-get install chromium"),
]
PEOPLE = (("MAKER", "Ký trình"), ("CHECKER", "Ký kiểm soát"), ("RELEASER", "Duyệt chi"))
PAGES = (
    "/", "/danh-sach/", "/viec/", "/chenh-lech/", "/so-lieu/?on=2024-08-31", "/khop-so/2024-08/", "/bao-cao/", "/sao-ke/", "/in-an/",
    "/ky-nhieu/", "/du-toan/", "/thu-hoi/", "/thay-doi/",
    "/kinh-phi/", "/kinh-phi/TK-971/chuyen/", "/doi-tai-khoan/", "/bao-tu/", "/uy-quyen-ky/", "/tam-ngung-chi/", "/toi/",
)  # fmt: skip
OF_THE_MAKER = (
    "/nap-danh-sach/",
    "/nap-tep/",
    "/xac-minh/",
    "/mo-tai-khoan/",
    "/phieu-tra-cuu/",
    "/so-voi-excel/",
    "/nguoi-huong/ca-xa/",
)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *said: object) -> None:
        """Nothing."""


class _Server(ThreadedWSGIServer):
    daemon_threads = True

    def process_request_thread(self, request: HttpRequest, client_address: object) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            connections.close_all()


@pytest.fixture
def province(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    world = make_world()
    for (role, unit), user in world.staff.items():
        if unit == "971" and role in {one for one, _ in PEOPLE}:
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
    open_payment_cases(payment_ids=[payment.pk for payment in world.payments.values()], reason="ORDER_REFUSED", now=NOW)
    bank = FakeTransfers(balances={"fa_971": 10_000_000, "fa_972": 10_000_000})
    monkeypatch.setattr("payments.api.signing.the_bank", lambda: bank)
    cache.clear()
    return world


@pytest.fixture
def address(province: World) -> Iterator[str]:
    with _Server(("127.0.0.1", 0), _Quiet) as server:
        server.set_app(get_wsgi_application())
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(10)


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with running_browser(tmp_path / "profile") as running:
        yield running


def test_three_people_sign_a_list_and_nothing_is_cut_off(
    province: World, address: str, browser: Browser, tmp_path: Path
) -> None:
    batch = province.lists["971", "ACCOUNT"]
    for role, button in PEOPLE:
        browser.go(f"{address}/danh-sach/{batch.pk}/")
        assert browser.ask("location.pathname") == "/dang-nhap/"
        browser.fill("username", province.staff[role, "971"].username)
        browser.fill("password", PASSWORD)
        browser.press("Đăng nhập")
        assert browser.ask("location.pathname") == f"/danh-sach/{batch.pk}/"
        browser.press(button)
        assert browser.ask("document.querySelectorAll('.said.success').length") == 1
        if role == "CHECKER":
            look_at_every_page(browser, address, tmp_path, PAGES)
        browser.press("Thoát")
    batch.refresh_from_db()
    assert batch.status == "RELEASED"
    assert browser.complaints == []


def test_a_clerk_sends_a_list_looks_at_it_and_confirms(
    province: World, address: str, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("beneficiaries.api.uploads.work_on_registries.delay", lambda: None)
    listed = tmp_path / "danh sách.xlsx"
    listed.write_bytes(registry_file(people(3)))
    person = province.people["Trần Văn Ân"].pk
    payment = f"/danh-sach/{province.lists['971', 'ACCOUNT'].pk}/khoan-chi/{province.payments['Trần Văn Ân'].pk}/"
    browser.go(f"{address}/nap-danh-sach/")
    browser.fill("username", province.staff["MAKER", "971"].username)
    browser.fill("password", PASSWORD)
    browser.press("Đăng nhập")
    browser.ask("document.querySelector('#unit').value = '97101'")
    browser.choose("file", listed)
    browser.press("Gửi và xem trước")
    page = browser.ask("location.pathname")
    work_on_uploads(clock=timezone.now)
    look_at_every_page(browser, address, tmp_path, (page, *OF_THE_MAKER, f"/nguoi-huong/{person}/", payment))
    browser.go(f"{address}{page}")
    browser.press("Xác nhận nạp")
    work_on_uploads(clock=timezone.now)
    browser.go(f"{address}{page}")
    assert "Đã nạp xong 3 dòng" in browser.text()
    assert browser.complaints == []


def look_at_every_page(browser: Browser, address: str, folder: Path, pages: tuple[str, ...]) -> None:
    """No page is wider than its window, no field without its label; the font is the one that was shipped."""
    for width in (1280, 390):
        browser.resize(width)
        for page in pages:
            browser.go(f"{address}{page}")
            # Never beside innerWidth: a telephone widens its window for a page too wide.
            shown = browser.ask("document.documentElement.scrollWidth")
            assert shown <= width + 1, (page, width, shown)
            assert browser.unlabelled() == [], page
            assert browser.ask("document.fonts.check('16px \"Liberation Sans\"', 'Nguyễn Thị Ưởng')"), page
            browser.picture(folder / f"{width}{page.partition('?')[0].replace('/', '-')}.png")
    browser.resize(1280)
    browser.go(f"{address}/")
