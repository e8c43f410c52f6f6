"""Levels stand beside their law or "chưa kiểm chứng"; a corrected one comes with its document and a second person's yes."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from beneficiaries.models import Coefficient, LevelProposal, StandardAmount
from beneficiaries.parsers.levels import COLUMNS
from staff.models import CalendarDay, HistoryRow, PaperReading
from tests.api.world import NOW, World
from tests.beneficiaries.office_files import table

Client = Callable[[str, str], APIClient]
PDF = b"%PDF-1.7\nphu luc"
ROW = {
    "code": "TB-1", "kind": "Hệ số", "value": "1,35", "valid_from": "01/07/2021", "known_on": "24/07/2021",
    "source": "Nghị định 75/2021/NĐ-CP, phụ lục I",
}  # fmt: skip
STANDARD = {
    "code": "TCXH", "kind": "Mức chuẩn", "value": "700.000", "valid_from": "01/01/2027", "known_on": "01/12/2026",
    "source": "Nghị định mới",
}  # fmt: skip
PROPOSALS = "/api/rules/level-proposals/"


def propose(client: APIClient, *rows: dict[str, object], paper: bytes = PDF):
    content = table([{**ROW, **row} for row in rows], columns=COLUMNS)
    body = {"file": SimpleUploadedFile("muc.xlsx", content), "paper": SimpleUploadedFile("nd.pdf", paper)}
    return client.post(PROPOSALS, body, format="multipart")


def decide(client: APIClient, *ids: int, adopt: bool = True):
    body = {"proposals": ids, "adopt": adopt, "note": "Đã đối chiếu phụ lục."}
    return client.post(f"{PROPOSALS}decide/", body, format="json")


def level(client: APIClient, category: str, on: str = "2024-08-01") -> dict[str, object]:
    rows = client.get(f"/api/rules/levels/?on={on}").json()
    return next(row for row in rows if row["category"] == category)


class TestTheReferenceList:
    def test_gives_the_amount_beside_its_law(self, world: World, as_staff: Client) -> None:
        found = level(as_staff("LEADER", "971"), "CT-60")
        assert (found["amount"], found["coefficient_source"], found["standard_source"], found["remark"]) == (
            750_000, "Nghị định 20/2021/NĐ-CP, điều 6", "Nghị định 76/2024/NĐ-CP", "",
        )  # fmt: skip

    def test_says_of_what_nobody_verified_that_nobody_did(self, world: World, as_staff: Client) -> None:
        rows = as_staff("MAKER", "97").get("/api/rules/levels/?on=2024-08-01").json()
        unverified = {row["category"] for row in rows if row["remark"] == "chưa kiểm chứng"}
        assert unverified == {"TB-1", "BB-1", "TNLS"}
        assert {row["category"] for row in rows if not row["verified"]} == unverified

    def test_names_no_illness(self, world: World, as_staff: Client) -> None:
        assert "HIV" not in as_staff("LEADER", "97").get("/api/rules/levels/").content.decode()

    def test_says_of_days_off_without_a_decision_that_nobody_verified_them(
        self, world: World, as_staff: Client
    ) -> None:
        CalendarDay.objects.filter(day="2024-01-01").update(legal_source="Bộ luật Lao động, điều 112")
        rows = as_staff("MAKER", "97").get("/api/rules/days-off/?year=2024").json()
        remarks = {row["day"]: row["remark"] for row in rows}
        assert remarks.pop("2024-01-01") == ""
        assert set(remarks.values()) == {"chưa kiểm chứng"}


class TestACorrectedLevel:
    def test_holds_from_the_second_persons_yes_on(self, world: World, as_staff: Client) -> None:
        checker, releaser = as_staff("CHECKER", "97"), as_staff("RELEASER", "97")
        answer = propose(checker, {}, STANDARD)
        ids = [row["id"] for row in answer.json()]
        before = level(checker, "TB-1")["coefficient"]
        decided = decide(releaser, *ids)

        assert (answer.status_code, decided.json()) == (201, {"decided": 2})
        assert before == "1.20"
        after = level(checker, "TB-1")
        assert (after["coefficient"], after["remark"], after["coefficient_source"]) == ("1.35", "", ROW["source"])
        assert StandardAmount.objects.get(programme__code="TCXH", valid_from="2027-01-01").amount == 700_000
        assert Coefficient.objects.filter(category__code="TB-1").count() == 1
        assert HistoryRow.objects.filter(relation="beneficiaries_coefficient").exists()
        assert checker.get(f"{PROPOSALS}?status=ADOPTED").json()["count"] == 2

    def test_refused_changes_nothing(self, world: World, as_staff: Client) -> None:
        (row,) = propose(as_staff("CHECKER", "97"), {}).json()
        decide(as_staff("RELEASER", "97"), row["id"], adopt=False)
        assert Coefficient.objects.get(category__code="TB-1").value == Decimal("1.2")
        assert decide(as_staff("RELEASER", "97"), row["id"]).json()["code"] == "LEVEL_ALREADY_DECIDED"

    def test_is_the_provinces_and_never_one_persons(self, world: World, as_staff: Client) -> None:
        assert propose(as_staff("CHECKER", "971"), {}).status_code == 403
        assert propose(as_staff("MAKER", "97"), {}).status_code == 403
        (row,) = propose(as_staff("CHECKER", "97"), {}).json()
        assert decide(as_staff("CHECKER", "97"), row["id"]).status_code == 403
        assert decide(as_staff("RELEASER", "971"), row["id"]).status_code == 403
        own = LevelProposal.objects.get(pk=row["id"])
        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            LevelProposal.objects.filter(pk=own.pk).update(
                status="ADOPTED", decided_by=own.proposed_by_id, decided_at=NOW
            )
        with pytest.raises(IntegrityError, match="as it was proposed"), transaction.atomic():
            LevelProposal.objects.filter(pk=own.pk).update(value=9)

    def test_comes_with_its_document_which_is_kept_and_read(self, world: World, as_staff: Client) -> None:
        checker = as_staff("CHECKER", "97")
        assert propose(checker, {}, paper=b"MZ not a document").json()["code"] == "PAPER_UNREADABLE"
        (row,) = propose(checker, {}).json()
        answer = as_staff("AUDITOR", "971").get(f"{PROPOSALS}{row['id']}/paper/")
        assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
        assert PaperReading.objects.get().kind == "LEVEL"

    @pytest.mark.parametrize(
        ("rows", "named"),
        [
            ([{"value": "nhiều"}], ["Dòng 3: cột “Giá trị”: chỉ có chữ; mời ghi hệ số"]),
            ([{"code": "KHONG-CO"}], ["Dòng 3: cột “Mã nhóm hoặc mã chính sách”: không có mã này"]),
            ([{"source": ""}, {"kind": "?"}], ["Dòng 3: cột “Căn cứ pháp lý”: để trống", "Dòng 4: cột “Loại mức”"]),
            ([{}, {}], ["Dòng 4: cột “Mã nhóm hoặc mã chính sách”: mức này đã có ở dòng trên"]),
        ],
    )
    def test_with_any_bad_row_is_not_kept_and_each_is_named(
        self, rows: list[dict[str, object]], named: list[str], world: World, as_staff: Client
    ) -> None:
        answer = propose(as_staff("CHECKER", "97"), *rows)
        assert answer.json()["code"] == "LEVELS_UNCLEAR"
        assert [said.startswith(name) for said, name in zip(answer.json()["conflicts"], named, strict=True)] == [
            True for _ in named
        ]
        assert not LevelProposal.objects.exists()
