"""Decisions, moving, dry run and closing through the API: who may, where, and what is said when it is refused."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from beneficiaries.models import Decision, DecisionPaper, Enrolment
from tests.api.world import World

Client = Callable[[str, str], APIClient]
STOP = {
    "kind": "STOP",
    "number": "7/QĐ-UBND",
    "signer": "Nguyễn Văn Chủ, Chủ tịch UBND",
    "signed_on": "2024-07-10",
    "effective_month": "2024-09",
}
ROLES = ["COMMUNE_OFFICER", "MAKER", "CHECKER", "RELEASER", "LEADER", "AUDITOR"]


@pytest.fixture
def enrolment(world: World) -> Enrolment:
    """Trần Văn Ân's, of 97101."""
    enrolment = world.people["Trần Văn Ân"].enrolments.get()
    Decision.objects.create(
        enrolment=enrolment, kind="GRANT", number="1", signed_on="2024-01-02", effective_month="2024-01-01"
    )
    return enrolment


def address(enrolment: Enrolment, what: str = "decisions") -> str:
    return f"/api/enrolments/{enrolment.pk}/{what}/"


class TestRecording:
    @pytest.mark.parametrize(("role", "status"), list(zip(ROLES, [201, 201, 403, 403, 403, 403], strict=True)))
    def test_is_for_who_decides(self, enrolment, as_staff: Client, role, status) -> None:
        assert as_staff(role, "971").post(address(enrolment), STOP, format="json").status_code == status
        assert Decision.objects.filter(kind="STOP").exists() == (status == 201)

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_outside_the_scope_the_enrolment_does_not_exist(self, enrolment, as_staff: Client, method) -> None:
        client = as_staff("COMMUNE_OFFICER", "97102")
        nobodys = getattr(client, method)("/api/enrolments/999999/decisions/", STOP)
        answer = getattr(client, method)(address(enrolment), STOP)

        assert (answer.status_code, answer.json()) == (404, nobodys.json())

    def test_takes_effect_and_says_so(self, enrolment, as_staff: Client) -> None:
        answer = as_staff("COMMUNE_OFFICER", "97101").post(address(enrolment), STOP, format="json")

        enrolment.refresh_from_db()
        assert (answer.json()["effective_month"], f"{enrolment.ended_month:%Y-%m}") == ("2024-09", "2024-09")
        assert Decision.objects.get(kind="STOP").recorded_by.role == "COMMUNE_OFFICER"

    def test_again_is_the_same_decision(self, enrolment, as_staff: Client) -> None:
        client = as_staff("MAKER", "971")
        ids = {client.post(address(enrolment), STOP, format="json").json()["id"] for _ in range(2)}

        assert len(ids) == 1

    def test_under_the_same_number_but_of_another_month_is_not_passed_over_in_silence(
        self, enrolment, as_staff: Client
    ) -> None:
        client = as_staff("MAKER", "971")
        client.post(address(enrolment), STOP, format="json")
        answer = client.post(address(enrolment), {**STOP, "effective_month": "2024-08"}, format="json")

        assert (answer.status_code, answer.json()["code"]) == (409, "DECISION_IMPOSSIBLE")
        assert "đã ghi với nội dung khác" in answer.json()["sentence"]

    def test_of_a_number_recorded_that_year_with_another_day_is_asked_about(self, enrolment, as_staff: Client) -> None:
        client = as_staff("MAKER", "971")
        client.post(address(enrolment), STOP, format="json")
        again = client.post(address(enrolment), {**STOP, "signed_on": "2024-07-11"}, format="json")

        assert (again.status_code, "đã ghi với ngày ký 10/07/2024" in again.json()["sentence"]) == (409, True)
        assert Decision.objects.filter(kind="STOP").count() == 1
        next_year = {**STOP, "signed_on": "2023-07-10"}
        assert client.post(address(enrolment), next_year, format="json").status_code == 201

    def test_that_can_not_follow_is_refused_with_the_reason(self, enrolment, as_staff: Client) -> None:
        body = {**STOP, "kind": "RESUME", "pay_between": True}
        answer = as_staff("MAKER", "971").post(address(enrolment), body, format="json")

        assert (answer.status_code, answer.json()["code"]) == (409, "DECISION_IMPOSSIBLE")
        assert answer.json()["sentence"] == "Hồ sơ đang hưởng, không ghi được quyết định tiếp tục hưởng."

    @pytest.mark.parametrize(
        "changes", [{"effective_month": "09/2024"}, {"coefficient": "2.0"}, {"kind": "TRANSFER_IN"}, {"number": ""}]
    )
    def test_that_is_not_one_is_invalid(self, enrolment, as_staff: Client, changes) -> None:
        answer = as_staff("MAKER", "971").post(address(enrolment), {**STOP, **changes}, format="json")

        assert (answer.status_code, Decision.objects.count()) == (400, 1)

    def test_keeps_the_paper_sealed(self, enrolment, as_staff: Client) -> None:
        paper = SimpleUploadedFile("quyet-dinh.pdf", b"%PDF-1.7 noi dung", content_type="application/pdf")
        answer = as_staff("MAKER", "971").post(address(enrolment), {**STOP, "paper": paper}, format="multipart")

        assert (answer.status_code, answer.json()["has_paper"]) == (201, True)
        assert b"noi dung" not in bytes(Decision.objects.get(kind="STOP").paper.sealed)

    def test_that_is_refused_leaves_no_paper_behind(self, enrolment, as_staff: Client) -> None:
        paper = SimpleUploadedFile("quyet-dinh.pdf", b"%PDF-1.7 bi tu choi", content_type="application/pdf")
        refused = {**STOP, "kind": "RESUME", "pay_between": True, "paper": paper}
        answer = as_staff("MAKER", "971").post(address(enrolment), refused, format="multipart")

        assert answer.status_code == 409
        assert not DecisionPaper.objects.exists()


class TestMovingIn:
    def test_only_who_the_papers_went_to_finds_it(self, enrolment, as_staff: Client) -> None:
        out = {**STOP, "kind": "TRANSFER_OUT", "last_month": "2024-08", "to_unit": "97201"}
        assert as_staff("COMMUNE_OFFICER", "97101").post(address(enrolment), out, format="json").status_code == 201
        body = {
            "code": "97201-000009",
            "number": "8/QĐ-UBND",
            "signer": "Nguyễn Văn Chủ, Chủ tịch UBND",
            "signed_on": "2024-08-10",
        }
        there = address(enrolment, "move-in")

        assert as_staff("COMMUNE_OFFICER", "97102").post(there, body, format="json").status_code == 404
        answer = as_staff("COMMUNE_OFFICER", "97201").post(there, body, format="json")
        assert (answer.status_code, answer.json()["effective_month"]) == (201, "2024-09")
        assert as_staff("COMMUNE_OFFICER", "97201").post(there, body, format="json").status_code == 409


class TestMonths:
    def test_a_dry_run_shows_the_own_scope(self, enrolment, as_staff: Client) -> None:
        answer = as_staff("MAKER", "971").post("/api/cycles/2024-09/dry-run/", {"unit": "97101"}, format="json")

        assert answer.status_code == 200
        assert [row["code"] for row in answer.json()["communes"]] == ["97101"]
        assert [person["category"] for person in answer.json()["people"]] == ["N03"]

    def test_a_dry_run_of_another_unit_does_not_exist(self, enrolment, as_staff: Client) -> None:
        answer = as_staff("MAKER", "971").post("/api/cycles/2024-09/dry-run/", {"unit": "97201"}, format="json")

        assert answer.status_code == 404

    def test_a_cycle_is_closed_by_the_provinces_checker_when_it_is_done(self, world, as_staff: Client) -> None:
        assert as_staff("CHECKER", "971").post("/api/cycles/2024-08/close/").status_code == 403
        answer = as_staff("CHECKER", "97").post("/api/cycles/2024-08/close/")
        assert (answer.status_code, answer.json()["code"]) == (409, "CYCLE_NOT_FINISHED")


class TestFinding:
    """The way from a paper in hand to the addresses of its person."""

    def find(self, client: APIClient, **asked: object) -> list[dict[str, object]]:
        answer = client.post("/api/enrolments/", asked, format="json")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def test_leads_from_a_code_or_a_name_to_the_enrolment(self, enrolment, as_staff: Client) -> None:
        client = as_staff("COMMUNE_OFFICER", "97101")

        for asked in ({"code": enrolment.code}, {"name": "trần  văn ân"}):
            (found,) = self.find(client, **asked)
            assert (found["id"], found["beneficiary_id"]) == (enrolment.pk, enrolment.beneficiary_id)
            assert found["standing_label"] == "đang hưởng"

    def test_finds_nobody_elsewhere_and_nobody_at_all_without_a_question(self, enrolment, as_staff: Client) -> None:
        client = as_staff("COMMUNE_OFFICER", "97102")

        assert self.find(client, code=enrolment.code) == []
        assert self.find(client, arriving=True) == []
        assert client.post("/api/enrolments/", {"name": " "}, format="json").status_code == 400

    def test_who_was_sent_here_is_found_and_taken_in_before_any_list_asks(self, enrolment, as_staff: Client) -> None:
        out = {
            **STOP,
            "kind": "TRANSFER_OUT",
            "effective_month": "2024-09",
            "last_month": "2024-08",
            "to_unit": "97102",
        }
        assert as_staff("MAKER", "971").post(address(enrolment), out, format="json").status_code == 201
        there = as_staff("COMMUNE_OFFICER", "97102")

        (found,) = self.find(there, arriving=True)
        body = {
            "code": "HS-MOI",
            "number": "9/QĐ",
            "signer": "Nguyễn Văn Chủ, Chủ tịch UBND",
            "signed_on": "2024-07-15",
        }
        assert there.post(f"/api/enrolments/{found['id']}/move-in/", body, format="json").status_code == 201
        assert self.find(there, arriving=True) == []
        assert [row["code"] for row in self.find(there, name="Trần Văn Ân")] == ["HS-MOI"]


OUT = {**STOP, "kind": "TRANSFER_OUT", "effective_month": "2024-09", "last_month": "2024-08", "to_unit": "97102"}
IN = {"code": "HS-MOI", "number": "9/QĐ", "signer": "Nguyễn Văn Chủ, Chủ tịch UBND", "signed_on": "2024-07-15"}
BACK = {**STOP, "kind": "RESUME", "number": "8/QĐ-UBND", "signed_on": "2024-07-12", "pay_between": "true"}


class TestAMoveThatDidNotComeAbout:
    """The commune it was sent to is told what happened to it, by whom and when, and the sender's own page says so."""

    @pytest.fixture
    def sent(self, enrolment: Enrolment, as_staff: Client) -> Enrolment:
        assert as_staff("MAKER", "971").post(address(enrolment), OUT, format="json").status_code == 201
        return enrolment

    def take_in(self, enrolment: Enrolment, as_staff: Client, unit: str = "97102") -> tuple[int, str]:
        answer = as_staff("COMMUNE_OFFICER", unit).post(address(enrolment, "move-in"), IN, format="json")
        return answer.status_code, answer.json()["sentence"]

    def shown(self, enrolment: Enrolment, as_staff: Client) -> str:
        rows = as_staff("COMMUNE_OFFICER", "97101").get(address(enrolment)).json()
        return next(row["move_undone"] for row in rows if row["kind"] == "TRANSFER_OUT")

    def test_because_the_sender_took_it_back(self, sent: Enrolment, as_staff: Client) -> None:
        assert self.shown(sent, as_staff) == ""
        assert as_staff("MAKER", "971").post(address(sent), BACK, format="json").status_code == 201
        status, sentence = self.take_in(sent, as_staff)
        by = Decision.objects.get(kind="RESUME").recorded_by

        assert status == 409
        assert "đã hủy việc chuyển" in sentence and "8/QĐ-UBND ngày 12/07/2024" in sentence and by.full_name in sentence
        assert "8/QĐ-UBND" in self.shown(sent, as_staff)

    def test_because_the_receiver_gave_it_back(self, sent: Enrolment, as_staff: Client) -> None:
        there = as_staff("COMMUNE_OFFICER", "97102")
        given = {"reason": "Không cư trú tại phường"}
        assert there.post(address(sent, "move-in/refuse"), given, format="json").status_code == 200

        assert self.take_in(sent, as_staff)[0] == 409
        assert "Không cư trú tại phường" in self.take_in(sent, as_staff)[1]
        assert "đã trả hồ sơ lại nơi cũ" in self.shown(sent, as_staff)

    def test_is_told_to_nobody_it_was_not_sent_to(self, sent: Enrolment, as_staff: Client) -> None:
        as_staff("MAKER", "971").post(address(sent), BACK, format="json")

        assert self.take_in(sent, as_staff, unit="97201") == (404, "Không tìm thấy.")
