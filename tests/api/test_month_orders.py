"""A month's work as the office orders it: lists, files, matching; who may, what is refused, and what the rows say afterwards."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from banks.fake import FakeTransfers
from beneficiaries.models import Beneficiary, Enrolment, StandardAmount
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from beneficiaries.tasks import work_on_matching
from payments.models import Cycle, ListOrder, OfficeFile
from payments.tasks import build_ordered_lists, work_on_files
from tests.api.world import World
from tests.beneficiaries.office_files import account_file, decision_file, review_file

Client = Callable[[str, str], APIClient]
SEPTEMBER = {"month": "2024-09"}
FILES = "/api/office-files/"


@pytest.fixture
def quiet_bank(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bank where nothing waits to be confirmed."""
    monkeypatch.setattr("payments.services.lists.order_lists.the_bank", lambda: FakeTransfers(balances={}))
    monkeypatch.setattr("payments.services.lists.order_lists.the_files", lambda: None)
    monkeypatch.setattr("payments.services.lists.order_lists.confirm_unpaid_in_files", lambda bank, now: 0)


def order(client: APIClient, **body: object) -> tuple[int, dict[str, object]]:
    answer = client.post("/api/cycles/", SEPTEMBER | body, format="json")
    return answer.status_code, answer.json()


def send(client: APIClient, content: bytes, **body: object) -> tuple[int, dict[str, object]]:
    file = SimpleUploadedFile("danh-sach.xlsx", content)
    answer = client.post(FILES, {"kind": "DECISIONS", "file": file, **body}, format="multipart")
    return answer.status_code, answer.json()


class TestListsOfAMonth:
    def test_are_built_in_the_background_on_the_calendars_days(
        self, world: World, as_staff: Client, quiet_bank: None
    ) -> None:
        maker = as_staff("MAKER", "97")

        code, said = order(maker)
        build_ordered_lists()
        after = maker.get(f"/api/list-orders/{said['id']}/").json()

        assert (code, said["stage"], said["built"]) == (202, "WAITING", False)
        assert (said["listed_on"], said["pay_on"]) == ("2024-08-16", "2024-09-05")  # the 18th is a Sunday
        assert (after["stage"], after["problem"], after["built"]) == ("DONE", "", True)
        assert maker.get("/api/cycles/2024-09/").json()["listed_on"] == "2024-08-16"

    def test_that_stand_are_not_built_again(self, world: World, as_staff: Client) -> None:
        code, said = order(as_staff("MAKER", "97"), month="2024-08")

        assert (code, said["code"], said["conflicts"]) == (409, "LIST_ALREADY_BUILT", ["2024-08"])
        assert not ListOrder.objects.exists()

    def test_ordered_twice_are_one_order_and_otherwise_a_conflict(self, world: World, as_staff: Client) -> None:
        maker = as_staff("MAKER", "97")
        _, first = order(maker)

        assert order(maker) == (202, first)
        code, other = order(maker, pay_on="2024-09-10")

        assert (code, other["code"], other["conflicts"]) == (409, "ANOTHER_ORDER_WAITS", [str(first["id"])])

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"month": "2025-01"}, "BUDGET_YEAR_NOT_SAID"),
            ({"months_together": 4}, "TOO_MANY_MONTHS"),
        ],
    )
    def test_that_need_more_words_are_refused_at_once(
        self, world: World, as_staff: Client, body: dict[str, object], code: str
    ) -> None:
        assert (order(as_staff("MAKER", "97"), **body)[1]["code"], ListOrder.objects.count()) == (code, 0)

    @pytest.mark.parametrize(("role", "unit"), [("MAKER", "971"), ("CHECKER", "97"), ("COMMUNE_OFFICER", "97101")])
    def test_are_ordered_by_the_provinces_maker_alone(
        self, world: World, as_staff: Client, role: str, unit: str
    ) -> None:
        assert order(as_staff(role, unit))[0] == 403

    def test_that_would_omit_somebody_are_not_built_and_name_whom(
        self, world: World, as_staff: Client, quiet_bank: None
    ) -> None:
        StandardAmount.objects.all().delete()
        maker = as_staff("MAKER", "97")
        _, said = order(maker)

        build_ordered_lists()

        after = maker.get(f"/api/list-orders/{said['id']}/").json()
        assert (after["stage"], after["problem_code"]) == ("REFUSED", "SOMEBODY_WOULD_BE_OMITTED")
        assert set(after["conflicts"]) <= set(Enrolment.objects.values_list("code", flat=True))
        assert after["conflicts"]
        district = as_staff("MAKER", "971")  # the codes are of every district: only the province reads them
        (row,) = district.get("/api/list-orders/").json()["results"]
        assert row == district.get(f"/api/list-orders/{said['id']}/").json() == {**after, "conflicts": []}
        assert maker.get("/api/list-orders/").json()["results"] == [after]
        assert not Cycle.objects.filter(month="2024-09-01").exists()
        assert order(maker)[0] == 202  # what was missing is added, and it is ordered again

    def test_the_days_of_a_month_are_shown_before_it_is_built(self, world: World, as_staff: Client) -> None:
        assert as_staff("COMMUNE_OFFICER", "97101").get("/api/cycles/2024-10/calendar/").json() == {
            "month": "2024-10",
            "changes_close_on": "2024-09-13",
            "list_on": "2024-09-18",
            "hand_over_by": "2024-09-24",
            "pay_on": "2024-10-07",
        }
        assert as_staff("COMMUNE_OFFICER", "97101").get("/api/cycles/thang-10/calendar/").status_code == 404


class TestFilesOfOffices:
    def test_are_taken_in_by_the_background_and_name_bad_rows(self, world: World, as_staff: Client) -> None:
        officer = as_staff("COMMUNE_OFFICER", "97101")
        code = Enrolment.objects.get(beneficiary=world.people["Trần Văn Ân"]).code
        content = decision_file({"code": code, "effective": "09/2024"}, {"code": code, "effective": "quý 3"})

        answer, said = send(officer, content)
        work_on_files()
        after = officer.get(f"{FILES}{said['id']}/").json()

        assert (answer, said["stage"]) == (202, "WAITING")
        assert (after["stage"], after["rows"], after["applied"], after["rejected"]) == ("DONE", 2, 1, 1)
        assert after["problems"] == [
            {
                "row": 4,
                "column": "Hiệu lực từ tháng",
                "sentence": "có cả chữ và 1 chữ số; mời ghi dạng tháng/năm, ví dụ 09/2024.",
            }
        ]
        assert OfficeFile.objects.get().sealed is None
        assert Enrolment.objects.get(code=code).ended_month is not None

    def test_count_once_by_content(self, world: World, as_staff: Client) -> None:
        officer = as_staff("COMMUNE_OFFICER", "97101")
        content = decision_file({"code": Enrolment.objects.get(beneficiary=world.people["Trần Văn Ân"]).code})

        first, again = send(officer, content)[1], send(officer, content)[1]
        work_on_files()
        later = send(officer, content)[1]
        work_on_files()

        assert first["id"] == again["id"] != later["id"]
        assert officer.get(f"{FILES}{later['id']}/").json()["repeated"] is True

    def test_that_are_no_such_list_are_refused_whole_and_stop_none_behind(self, world: World, as_staff: Client) -> None:
        maker = as_staff("MAKER", "97")
        wrong, right = send(maker, review_file({}))[1], send(maker, decision_file({}))[1]

        work_on_files()

        after = maker.get(f"{FILES}{wrong['id']}/").json()
        assert (after["stage"], after["problem_code"]) == ("REFUSED", "COLUMNS_MISSING")
        assert maker.get(f"{FILES}{right['id']}/").json()["stage"] == "DONE"

    @pytest.mark.parametrize(
        ("content", "body", "code"),
        [
            (b"", {}, "FILE_IS_EMPTY"),
            (b"x" * (MAX_BYTES + 1), {}, "FILE_TOO_LARGE"),
            (account_file({}), {"kind": "ACCOUNTS"}, "BANK_NOT_SAID"),
            (account_file({}), {"kind": "ACCOUNTS", "bank": "Ngân hàng không có"}, "BANK_NOT_SAID"),
        ],
    )
    def test_that_can_not_wait_are_refused_at_once(
        self, world: World, as_staff: Client, content: bytes, body: dict[str, object], code: str
    ) -> None:
        assert send(as_staff("MAKER", "97"), content, **body)[1]["code"] == code
        assert not OfficeFile.objects.exists()

    def test_of_a_kind_or_a_unit_that_is_not_ones_own(self, world: World, as_staff: Client) -> None:
        officer, elsewhere = as_staff("COMMUNE_OFFICER", "97101"), as_staff("COMMUNE_OFFICER", "97201")
        mine = send(officer, decision_file({}))[1]["id"]
        as_maker = send(as_staff("MAKER", "97101"), account_file({}), kind="ACCOUNTS", bank="Agribank")[1]["id"]

        assert send(officer, account_file({}), kind="ACCOUNTS", bank="970405")[0] == 403
        assert send(officer, decision_file({}), unit="97201")[0] == 404
        assert elsewhere.get(f"{FILES}{mine}/").status_code == 404
        assert (
            officer.get(f"{FILES}{as_maker}/").status_code == 404
        )  # accounts are no business of the commune's officer
        assert [row["id"] for row in officer.get(FILES).json()["results"]] == [mine]


class TestMatching:
    def test_runs_in_the_background_and_shows_its_manifest(self, world: World, as_staff: Client) -> None:
        maker = as_staff("MAKER", "97")

        first = maker.post("/api/matching-runs/").json()
        assert maker.post("/api/matching-runs/").json()["id"] == first["id"]
        work_on_matching()
        after = maker.get(f"/api/matching-runs/{first['id']}/").json()

        assert (first["stage"], first["matched"]) == ("WAITING", None)
        assert (after["stage"], after["matched"]) == ("DONE", 0)
        assert after["manifest"]["cases"] == after["cases"] == Beneficiary.objects.count()

    def test_is_ordered_by_the_provinces_maker_alone(self, world: World, as_staff: Client) -> None:
        assert as_staff("MAKER", "971").post("/api/matching-runs/").status_code == 403
        assert as_staff("CHECKER", "97").post("/api/matching-runs/").status_code == 403
