"""Examples of answers about one person's money and about closing a month."""

from typing import Any

from beneficiaries.api.enrolments import EXAMPLE as _ENROLMENT

_STATE = {
    "account": "TKCT-971", "unit_name": "huyện Phước Sơn", "month": "2024-08", "closed": False, "covered": True, "covered_to": "2024-08-31",
    "unsettled": 2, "differences": 1, "open_before": None,
}  # fmt: skip
_DIFFERENCE = {
    "id": 12, "kind": "UNEXPECTED_LINE", "kind_label": "Dòng lạ", "account": "TKCT-971", "statement": 7,
    "sentence": "Dòng sao kê không có khoản chi hoặc khoản cấp tiền tương ứng.", "ours": None, "theirs": -11000, "status": "OPEN", "ground": "",
    "resolution": "", "found_at": "2024-09-01T08:00:00+07:00", "age_days": 4, "owner": None, "answer_due_on": None, "answer_overdue": False,
    "write_off_by": None, "payment": None, "fund_transfer": None, "result_row": None,
    "line": {"id": 90, "booked_on": "2024-08-30", "amount": -11000, "reference": "", "bank_reference": "fee_3"},
}  # fmt: skip

SHAPES: dict[str, Any] = {
    "EnrolmentRow": _ENROLMENT,
    "PersonRow": {
        "id": 498, "full_name": "Trần Văn Ân", "birth_year": 1942, "here": True, "hamlet": "Thôn 3", "unit": "97101", "unit_name": "xã Phước Thuận",
        "enrolments": [_ENROLMENT],
    },
    "AnswerBody": {
        "month": "2024-08", "months": ["2024-08"], "outcome": "PAID", "outcome_label": "Đã chuyển", "amount": 750_000, "deducted": 0, "reason": "",
        "reason_label": "",
        "paid_on": "2024-08-05", "bank": "Agribank", "account_last_four": "4417",
        "sentence": "Tiền tháng 8/2024 (750.000 đồng) đã chuyển vào tài khoản Agribank số cuối 4417 của Ông/Bà ngày 05/08/2024.",
        "next_step": "Nếu chưa thấy tiền, gọi 1900 0000 để cán bộ tra soát với ngân hàng.",
    },
    "CertificateCheck": {
        "known": True,
        "sentence": "Giấy có mã này do UBND xã Phước Thuận in ngày 05/08/2024, cho người có họ tên viết tắt T. V. Â., sinh năm 1942. "
        "So với giấy đang cầm; giấy phải có chữ ký và dấu.",
    },
    "NotSeenOut": {"case": 812, "due_on": "2024-08-16"},
    "PersonPaymentRow": {
        "id": 4711, "ordinal": 1, "end_to_end_id": "a1b2c3d4000001", "beneficiary": "Trần Văn Ân", "beneficiary_id": 498, "birth_year": 1942,
        "unit": {"code": "97101", "name": "xã Phước Thuận"}, "hamlet": "Thôn 3", "payee": "Trần Văn Ân", "amount": 750_000, "months": ["2024-08"],
        "bank": "Agribank", "account_last_four": "4417", "status": "POSTED", "status_label": "Đã ghi có", "cause": "BANK_POSTED",
        "status_at": "2024-08-05T09:30:00+07:00", "credited_on": "2024-08-05", "returned_on": None, "reason": "", "notes": [], "batch": 7, "cycle": "2024-08",
        "programme": "Trợ cấp xã hội hằng tháng",
    },
    "DeathNoticeOut": {"repeated": False, "money": "HELD"},
    "CycleClosing": {
        "month": "2024-08", "closed_at": None, "closed_by": "",
        "unfinished": [
            {
                "id": 7, "programme": "Trợ cấp xã hội hằng tháng", "paying_unit": "huyện Phước Sơn", "channel": "ACCOUNT", "channel_label": "Chuyển khoản",
                "status": "RELEASED", "status_label": "Đã duyệt chi",
            }
        ],
        "waiting": [{"code": "KC-2024-3", "name": "Trợ giúp khẩn cấp", "people": 2}],
    },
    "PeriodStateRow": _STATE,
    "PeriodDetail": {
        "state": _STATE,
        "earlier_open": ["2024-07"],
        "unsettled_lists": [
            {
                "id": 7, "cycle": "2024-08", "programme": "Trợ cấp xã hội hằng tháng", "paying_unit": "huyện Phước Sơn", "channel_label": "Chuyển khoản",
                "payments": 2,
            }
        ],
        "differences": [_DIFFERENCE],
        "carried": [{"discrepancy": 12, "month": "2024-07", "note": "Chờ ngân hàng trả lời.", "made_by": "Lê Thị Soát"}],
        "steps": [],
    },
}  # fmt: skip
