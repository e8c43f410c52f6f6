"""A page asks the database as often for fifty rows as for one: what a row needs is asked for all of them together."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments.models import Payment
from payments.services.learning.cases import open_payment_cases
from tests.api.world import NOW, World, make_cycle
from tests.pages.forms import Browse, Browser

LISTS = ("/danh-sach/", "/danh-sach/{list}/", "/viec/", "/nguoi-huong/ca-xa/?unit=97101", "/doi-tai-khoan/", "/mo-tai-khoan/", "/sao-ke/",
         "/chenh-lech/", "/thu-hoi/", "/sua-ho-so/", "/chuyen-den/")  # fmt: skip


@pytest.fixture
def full(world: World) -> World:
    """Nine more lists, eight more people of one of them, each with a case."""
    filled = world.lists["971", "ACCOUNT"]
    for nth in range(8):
        person = world.add_person(f"Lê Văn Thứ {nth}", unit="97101")
        account = world.open_account(person, f"55500077{nth:02d}")
        world.pay(filled, person, account=account, amount=750_000)
        month = date(2025, nth + 1, 1)
        world.enrol(person)
        world.add_list("971", cycle=make_cycle(month, pay_on=month.replace(day=5)))
    world.lists["971", "ACCOUNT"] = filled
    open_payment_cases(payment_ids=Payment.objects.values_list("pk", flat=True), reason="OUTCOME_UNKNOWN", now=NOW)
    return world


def questions(browser: Browser, address: str, *, rows: int) -> tuple[int, int]:
    """How many statements the page took, and how long it is in letters."""
    with CaptureQueriesContext(connection) as asked:
        shown = browser.get(f"{address}{'&' if '?' in address else '?'}limit={rows}")
    assert shown.status_code == 200, (address, shown.status_code)
    return len(asked), len(shown.content)


def test_for_fifty_rows_as_for_one(full: World, browse: Browse) -> None:
    browser = browse("CHECKER", "97")
    longer = []
    for page in LISTS:
        address = page.format(list=full.lists["971", "ACCOUNT"].pk)
        browser.get(address)  # what is asked once in a while is asked now
        few, many = (questions(browser, address, rows=rows) for rows in (1, 50))
        assert many[0] == few[0], (page, few[0], many[0])
        longer += [page] * (many[1] > few[1] + 1000)

    assert {"/danh-sach/", "/danh-sach/{list}/", "/viec/", "/nguoi-huong/ca-xa/?unit=97101"} <= set(longer)
