"""Examples of answers about work that is ordered: lists of a month, files of offices, runs of matching; and a month's days."""

from typing import Any

_ORDER = {
    "stage": "DONE", "stage_label": "Đã xong", "under_way": False, "ordered_by": "Nguyễn Thị Lập", "ordered_at": "2024-08-16T09:00:00+07:00",
    "started_at": "2024-08-16T09:00:02+07:00", "finished_at": "2024-08-16T09:00:31+07:00", "problem_code": "", "problem": "", "conflicts": [],
}  # fmt: skip
_FILE = {
    **_ORDER, "id": 7, "kind": "ACCOUNTS", "kind_label": "Danh sách tài khoản của ngân hàng", "file_name": "DS tai khoan T8.xlsx", "unit": "97",
    "bank_bin": "970405",
    "said_on": "2024-08-15", "rows": 412, "applied": 411, "rejected": 1, "repeated": False,
}  # fmt: skip
_RUN = {**_ORDER, "id": 3, "matched": 391, "cases": 21, "duplicates": 2}

SHAPES: dict[str, Any] = {
    "ListOrderRow": {
        **_ORDER, "id": 4, "month": "2024-09", "listed_on": "2024-08-16", "pay_on": "2024-09-05", "months_together": 1, "budget_year": None,
        "built": True,
    },
    "CalendarRow": {
        "month": "2024-09", "changes_close_on": "2024-08-15", "list_on": "2024-08-16", "hand_over_by": "2024-08-23", "pay_on": "2024-09-05",
    },
    "OfficeFileRow": _FILE,
    "OfficeFileDetail": {
        **_FILE, "problems": [{"row": 12, "column": "Số tài khoản", "sentence": "để trống; mời ghi số tài khoản, định dạng ô là văn bản."}],
    },
    "MatchingRow": _RUN,
    "MatchingDetail": {**_RUN, "manifest": {"rules": {"NUMBER_NAME_YEAR": 391}, "matched": 391, "cases": 21, "duplicates": 2}},
    "TrainingRow": {**_ORDER, "id": 2, "version": "tinh-2024-08"},
    "Accepted": {"people": 14},
}  # fmt: skip
