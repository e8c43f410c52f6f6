"""A copy to learn on says so on every page, also to citizens and before log-in; the guide to print is two pages."""

import re
from pathlib import Path

import pytest
from django.test import Client
from weasyprint import CSS, HTML

from tests.pages.forms import Browse

pytestmark = pytest.mark.django_db
MARK = "BẢN TẬP HUẤN"
STYLES = Path("staff/static/staff/pages.css")


class TestTheTrainingCopy:
    @pytest.mark.parametrize("address", ["/", "/dang-nhap/", "/tra-cuu/", "/kiem-tra-giay/", "/khong-co/"])
    def test_says_so_to_everybody(self, address: str, settings) -> None:
        settings.TRAINING_COPY = True

        assert MARK in Client().get(address).content.decode()

    def test_says_so_on_pages_of_staff_and_where_one_is_refused(self, settings, browse: Browse) -> None:
        settings.TRAINING_COPY = True
        client = browse("LEADER", "97")

        assert all(MARK in client.get(address).content.decode() for address in ("/", "/nguoi-huong/"))

    def test_is_not_what_people_are_paid_with(self, browse: Browse) -> None:
        assert MARK not in browse("MAKER", "971").get("/").content.decode()


class TestTheGuide:
    def test_is_two_pages_of_paper(self, browse: Browse) -> None:
        page = re.sub("<link[^>]*>", "", browse("COMMUNE_OFFICER", "97101").get("/huong-dan/").content.decode())
        paper = CSS(string="@page { size: A4; margin: 15mm }")

        assert len(HTML(string=page).render(stylesheets=[CSS(filename=STYLES), paper]).pages) == 2

    def test_is_found_where_one_looks_for_oneself(self, browse: Browse) -> None:
        assert 'href="/huong-dan/"' in browse("MAKER", "971").get("/toi/").content.decode()
