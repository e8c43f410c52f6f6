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

from banks.fake import FakeTransfers
from payments.services.cases import open_payment_cases
from tests.api.world import NOW, PASSWORD, World, make_world
from tests.pages.browser import Browser, program, running_browser

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(program() is None, reason="no Chromium on this machine: apt-get install chromium"),
]
PEOPLE = (("MAKER", "Ký trình"), ("CHECKER", "Ký kiểm soát"), ("RELEASER", "Duyệt chi"))
PAGES = ("/", "/danh-sach/", "/viec/", "/chenh-lech/", "/so-lieu/?on=2024-08-31", "/khop-so/2024-08/", "/bao-cao/")


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
            look_at_every_page(browser, address, tmp_path)
        browser.press("Thoát")
    batch.refresh_from_db()
    assert batch.status == "RELEASED"
    assert browser.complaints == []


def look_at_every_page(browser: Browser, address: str, folder: Path) -> None:
    """No page is wider than its window; the font is the one that was shipped."""
    for width in (1280, 390):
        browser.resize(width)
        for page in PAGES:
            browser.go(f"{address}{page}")
            assert browser.ask("document.documentElement.scrollWidth <= window.innerWidth + 1"), (page, width)
            assert browser.ask("document.fonts.check('16px \"Liberation Sans\"', 'Nguyễn Thị Ưởng')"), page
            browser.picture(folder / f"{width}{page.partition('?')[0].replace('/', '-')}.png")
    browser.resize(1280)
    browser.go(f"{address}/")
