"""Nobody sees a button they may not press: every form of every page a role reaches is the step of an address the role has the right to."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import RequestFactory
from django.urls import resolve
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.views import APIView

from banks.fake import FakeTransfers
from payments.services.learning.cases import open_payment_cases
from staff.errors import NotAllowed
from staff.models import Role, User
from staff.pages import FileByButton, PageStep
from tests.api.world import NOW, World
from tests.pages.forms import Browse, Browser
from tests.pages.rows import fill

MOST_PAGES = 150
FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)"|formaction="([^"]+)"')
# Everybody's own: the password, the sessions, the way out; and what is asked without log-in.
OWN = ("/dang-xuat/", "/toi/", "/tra-cuu/", "/kiem-tra-giay/")


@pytest.fixture
def full(world: World) -> World:
    """Work of every kind waits."""
    fill(world, bank=FakeTransfers(balances={"fa_971": 10_000_000, "fa_972": 10_000_000}))
    open_payment_cases(payment_ids=[payment.pk for payment in world.payments.values()], reason="ORDER_REFUSED", now=NOW)
    return world


def pages(client: Browser) -> Iterator[tuple[str, str]]:
    """Every page one comes to by links from the first one, once whatever stands behind its question mark."""
    waiting, seen = ["/"], set[str]()
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        shape = re.sub(r"\d+", "0", urlsplit(address).path)
        if shape in seen or shape.startswith(("/static/", "/api/")):
            continue
        seen.add(shape)
        answer = client.get(address)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        said = answer.content.decode()
        yield address, said
        waiting += [unescape(link) for link in re.findall(r'href="(/[^"#]*)"', said)]


def may_press(user: User, action: str) -> bool:
    """Whether the API's address behind this button asks for a right the person has."""
    match = resolve(urlsplit(action).path)
    page: Any = match.func
    wanted = page.view_class
    step: type[APIView] = (
        page.view_initkwargs.get("step")
        or page.view_initkwargs.get("view")
        or getattr(wanted, "step", None)
        or wanted.view
    )
    assert issubclass(wanted, PageStep | FileByButton), action
    view = step()
    view.request = Request(RequestFactory().post(action))
    view.request.user = user
    view.kwargs, view.action_map = match.kwargs, {}
    try:
        view.check_permissions(view.request)
    except (NotAllowed, APIException):
        return False
    return True


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.CIVIL_REGISTRY])
def test_every_button_is_one_the_role_may_press(role: str, full: World, browse: Browse) -> None:
    unit = "97" if (role, "97") in full.staff else "97101"
    client, user = browse(role, unit), full.staff[role, unit]
    wrong = {
        (address, action)
        for address, said in pages(client)
        for found in FORM.findall(said)
        if not (action := unescape(found[0] or found[1])).startswith(OWN) and not may_press(user, action)
    }
    assert wrong == set()


def test_an_inspector_finds_no_button_that_changes_anything(full: World, browse: Browse) -> None:
    found = {
        re.sub(r"\d+", "N", action)
        for _, said in pages(browse("AUDITOR", "97"))
        for one in FORM.findall(said)
        if not (action := one[0] or one[1]).startswith(OWN)
    }
    assert found == {
        "/nguoi-huong/tim/", "/in-an/lap/", "/kiem-tra/tep/", "/kiem-tra/niem-phong/", "/so-voi-excel/so/",
        "/nguoi-huong/N/qua-trinh/",
    }, "looking somebody up, papers to print, a paper and the seals checked, a list compared: none changes anything"  # fmt: skip


def test_who_only_reads_is_told_of_no_signature_and_no_work_of_the_day(full: World, browse: Browse) -> None:
    inspector, maker = (browse(role, "97").get("/").content.decode() for role in ("AUDITOR", "MAKER"))
    for words in ("Chờ tôi ký", "chờ tôi ký", "Việc hôm nay"):
        assert words not in inspector and words in maker
