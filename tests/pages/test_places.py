"""An officer of two communes works at one at a time, no day longer than assigned, and is one person at both."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from beneficiaries.models import Case
from payments.models import OfficeFile
from payments.services.office_files import work_on_office_files
from staff.models import Assignment, User
from staff.services.assignments import at_work_in
from tests.api.world import NOW, World
from tests.beneficiaries.office_files import decision_file
from tests.pages.forms import Browse, Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(world: World) -> int:
    """Somebody of the other commune."""
    return world.add_person("Lê Thị Bên Kia", unit="97102").pk


def assign(world: World, *, last: date | None = None, officer: tuple[str, str] = ("COMMUNE_OFFICER", "97101")) -> None:
    today = timezone.localdate()
    Assignment.objects.create(
        officer=world.staff[officer],
        unit=world.units["97102"],
        from_on=today - timedelta(days=30),
        until_on=today if last is None else last,
        assigned_by=world.staff["MAKER", "97"],
        assigned_at=NOW,
    )


def go(client: Browser, unit: str = "97102") -> str:
    said: str = client.post("/toi/noi-lam-viec/", {"unit": unit}, follow=True).content.decode()
    return said


def reaches(client: Browser, person: int) -> bool:
    return client.get(f"/nguoi-huong/{person}/tong-hop/").status_code == 200


class TestTheOtherCommune:
    def test_is_worked_at_after_going_there_and_left_by_going_back(
        self, world: World, browse: Browse, there: int
    ) -> None:
        assign(world)
        client, here = browse("COMMUNE_OFFICER", "97101"), world.people["Trần Văn Ân"].pk
        before = (reaches(client, here), reaches(client, there))
        said = go(client)
        during = (reaches(client, here), reaches(client, there))
        go(client, "")

        assert "Bạn đang làm việc tại <b>xã Phước Lộc</b>" in said
        assert (before, during) == ((True, False), (False, True))
        assert (reaches(client, here), reaches(client, there)) == before

    def test_is_closed_the_day_after_the_last_whatever_the_session_says(
        self, world: World, browse: Browse, there: int
    ) -> None:
        assign(world)
        client = browse("COMMUNE_OFFICER", "97101")
        go(client)
        Assignment.objects.update(until_on=timezone.localdate() - timedelta(days=1))

        assert not reaches(client, there)
        assert "Bạn đang làm việc tại" not in client.get("/").content.decode()

    def test_opens_a_persons_page_of_a_case_in_one_step(self, world: World, browse: Browse, there: int) -> None:
        assign(world)
        case = Case.objects.create(
            kind="ACCOUNT", beneficiary_id=there, unit=world.units["97102"], opened_at=NOW, level="COMMUNE"
        )
        client, page = browse("COMMUNE_OFFICER", "97101"), f"/nguoi-huong/{there}/tong-hop/"
        of_case, not_found = (client.get(where).content.decode() for where in (f"/viec/{case.pk}/", page))
        led = client.post("/toi/noi-lam-viec/", {"unit": "97102", "to": page}, follow=True)

        assert all(f'name="to" value="{page}"' in said and "Sang xã Phước Lộc" in said for said in (of_case, not_found))
        assert (led.status_code, led.request["PATH_INFO"]) == (200, page)

    @pytest.mark.parametrize("to", ["https://example.org/", "//example.org/", "javascript:1", ""])
    def test_leads_nowhere_but_to_pages_of_ours(self, to: str, world: World, browse: Browse) -> None:
        assign(world)

        led = browse("COMMUNE_OFFICER", "97101").post("/toi/noi-lam-viec/", {"unit": "97102", "to": to})
        assert led["Location"] == "/"

    @pytest.mark.parametrize("unit", ["97102", "97201", "97"])
    def test_is_nobodys_who_was_not_assigned(self, unit: str, world: World, browse: Browse, there: int) -> None:
        client = browse("COMMUNE_OFFICER", "97101")
        said = go(client, unit)

        assert "không được phân công" in said and not reaches(client, there)

    def test_is_no_way_for_who_signs_lists(self, world: World, browse: Browse) -> None:
        assign(world, officer=("CHECKER", "972"))

        assert "không được phân công" in go(browse("CHECKER", "972"))

    def test_takes_a_file_in_as_whoever_sent_it_there(self, world: World, browse: Browse) -> None:
        assign(world)
        client = browse("COMMUNE_OFFICER", "97101")
        go(client)
        sent = {"kind": "DECISIONS", "unit": "97102", "file": SimpleUploadedFile("qd.xlsx", decision_file())}
        client.send("/nap-tep/gui/", sent)
        file = OfficeFile.objects.get()
        if file.stage == "WAITING":
            work_on_office_files(clock=timezone.now)
            file.refresh_from_db()

        assert (file.stage, file.problem_code, file.unit.code) == ("DONE", "", "97102")
        officer = User.objects.get(pk=world.staff["COMMUNE_OFFICER", "97101"].pk)
        assert (file.ordered_by_id, officer.unit) == (officer.pk, world.units["97101"])

    def test_of_whom_nobody_sent_there_gives_a_worker_nothing(self, world: World) -> None:
        officer, today = world.staff["COMMUNE_OFFICER", "97101"], timezone.localdate()
        assign(world, last=today - timedelta(days=1))

        assert at_work_in(officer, world.units["97102"], on=today).unit == world.units["97101"]
        assert at_work_in(officer, world.units["97102"], on=today - timedelta(days=1)).unit == world.units["97102"]

    def test_leaves_the_persons_own_unit_in_the_database(self, world: World, browse: Browse) -> None:
        assign(world)
        client = browse("COMMUNE_OFFICER", "97101")
        go(client)
        client.get("/toi/")

        assert User.objects.get(pk=world.staff["COMMUNE_OFFICER", "97101"].pk).unit == world.units["97101"]

    def test_makes_no_second_person_of_one(self, world: World, browse: Browse, there: int) -> None:
        assign(world)
        officer = world.staff["COMMUNE_OFFICER", "97101"]
        case = Case.objects.create(
            kind="DUPLICATE", beneficiary_id=there, unit=world.units["97102"], opened_at=NOW, level="COMMUNE",
            status="PROPOSED", solution="SAME_PERSON", proposed_by=officer, decided_by=officer, note="Đã xem", decided_at=NOW,
        )  # fmt: skip
        client = browse("COMMUNE_OFFICER", "97101")
        go(client)
        said = client.post(f"/viec/{case.pk}/xac-nhan/", {}, follow=True).content.decode()

        assert "Người đề xuất và người xác nhận phải là hai người khác nhau." in said


class TestAssigning:
    typed = {"unit": "97102", "from_on": "01/11/2026", "until_on": "31/12/2099", "note": "12/QĐ-UBND"}

    def test_is_done_on_the_page_by_who_gives_work_out(self, world: World, browse: Browse) -> None:
        officer = world.staff["COMMUNE_OFFICER", "97101"]
        sent = self.typed | {"officer": officer.username}

        said = browse("MAKER", "971").post("/ban-giao/phan-cong/", sent, follow=True).content.decode()

        assert "Đã phân công" in said and "31/12/2099" in said
        assert Assignment.objects.get().until_on == date(2099, 12, 31)

    def test_is_refused_at_its_field(self, world: World, browse: Browse) -> None:
        sent = self.typed | {"officer": world.staff["COMMUNE_OFFICER", "97101"].username, "until_on": "31/10/2026"}

        said = browse("MAKER", "971").post("/ban-giao/phan-cong/", sent).content.decode()

        assert 'href="#until_on"' in said and not Assignment.objects.exists()

    def test_is_no_officers_own(self, world: World, browse: Browse) -> None:
        assert "Phân công một công chức xã" not in browse("COMMUNE_OFFICER", "97101").get("/ban-giao/").content.decode()
