"""Every error rate, measured from the files as a reader meets them."""

import math
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from tests.independent.raw_files import Row, all_rows, folded


@pytest.fixture(scope="module")
def rows(middle_sample: Path) -> list[Row]:
    return [row for _, row in all_rows(middle_sample / "registries")]


def assert_share(found: int, total: int, rate: float) -> None:
    """Within four standard deviations of a binomial, and never none."""
    slack = 4 * math.sqrt(total * rate * (1 - rate))
    assert found > 0
    assert abs(found - total * rate) <= slack


class TestNumbers:
    def test_five_per_cent_are_missing(self, rows: list[Row]):
        # rows whose identity stays open add about 0.4 %
        assert_share(sum(1 for row in rows if not row["Số định danh cá nhân/CMND"]), len(rows), 0.054)

    def test_four_per_cent_are_old_nine_digit_numbers_that_were_never_issued(self, rows: list[Row]):
        old = [row["Số định danh cá nhân/CMND"] for row in rows if len(row["Số định danh cá nhân/CMND"]) == 9]

        assert_share(len(old), len(rows), 0.04)
        assert {number[:2] for number in old} == {"97"}

    def test_one_and_a_half_per_cent_lost_the_leading_zero(self, rows: list[Row]):
        assert_share(sum(1 for row in rows if len(row["Số định danh cá nhân/CMND"]) == 11), len(rows), 0.015)

    def test_some_are_in_scientific_notation_or_contain_spaces_and_dots(self, rows: list[Row]):
        numbers = [row["Số định danh cá nhân/CMND"] for row in rows]

        assert_share(sum(1 for number in numbers if "E+" in number), len(rows), 0.003)
        assert_share(
            sum(1 for number in numbers if "E+" not in number and (" " in number or "." in number)), len(rows), 0.02
        )

    def test_one_digit_wrong_and_two_swapped_happen_and_hit_nobody_else(
        self, rows: list[Row], truth_rows: list[Row], numbers: set[str]
    ):
        typed = {row["Mã hồ sơ hưởng"]: row["Số định danh cá nhân/CMND"] for row in rows}
        wrong = [row for row in truth_rows if "number:digit" in row["defects"]]
        swapped = [row for row in truth_rows if "number:swapped" in row["defects"]]

        assert_share(len(wrong), len(rows), 0.008)
        assert_share(len(swapped), len(rows), 0.004)
        assert all(differing(typed[row["ma_ho_so"]], row["true_number"]) == 1 for row in wrong)
        assert all(differing(typed[row["ma_ho_so"]], row["true_number"]) == 2 for row in swapped)
        assert all(typed[row["ma_ho_so"]] not in numbers for row in (*wrong, *swapped))


def differing(left: str, right: str) -> int:
    return sum(1 for a, b in zip(left, right, strict=True) if a != b)


class TestNames:
    def test_four_per_cent_lack_their_marks_and_two_per_cent_are_decomposed(
        self, rows: list[Row], truth_rows: list[Row]
    ):
        true_names = {row["ma_ho_so"]: row["true_name"] for row in truth_rows}
        typed = {row["Mã hồ sơ hưởng"]: row["Họ và tên"] for row in rows}
        bare = sum(1 for code, name in typed.items() if name.isascii() and not true_names[code].isascii())
        decomposed = sum(1 for name in typed.values() if unicodedata.normalize("NFC", name) != name)

        assert_share(bare, len(rows), 0.04)
        assert_share(decomposed, len(rows), 0.02)

    def test_the_other_damage_appears_too(self, truth_rows: list[Row]):
        kinds = Counter(defect for row in truth_rows for defect in row["defects"].split())

        assert {"name:upper", "name:new_tone", "name:spaces", "name:joined"} <= kinds.keys()

    def test_a_name_that_banks_could_not_compare_never_decides_about_money(self, truth_rows: list[Row]):
        odd = [row for row in truth_rows if "name:joined" in row["defects"] or "name:eth" in row["defects"]]

        assert odd
        assert all(not row["account_number"] or row["paid_before"] == "1" for row in odd)

    def test_every_other_name_folds_to_the_true_one(self, rows: list[Row], truth_rows: list[Row]):
        truth = {row["ma_ho_so"]: row for row in truth_rows}
        plain = [
            row for row in rows
            if "joined" not in truth[row["Mã hồ sơ hưởng"]]["defects"] and "eth" not in truth[row["Mã hồ sơ hưởng"]]["defects"]
        ]  # fmt: skip

        assert all(folded(row["Họ và tên"]) == folded(truth[row["Mã hồ sơ hưởng"]]["true_name"]) for row in plain)


class TestDates:
    def test_six_per_cent_know_the_year_only(self, rows: list[Row]):
        assert_share(sum(1 for row in rows if len(row["Ngày sinh"]) == 4), len(rows), 0.06)

    def test_the_other_forms_appear(self, rows: list[Row], truth_rows: list[Row]):
        kinds = Counter(defect for row in truth_rows for defect in row["defects"].split())

        assert_share(
            sum(1 for row in rows if row["Ngày sinh"].isdigit() and len(row["Ngày sinh"]) == 8), len(rows), 0.02
        )
        assert_share(kinds["date:swapped"], len(rows), 0.005)
        assert_share(kinds["date:default"], len(rows), 0.0145)
