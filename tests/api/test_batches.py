"""Lists as staff read and sign them."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from banks.errors import BankUnavailable
from banks.fake import FakeTransfers
from beneficiaries.models import Case
from payments.models import Payment
from payments.states import Cause
from tests.api.world import NOW, World

Client = Callable[[str, str], APIClient]


class TestReading:
    def test_counts_people_and_dong_per_status_from_the_rows(self, world: World, as_staff: Client) -> None:
        Payment.objects.filter(pk=world.payments["Lê Thị Bình"].pk).apply(Cause.STOP, now=NOW)

        answer = as_staff("CHECKER", "971").get(f"/api/batches/{world.lists['971', 'ACCOUNT'].pk}/").json()

        assert answer["progress"] == [
            {"status": "DRAFT", "people": 1, "amount": 750_000},
            {"status": "CANCELLED", "people": 1, "amount": 750_000},
        ]
        assert answer["total"] == {"people": 1, "amount": 750_000}
        assert (answer["month"], answer["status_label"], answer["whole"]) == ("2024-08", "Đang lập", True)

    def test_shows_a_commune_only_its_own_people_of_a_district_list(self, world: World, as_staff: Client) -> None:
        batch = world.lists["971", "ACCOUNT"].pk
        client = as_staff("COMMUNE_OFFICER", "97101")

        lists = client.get("/api/batches/").json()["results"]
        payments = client.get(f"/api/batches/{batch}/payments/").json()["results"]

        assert [(row["id"], row["whole"], row["total"]["people"]) for row in lists] == [(batch, False, 1)]
        assert [row["beneficiary"] for row in payments] == ["Trần Văn Ân"]

    def test_shows_a_commune_no_files_of_a_district_list(self, world: World, as_staff: Client) -> None:
        url = f"/api/batches/{world.lists['971', 'ACCOUNT'].pk}/files/"

        answers = [as_staff("COMMUNE_OFFICER", unit).get(url).status_code for unit in ("971", "97101", "97201")]
        assert answers == [200, 403, 404]  # a file's figures are of everybody on the list

    def test_hides_a_district_list_without_own_people(self, world: World, as_staff: Client) -> None:
        batch = world.lists["972", "ACCOUNT"].pk

        assert as_staff("COMMUNE_OFFICER", "97101").get(f"/api/batches/{batch}/").status_code == 404

    def test_shows_the_province_every_list(self, world: World, as_staff: Client) -> None:
        assert as_staff("MAKER", "97").get("/api/batches/").json()["count"] == 2

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("cycle=2024-08", 2),
            ("cycle=2024-09", 0),
            ("status=DRAFT", 2),
            ("status=SUBMITTED", 0),
            ("channel=ACCOUNT&programme=TCXH", 2),
            ("channel=CASH", 0),
            ("paying_unit=972", 1),
        ],
    )
    def test_filters(self, query: str, found: int, world: World, as_staff: Client) -> None:
        assert as_staff("MAKER", "97").get(f"/api/batches/?{query}").json()["count"] == found

    @pytest.mark.parametrize("query", ["cycle=08/2024", "status=GONE", "channel=GOLD"])
    def test_refuses_a_filter_it_can_not_read(self, query: str, world: World, as_staff: Client) -> None:
        answer = as_staff("MAKER", "97").get(f"/api/batches/?{query}")

        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID")

    def test_gives_a_page_at_a_time(self, world: World, as_staff: Client) -> None:
        answer = as_staff("MAKER", "97").get("/api/batches/?limit=1&offset=1").json()

        assert (len(answer["results"]), answer["next"]) == (1, None)

    def test_asks_the_database_a_fixed_number_of_times(
        self, world: World, as_staff: Client, django_assert_max_num_queries: Callable[[int], object]
    ) -> None:
        client = as_staff("MAKER", "97")

        with django_assert_max_num_queries(4):
            client.get("/api/batches/")
        with django_assert_max_num_queries(5):
            client.get(f"/api/batches/{world.lists['971', 'ACCOUNT'].pk}/payments/")


class TestPayments:
    def test_shows_bank_and_last_four_and_no_category(self, world: World, as_staff: Client) -> None:
        answer = as_staff("AUDITOR", "971").get(f"/api/batches/{world.lists['971', 'ACCOUNT'].pk}/payments/")
        text = answer.content.decode()

        assert (answer.json()["results"][0]["bank"], answer.json()["results"][0]["account_last_four"]) == (
            "Agribank",
            "7101",
        )
        assert answer.json()["results"][0]["months"] == ["2024-08"]
        assert "5550197101" not in text
        assert "HIV" not in text
        assert "N03" not in text
        assert "no-store" in answer["Cache-Control"]

    def test_finds_by_status(self, world: World, as_staff: Client) -> None:
        url = f"/api/batches/{world.lists['971', 'ACCOUNT'].pk}/payments/?status="
        client = as_staff("AUDITOR", "971")

        assert [client.get(url + status).json()["count"] for status in ("DRAFT", "POSTED")] == [2, 0]

    def test_stops_one_with_a_reason_that_is_kept(self, world: World, as_staff: Client) -> None:
        payment = world.payments["Trần Văn Ân"]

        answer = as_staff("CHECKER", "971").post(
            f"/api/payments/{payment.pk}/stop/", {"reason": "Gia đình báo tin."}, format="json"
        )

        assert (answer.json()["status"], answer.json()["cause"]) == ("CANCELLED", "STOP")
        case = Case.objects.get(beneficiary=payment.beneficiary)
        assert (case.note, case.decided_by, case.status) == (
            "Gia đình báo tin.",
            world.staff["CHECKER", "971"],
            "SOLVED",
        )

    def test_needs_a_reason(self, world: World, as_staff: Client) -> None:
        answer = as_staff("CHECKER", "971").post(
            f"/api/payments/{world.payments['Trần Văn Ân'].pk}/stop/", {}, format="json"
        )

        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID")

    def test_refuses_what_was_stopped_before_and_names_it(self, world: World, as_staff: Client) -> None:
        payment = world.payments["Trần Văn Ân"]
        Payment.objects.filter(pk=payment.pk).apply(Cause.STOP, now=NOW)

        answer = as_staff("CHECKER", "971").post(
            f"/api/payments/{payment.pk}/stop/", {"reason": "Lần hai."}, format="json"
        )

        assert (answer.status_code, answer.json()["code"], answer.json()["conflicts"]) == (
            409,
            "CANNOT_STOP",
            [payment.end_to_end_id],
        )
        assert not Case.objects.exists()


class TestSigning:
    def test_three_people_bring_a_list_to_release(self, world: World, as_staff: Client, bank: FakeTransfers) -> None:
        batch = world.lists["971", "ACCOUNT"].pk

        as_staff("MAKER", "971").post(f"/api/batches/{batch}/submit/")
        as_staff("CHECKER", "971").post(f"/api/batches/{batch}/approve/")
        answer = as_staff("RELEASER", "971").post(f"/api/batches/{batch}/release/").json()

        assert answer["status"] == "RELEASED"
        assert answer["progress"] == [{"status": "READY", "people": 2, "amount": 1_500_000}]
        assert [(row["step"], row["name"]) for row in answer["signatures"]] == [
            ("MAKER", "MAKER 971"),
            ("CHECKER", "CHECKER 971"),
            ("RELEASER", "RELEASER 971"),
        ]
        assert all(row["signed_at"].endswith("+07:00") for row in answer["signatures"])

    def test_gives_back_with_a_note_as_a_new_revision(self, world: World, as_staff: Client) -> None:
        batch = world.lists["971", "ACCOUNT"].pk
        as_staff("MAKER", "971").post(f"/api/batches/{batch}/submit/")

        answer = (
            as_staff("CHECKER", "971")
            .post(f"/api/batches/{batch}/return/", {"note": "Thiếu quyết định."}, format="json")
            .json()
        )

        assert (answer["status"], answer["revision"], answer["return_note"]) == ("DRAFT", 2, "Thiếu quyết định.")

    def test_refuses_the_wrong_step_with_code_sentence_and_conflict(self, world: World, as_staff: Client) -> None:
        batch = world.lists["971", "ACCOUNT"].pk

        answer = as_staff("CHECKER", "971").post(f"/api/batches/{batch}/approve/")

        assert answer.status_code == 409
        assert answer.json() == {
            "code": "WRONG_BATCH_STATE",
            "sentence": "Danh sách không ở bước này, mời tải lại trang để xem bước hiện tại.",
            "conflicts": [str(batch)],
        }

    @pytest.mark.parametrize(
        ("role", "step"), [("MAKER", "submit"), ("CHECKER", "approve"), ("RELEASER", "release"), ("CHECKER", "return")]
    )
    def test_a_commune_can_not_act_on_the_list_of_its_district(
        self, role: str, step: str, world: World, as_staff: Client
    ) -> None:
        batch = world.lists["971", "ACCOUNT"].pk

        answer = as_staff(role, "97101").post(f"/api/batches/{batch}/{step}/", {"note": "Sai."}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (403, "NOT_ALLOWED")

    def test_a_note_stays_with_those_who_see_the_whole_list(self, world: World, as_staff: Client) -> None:
        batch = world.lists["971", "ACCOUNT"]
        batch.return_note = "Lê Thị Bình đã chuyển đi."
        batch.save(update_fields=["return_note"])

        notes = [
            as_staff("COMMUNE_OFFICER", unit).get(f"/api/batches/{batch.pk}/").json()["return_note"]
            for unit in ("971", "97101")
        ]

        assert notes == ["Lê Thị Bình đã chuyển đi.", ""]

    def test_releases_nothing_while_the_bank_is_silent(
        self, world: World, as_staff: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        batch = world.lists["971", "ACCOUNT"].pk
        as_staff("MAKER", "971").post(f"/api/batches/{batch}/submit/")
        as_staff("CHECKER", "971").post(f"/api/batches/{batch}/approve/")
        monkeypatch.setattr("payments.api.signing.the_bank", SilentBank)

        answer = as_staff("RELEASER", "971").post(f"/api/batches/{batch}/release/")

        assert (answer.status_code, answer.json()["code"]) == (503, "BANK_SILENT")
        assert set(Payment.objects.filter(batch=batch).values_list("status", flat=True)) == {"DRAFT"}


class SilentBank:
    def balance(self, financial_account: str) -> int:
        raise BankUnavailable


class TestCycles:
    def test_shows_figures_of_the_own_reach(self, world: World, as_staff: Client) -> None:
        answer = as_staff("LEADER", "97201").get("/api/cycles/2024-08/").json()

        assert answer["total"] == {"people": 1, "amount": 750_000}
        assert answer["lists"] == [{"status": "DRAFT", "lists": 1}]
        assert answer["not_payable"] == []

    def test_counts_who_stands_on_two_lists_once_wherever_they_have_come(
        self, world: World, as_staff: Client, bank: FakeTransfers
    ) -> None:
        """A gift in hand beside the month's allowance through the account: one is on its way, the other not."""
        one = world.payments["Lê Thị Bình"]
        gift = world.add_list("971", cycle=one.batch.cycle, channel="CASH")
        world.pay(gift, one.beneficiary, account=None, amount=600_000)
        for role, step in [("MAKER", "submit"), ("CHECKER", "approve"), ("RELEASER", "release")]:
            assert as_staff(role, "971").post(f"/api/batches/{one.batch_id}/{step}/").status_code == 200

        answer = as_staff("LEADER", "971").get("/api/cycles/2024-08/").json()

        assert [(step["status"], step["people"]) for step in answer["progress"]] == [("DRAFT", 1), ("READY", 2)]
        assert answer["total"] == {"people": 2, "amount": 2_100_000}

    def test_says_why_people_are_due_nothing(self, world: World, as_staff: Client) -> None:
        person = world.add_person("Đỗ Văn Dũng", unit="97101")
        cycle = world.lists["971", "ACCOUNT"].cycle
        world.due(world.enrol(person), cycle=cycle, payment=None, not_payable_reason="NO_DECISION")

        answer = as_staff("LEADER", "971").get("/api/cycles/2024-08/").json()

        assert answer["not_payable"] == [
            {"reason": "NO_DECISION", "reason_label": "Chưa có quyết định hưởng", "people": 1}
        ]

    @pytest.mark.parametrize("month", ["2024-07", "2024-13", "tháng-8"])
    def test_knows_no_other_month(self, month: str, world: World, as_staff: Client) -> None:
        assert as_staff("LEADER", "97").get(f"/api/cycles/{month}/").status_code == 404
