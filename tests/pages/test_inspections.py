"""What an inspector opens is written down for them and for the province, edited by nobody, and their access ends with its last day."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from staff.models import PageReading, RoleAssignment
from tests.api.conftest import as_staff
from tests.api.world import World
from tests.pages.forms import Browse

__all__ = ["as_staff"]
pytestmark = pytest.mark.django_db


def noted() -> list[tuple[str, str, int]]:
    return list(PageReading.objects.order_by("pk").values_list("reader__username", "path", "status"))


def until(world: World, last: date, *, since: date = date(2024, 1, 1)) -> None:
    """The inspector of the first district was let in by a document until that day."""
    RoleAssignment.objects.create(
        user=world.staff["AUDITOR", "971"],
        role="AUDITOR",
        unit=world.units["971"],
        valid_from=since,
        valid_to=last,
        document_number="12/QĐ-TTr",
        assigned_by=world.staff["RELEASER", "97"],
        assigned_at=timezone.now(),
    )


class TestWhatIsOpened:
    def test_is_noted_by_page_and_by_program_shown_or_refused(
        self, world: World, browse: Browse, as_staff: Callable[[str, str], APIClient]
    ) -> None:
        client = browse("AUDITOR", "971")
        person, far = world.people["Trần Văn Ân"].pk, world.lists["972", "ACCOUNT"].pk
        client.get(f"/nguoi-huong/{person}/tong-hop/")
        client.get(f"/danh-sach/{far}/")
        as_staff("AUDITOR", "971").get("/api/batches/")

        who = world.staff["AUDITOR", "971"].username
        assert noted() == [
            (who, f"/nguoi-huong/{person}/tong-hop/", 200), (who, f"/danh-sach/{far}/", 404), (who, "/api/batches/", 200)
        ]  # fmt: skip

    def test_keeps_the_unit_asked_about_and_nothing_else_behind_the_question_mark(
        self, world: World, browse: Browse
    ) -> None:
        browse("AUDITOR", "971").get("/nguoi-huong/ca-xa/?unit=97101&hamlet=Trần Văn Ân")

        (row,) = PageReading.objects.all()
        assert (row.path, row.asked_unit) == ("/nguoi-huong/ca-xa/", "97101")

    def test_holds_no_number_of_a_person_typed_into_the_address(self, world: World, browse: Browse) -> None:
        client = browse("AUDITOR", "971")
        client.get("/nguoi-huong/097042000001/tong-hop/?unit=097042000001")
        client.get("/nguoi-huong/097-042-000-001/")

        said = PageReading.objects.values_list("path", "asked_unit")
        assert [path for path, _ in said] == ["/nguoi-huong/…001/tong-hop/", "/nguoi-huong/…001/"]
        assert said[0][1] == "…001"

    def test_of_others_is_not_noted(self, world: World, browse: Browse) -> None:
        browse("CHECKER", "971").get("/")

        assert noted() == []

    def test_is_edited_and_deleted_by_nobody(self, world: World, browse: Browse) -> None:
        browse("AUDITOR", "971").get("/")
        for change in (lambda: PageReading.objects.update(path="/khac/"), PageReading.objects.all().delete):
            with pytest.raises((IntegrityError, InternalError, ProgrammingError)), transaction.atomic():
                change()

        assert [path for _, path, _ in noted()] == ["/"]


class TestTheLog:
    def test_is_seen_by_the_inspector_and_by_who_assigns_roles_above_not_beside(
        self, world: World, browse: Browse
    ) -> None:
        browse("AUDITOR", "971").get("/danh-sach/")
        browse("AUDITOR", "972").get("/sao-ke/")

        own = browse("AUDITOR", "971").get("/nhat-ky-mo/").content.decode()
        district, province = (browse("RELEASER", unit).get("/nhat-ky-mo/").content.decode() for unit in ("971", "97"))

        assert "<small>/danh-sach/" in own and "<small>/sao-ke/" not in own
        assert "<small>/danh-sach/" in district and "<small>/sao-ke/" not in district
        assert "<small>/danh-sach/" in province and "<small>/sao-ke/" in province

    def test_is_nobody_elses(self, world: World, browse: Browse) -> None:
        assert browse("MAKER", "97").get("/nhat-ky-mo/").status_code == 403


class TestAccess:
    def test_ends_with_its_last_day_whenever_the_clock_rings(self, world: World, browse: Browse) -> None:
        until(world, timezone.localdate() - timedelta(days=1))

        answer = browse("AUDITOR", "971").get("/danh-sach/")

        assert answer.status_code == 403 and "đã hết thời hạn" in answer.content.decode()

    def test_lasts_through_its_last_day_and_says_it(self, world: World, browse: Browse) -> None:
        until(world, timezone.localdate())
        client = browse("AUDITOR", "971")

        assert client.get("/danh-sach/").status_code == 200
        assert f"đến hết ngày {timezone.localdate():%d/%m/%Y}" in client.get("/toi/").content.decode()

    def test_is_not_taken_by_a_shorter_document_that_came_later(self, world: World, browse: Browse) -> None:
        today = timezone.localdate()
        until(world, today + timedelta(days=30))
        until(world, today - timedelta(days=1), since=date(2024, 6, 1))
        client = browse("AUDITOR", "971")

        assert client.get("/danh-sach/").status_code == 200
        assert f"đến hết ngày {today + timedelta(days=30):%d/%m/%Y}" in client.get("/toi/").content.decode()
