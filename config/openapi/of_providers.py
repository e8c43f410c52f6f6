"""Examples of answers about providers, money that moves beside payments, grants paid once, and rules of what is owed."""

from typing import Any

_COLUMNS = [
    {"field": "code", "heading": "Mã đối tượng"}, {"field": "name", "heading": "Họ tên"}, {"field": "amount", "heading": "Số tiền"},
]  # fmt: skip

SHAPES: dict[str, Any] = {
    "ProviderBody": {"code": "BUU-DIEN", "name": "Bưu điện tỉnh"},
    "TemplateRow": {
        "id": 4, "channel": "CASH", "columns": _COLUMNS, "headings": {"reason": "Diễn giải"}, "words": {"PAID": ["Đã phát"]},
        "saved_by": "Lê Thị Soát", "saved_at": "2024-07-30T14:00:00+07:00",
    },
    "PointRow": {
        "id": 8, "unit": "97101", "name": "Bưu điện văn hóa xã Phước Thuận", "address": "Thôn 1", "opens": "05–10/8, 7:30–11:00",
        "hamlets": [], "closed_on": None,
    },
    "CashPlaceRow": {
        "unit": "97101", "unit_name": "xã Phước Thuận", "point": "Bưu điện văn hóa xã Phước Thuận", "people": 42, "amount": 31_500_000, "paid_people": 40,
        "handed_out": 30_000_000, "waiting": 0, "to_return": 1_500_000, "held_on": "2024-08-06", "carrier": "Lê Thị Phát", "witness": "Trần Văn Chứng",
        "planned_amount": 31_500_000, "planned_by": "Nguyễn Thị Lập", "returned": 1_500_000, "ended_by": "Trần Văn Kiểm",
    },
    "TransferRow": {
        "id": 5, "kind": "FORWARDED", "kind_label": "Chuyển tổ chức dịch vụ chi trả", "batch": 17, "amount": 297_650_000,
        "reference": "UNC-2024-0815", "treasury_number": "0815/UNC", "booked_on": "2024-08-02", "on_statement": True,
        "recorded_by": "Lê Thị Soát", "recorded_at": "2024-08-02T09:00:00+07:00",
    },
    "GrantRow": {
        "code": "QUA-2-9", "name": "Quà Quốc khánh", "budget_source": "Ngân sách trung ương", "amount": 100_000, "decision": "80/NQ-CP", "granted": 0,
        "listed": 0, "received": 0, "waits_for": None,
    },
    "GrantedBody": {"granted": 413, "already": 0, "taken_back": 0, "amount": 41_300_000, "through_head": 120},
    "FuneralGranted": {"enrolment": 9120, "code": "MTP-97101-12"},
    "ExclusionBody": {
        "programme": "HTXH", "category": None, "other_programme": "TCXH", "other_category": None, "together": False, "valid_from": "2025-07-01",
        "legal_source": "Nghị định 176/2025/NĐ-CP",
    },
    "TopUpBody": {
        "category": "CT-80", "amount": 100_000, "budget_source": "Ngân sách tỉnh", "valid_from": "2024-09-01", "known_on": "2024-08-15",
        "legal_source": "Nghị quyết 15/2024/NQ-HĐND",
    },
    "AgeRuleBody": {"category": "CT-60", "age": 80, "next_category": "CT-80", "ended_on": None},
}  # fmt: skip
