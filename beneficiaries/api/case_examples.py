"""Examples of the API description: one case, its trail, the counts, a pile, a handover."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_CASE = {
    "id": 31,
    "kind": "IDENTITY",
    "kind_label": "Xác minh thông tin",
    "reason": "NUMBER_MISSING",
    "reason_label": "Chưa có số định danh cá nhân",
    "to_do": "Xin số trên thẻ căn cước hoặc giấy khai sinh, ghi vào hồ sơ.",
    "solutions": ["IDENTIFIED"],
    "beneficiary_id": 512,
    "beneficiary": "Trần Văn Ân",
    "birth_year": 1942,
    "hamlet": "Thôn 3",
    "enrolment_id": None,
    "enrolment": None,
    "unit": {"code": "97101", "name": "xã Phước Thuận"},
    "evidence": [],
    "status": "OPEN",
    "status_label": "Đang xử lý",
    "level": "COMMUNE",
    "level_label": "Cấp xã",
    "ease": 1,
    "ease_label": "Dễ: tự làm được",
    "within_authority": True,
    "overdue": False,
    "due_on": "2024-08-19",
    "age_days": 4,
    "owner": "Nguyễn Thị Hoa",
    "mine": True,
    "solution": "",
    "proposed_by": None,
    "note": "Nhận việc",
}
_STEP = {
    "status_before": "OPEN",
    "status_after": "OPEN",
    "level_before": "COMMUNE",
    "level_after": "COMMUNE",
    "owner_after": "Nguyễn Thị Hoa",
    "solution": "",
    "document": "",
    "note": "Nhận việc",
    "decided_by": "Nguyễn Thị Hoa",
    "decided_at": "2024-08-06T08:30:00+07:00",
}
_COUNTS = {
    "live": 12,
    "mine": 3,
    "overdue": 1,
    "unowned": 8,
    "to_confirm": 1,
    "by_kind": {"IDENTITY": 10, "DUPLICATE": 2},
    "by_level": {"COMMUNE": 10, "PROVINCE": 2},
    "by_status": {"OPEN": 11, "PROPOSED": 1},
}
_PILE = {
    "unit_code": "971",
    "unit_name": "huyện Phước Sơn",
    "kind": "IDENTITY",
    "kind_label": "Xác minh thông tin",
    "live": 42,
    "overdue": 7,
    "escalated": 3,
    "oldest_on": "2024-06-18",
}
_HANDOVER = {
    "id": 5,
    "giver": "Nguyễn Thị Hoa",
    "receiver": "Phạm Văn Minh",
    "unit": {"code": "97101", "name": "xã Phước Thuận"},
    "cases": 14,
    "note": "Nghỉ thai sản.",
    "listed_at": "2024-08-06T08:30:00+07:00",
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "signatures": [{"side": "GIVER", "name": "Nguyễn Thị Hoa", "signed_at": "2024-08-06T08:30:00+07:00"}],
    "to_sign": False,
}


def answer(name: str, value: Any, *, status: str = "200") -> list[OpenApiExample]:
    """The one example of an answer."""
    return [OpenApiExample(name, value=value, response_only=True, status_codes=[status])]


CASE_ROW = answer("Một việc", _CASE)
_CANDIDATE = {
    "identity_id": 4711,
    "full_name": "Trần Văn Ân",
    "birth_date": "1942-09-05",
    "birth_year": 1942,
    "sex": "MALE",
    "place": "Thôn 3, xã Phước Thuận",
    "deceased": False,
    "elsewhere": False,
    "proposed": False,
    "evidence": ["+12 họ tên trùng", "+6 năm sinh trùng (danh sách chỉ ghi năm)"],
}
CASE = answer("Một việc và quá trình xử lý", {**_CASE, "trail": [_STEP], "candidates": [_CANDIDATE], "other": None})
COUNTS = answer("Số việc", _COUNTS)
PILE = answer("Việc dồn", _PILE)
HANDOVER = answer("Bản bàn giao", _HANDOVER)
NEW_HANDOVER = answer("Bản bàn giao mới", _HANDOVER, status="201")
