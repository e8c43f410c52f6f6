"""The truth and the files tell one story."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from tests.independent.raw_files import Row, all_rows, folded, residents_with, rows_below_heading, twelve_digits

MONTHS = ("07", "08", "09")
FAILURE_CODES = {
    "closed": "ACCOUNT_CLOSED",
    "frozen": "ACCOUNT_BLOCKED",
    "restricted": "ACCOUNT_BLOCKED",
    "ownership_changed": "RETURNED",
    "name_mismatch": "NAME_MISMATCH",
    "declined": "DECLINED",
}


@pytest.fixture(scope="module")
def truth(middle_sample: Path) -> dict[str, Any]:
    return json.loads((middle_sample / "truth" / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def registry(middle_sample: Path) -> dict[str, Row]:
    return {row["Mã hồ sơ hưởng"]: row for _, row in all_rows(middle_sample / "registries")}


@pytest.fixture(scope="module")
def reviews(middle_sample: Path) -> dict[str, Row]:
    return {row["Mã hồ sơ hưởng"]: row for _, row in all_rows(middle_sample / "reviews")}


@pytest.fixture(scope="module")
def stops(middle_sample: Path) -> dict[str, Row]:
    return {row["Mã hồ sơ hưởng"]: row for _, row in all_rows(middle_sample / "decisions")}


@pytest.fixture(scope="module")
def accounts(middle_sample: Path) -> dict[str, Row]:
    lists = sorted((middle_sample / "accounts").glob("*.xlsx"))
    return {
        row["Mã hồ sơ hưởng"]: row | {"bin": path.name.split("_")[1], "list": path.name[:7]}
        for path in lists
        for row in rows_below_heading(path)
    }


class TestReviews:
    def test_every_row_an_exact_match_does_not_confirm_is_answered_or_left_open_harmlessly(
        self, middle_sample: Path, registry: dict[str, Row], reviews: dict[str, Row], accounts: dict[str, Row]
    ):
        typed = {code: twelve_digits(row["Số định danh cá nhân/CMND"]) for code, row in registry.items()}
        residents = residents_with(set(typed.values()), sample=middle_sample)

        def confirmed(code: str, row: Row) -> bool:
            resident = residents.get(typed[code])
            return resident is not None and (
                resident.name == folded(row["Họ và tên"])
                and row["Ngày sinh"].endswith(resident.birth_year)
                and resident.sex == row["Giới tính"]
            )

        left_open = [code for code, row in registry.items() if code not in reviews and not confirmed(code, row)]
        assert 5 <= len(left_open) <= 40
        assert all(code not in accounts or registry[code]["Số tài khoản đang nhận"] for code in left_open)

    def test_the_right_number_is_the_true_one_and_in_the_extract(
        self, reviews: dict[str, Row], truth_rows: list[Row], numbers: set[str]
    ):
        true_numbers = {row["ma_ho_so"]: row["true_number"] for row in truth_rows}
        right = {code: row["Số định danh đúng"] for code, row in reviews.items() if row["Kết quả"] == "Đúng người"}

        assert right
        assert all(number == true_numbers[code] and number in numbers for code, number in right.items())

    def test_people_not_found_are_really_absent(
        self, reviews: dict[str, Row], truth_rows: list[Row], numbers: set[str]
    ):
        absent = [row for row in truth_rows if reviews.get(row["ma_ho_so"], {}).get("Kết quả") == "Không tìm thấy"]

        assert absent
        assert all(row["true_number"] not in numbers for row in absent)

    def test_somebody_elses_number_belongs_to_a_resident(
        self, reviews: dict[str, Row], registry: dict[str, Row], numbers: set[str]
    ):
        conflicts = [code for code, row in reviews.items() if row["Kết quả"] == "Số của người khác"]

        assert conflicts
        assert all(registry[code]["Số định danh cá nhân/CMND"] in numbers for code in conflicts)

    def test_each_duplicate_is_stopped_from_july_and_its_original_goes_on(
        self, reviews: dict[str, Row], stops: dict[str, Row], truth_rows: list[Row]
    ):
        people = {row["ma_ho_so"]: row["person"] for row in truth_rows}
        duplicates = {code: row["Mã hồ sơ trùng"] for code, row in reviews.items() if row["Kết quả"] == "Trùng"}

        assert duplicates
        assert all(stops[code]["Hiệu lực từ tháng"] == "07/2024" for code in duplicates)
        assert all(original not in stops and people[code] == people[original] for code, original in duplicates.items())


class TestMoney:
    def test_every_outcome_of_an_account_follows_from_the_banks_own_truth(
        self, middle_sample: Path, truth_rows: list[Row]
    ):
        with (middle_sample / "bank" / "accounts.csv").open(encoding="utf-8", newline="") as file:
            lines = sorted(csv.DictReader(file), key=lambda line: line["from_date"])
        paid = [(row, month) for row in truth_rows for month in MONTHS if row[f"channel_{month}"] == "ACCOUNT"]

        def status_on_payment_day(row: Row, month: str) -> str:
            known = [
                line["status"] for line in lines
                if line["account_number"] == row["account_number"] and line["routing_number"] == row["account_bin"]
                and line["from_date"] <= f"2024-{month}-05"
            ]  # fmt: skip
            return known[-1] if known else "missing"

        failed = [(row, month) for row, month in paid if row[f"outcome_{month}"] != "CREDITED"]
        sample = failed + [pair for pair in paid if pair not in failed][:150]
        outcomes = {"open": "CREDITED", "declined": "FAILED"}
        assert failed
        assert all(
            row[f"outcome_{month}"] == outcomes.get(status_on_payment_day(row, month), "RETURNED")
            for row, month in sample
        )

    def test_after_a_return_the_money_comes_in_cash_with_the_banks_reason(self, truth_rows: list[Row]):
        pairs = [
            (row, month, after)
            for row in truth_rows
            for month, after in (("07", "08"), ("08", "09"))
            if row[f"outcome_{month}"] in ("RETURNED", "FAILED") and row[f"channel_{after}"]
        ]

        assert pairs
        for row, month, after in pairs:
            lost = sum(int(row[f"{part}_{month}"]) for part in ("regular", "arrears", "carried"))
            assert row[f"channel_{after}"] == "CASH"
            assert row[f"reason_{after}"] in {*FAILURE_CODES.values(), "INVALID_ACCOUNT"}
            assert int(row[f"carried_{after}"]) == lost

    def test_august_carries_the_difference_of_julys_rate(self, truth_rows: list[Row]):
        both = [row for row in truth_rows if int(row["regular_07"] or 0) and int(row["regular_08"] or 0)]

        assert both
        assert all(int(row["regular_07"]) + int(row["arrears_08"]) == int(row["regular_08"]) for row in both)
        assert all(row["arrears_08"] in ("", "0") for row in truth_rows if row["starts"] == "8")
        assert all(row["arrears_09"] in ("", "0") for row in truth_rows)

    def test_unclaimed_june_money_is_at_junes_rate_and_carried_into_july(
        self, middle_sample: Path, registry: dict[str, Row], truth_rows: list[Row]
    ):
        unclaimed = {row["Mã hồ sơ hưởng"]: int(row["Số tiền"]) for _, row in all_rows(middle_sample / "unclaimed")}
        carried = {row["ma_ho_so"]: int(row["carried_07"]) for row in truth_rows if row["carried_07"] not in ("", "0")}
        paid_to_may = {code for code, row in registry.items() if row["Đã chi trả đến hết tháng"] == "05/2024"}

        assert unclaimed == carried
        assert unclaimed.keys() == paid_to_may

    def test_the_cash_script_names_exactly_the_payments_not_collected(self, middle_sample: Path, truth_rows: list[Row]):
        with (middle_sample / "cash" / "khong_den_nhan.csv").open(encoding="utf-8", newline="") as file:
            script = {(line["ma_ho_so"], line["month"][-2:]) for line in csv.DictReader(file)}

        assert script == {
            (row["ma_ho_so"], month)
            for row in truth_rows
            for month in MONTHS
            if row[f"outcome_{month}"] == "NOT_COLLECTED"
        }


class TestAccounts:
    def test_a_new_account_is_used_only_when_holder_and_payee_are_the_same(
        self, registry: dict[str, Row], accounts: dict[str, Row], truth_rows: list[Row]
    ):
        used = [
            row for row in truth_rows
            if row["ma_ho_so"] in accounts and row["paid_before"] == "0" and "ACCOUNT" in {row[f"channel_{m}"] for m in MONTHS}
        ]  # fmt: skip

        def payee(code: str) -> str:
            return registry[code]["Người nhận thay"] or registry[code]["Họ và tên"]

        assert used
        assert all(
            folded(accounts[row["ma_ho_so"]]["Tên chủ tài khoản"]) == folded(payee(row["ma_ho_so"])) for row in used
        )
        assert all(accounts[row["ma_ho_so"]]["Tình trạng"] == "Hoạt động" for row in used)

    def test_every_account_paid_in_june_is_on_a_banks_list_of_june(
        self, registry: dict[str, Row], accounts: dict[str, Row]
    ):
        paid = [
            code for code, row in registry.items() if row["Số tài khoản đang nhận"] and row["Mã chính sách"] != "CSND"
        ]
        named = [code for code in paid if code in accounts]

        assert len(named) >= len(paid) * 0.98  # the rest are second enrolments of people named by their first
        assert all(accounts[code]["list"] == "2024-06" for code in named)
        assert all(accounts[code]["Số tài khoản"] == registry[code]["Số tài khoản đang nhận"] for code in named)

    def test_a_name_that_differs_is_why_the_money_comes_in_cash(
        self, registry: dict[str, Row], accounts: dict[str, Row], truth_rows: list[Row]
    ):
        rows = [
            row for row in truth_rows if row["reason_09"] == "NAME_MISMATCH" and not row["outcome_07"].startswith("RET")
        ]
        never_tried = [row for row in rows if "ACCOUNT" not in {row[f"channel_{month}"] for month in MONTHS}]

        assert never_tried
        assert all(
            folded(accounts[row["person"]]["Tên chủ tài khoản"])
            != folded(registry[row["person"]]["Người nhận thay"] or row["true_name"])
            for row in never_tried
        )


class TestFigures:
    def test_communes_and_programmes_add_up_to_the_province(self, truth: dict[str, Any]):
        headline = truth["headline"]
        communes = truth["communes"].values()

        for key in ("beneficiaries", "accounts_opened", "paid_cashless", "account_money", "cash_money"):
            assert sum(commune[key] for commune in communes) == headline[key]
        assert sum(group["account_money"] for group in truth["programmes"].values()) == headline["account_money"]

    def test_everybody_is_paid_by_account_or_in_cash_or_not_at_all(self, truth: dict[str, Any]):
        for commune in truth["communes"].values():
            split = commune["paid_cashless"] + commune["paid_in_cash"] + commune["unpaid"]
            assert split == commune["beneficiaries"]

    def test_those_with_an_account_not_paid_through_it_have_a_reason_each(self, truth: dict[str, Any]):
        headline, gap = truth["headline"], truth["not_paid_through_account"]

        assert gap["people"] == headline["accounts_opened"] - headline["paid_cashless"]
        assert sum(reason["people"] for reason in gap["by_account_reason"].values()) == gap["people"]
        assert gap["paid_in_cash"] + gap["unpaid"] == gap["people"]
        assert sum(gap["unpaid_by_reason"].values()) == gap["unpaid"]
