"""What is wrong with a row of any office's list: each column by name, the kind of thing that stands in it, what to write; never the value."""

from datetime import date

import pytest

from beneficiaries.parsers.account_lists import RESULT_COLUMNS, VNEID_COLUMNS, read_opening_results, read_vneid
from beneficiaries.parsers.faults import kind_of
from beneficiaries.parsers.office_lists import (
    ACCOUNT_COLUMNS,
    DECISION_COLUMNS,
    REVIEW_COLUMNS,
    UNCLAIMED_COLUMNS,
    read_accounts,
    read_decisions,
    read_reviews,
    read_unclaimed,
)
from tests.beneficiaries.office_files import table

READERS = [
    (VNEID_COLUMNS, read_vneid, ["Số định danh cá nhân", "Số tài khoản", "Ngày đăng ký"]),
    (RESULT_COLUMNS, read_opening_results, ["Kết quả"]),
    (ACCOUNT_COLUMNS, read_accounts, ["Số tài khoản", "Loại chủ tài khoản"]),
    (DECISION_COLUMNS, read_decisions, ["Loại quyết định", "Ngày quyết định", "Hiệu lực từ tháng"]),
    (REVIEW_COLUMNS, read_reviews, ["Kết quả"]),
    (UNCLAIMED_COLUMNS, read_unclaimed, ["Tháng"]),
]
BAD = "@@ 77 bảy bảy @@"


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (None, "để trống"),
        ("  ", "để trống"),
        ("09704200001", "có 11 chữ số"),
        (97042000001.0, "có 11 chữ số"),
        (1.5, "là số có phần lẻ"),
        ("1,23E+11", "là số bị bảng tính rút gọn (dạng 1,23E+11)"),
        ("chưa có", "chỉ có chữ"),
        ("97O42", "có cả chữ và 4 chữ số"),
        ("---", "chỉ có ký hiệu"),
        (date(2024, 1, 1), "là ngày tháng"),
    ],
)
def test_a_kind_is_said_and_no_value(cell: object, kind: str) -> None:
    assert kind_of(cell) == kind  # type: ignore[arg-type]  # a cell of a file may be anything


@pytest.mark.parametrize(("columns", "read", "named"), READERS)
def test_every_unreadable_column_of_every_list_is_named_with_what_to_write(columns, read, named) -> None:
    content = table([dict.fromkeys(columns, BAD)], columns=columns)

    problems = next(iter(read(content))).problems

    assert [problem.split("”")[0].removeprefix("cột “") for problem in problems] == named
    assert all("; mời ghi " in problem and BAD not in problem and "77" not in problem for problem in problems)


def test_an_opened_account_needs_number_and_day_in_the_words_of_the_form() -> None:
    content = table([{"request": "x", "result": "Đã mở", "number": "", "opened": "hôm qua"}], columns=RESULT_COLUMNS)

    assert next(iter(read_opening_results(content))).problems == (
        "cột “Số tài khoản”: để trống; mời ghi số tài khoản hoặc số ví, chỉ gồm chữ và số, định dạng ô là văn bản.",
        "cột “Ngày mở”: chỉ có chữ; mời ghi dạng 21/11/2026.",
    )
