"""Examples of answers about accounts, their opening, payees and slips."""

from typing import Any

_ACCOUNT = {
    "id": 88, "beneficiary_id": 512, "full_name": "Trần Văn Ân", "unit": "97101", "status": "VERIFIED", "reason": "", "origin": "SLIP",
    "bank": "Agribank", "last_four": "6789", "holder_name": "TRAN VAN AN", "holder_kind": "OWN", "name_verdict": "SAME", "name_score": 100,
    "opened_on": "2024-06-12", "verified_on": "2024-06-14", "closed_on": None,
}  # fmt: skip
_NEW_ACCOUNT = {
    **_ACCOUNT, "id": 91, "bank": "Vietcombank", "last_four": "2468", "status": "OPENED", "opened_on": "2024-08-20", "verified_on": None,
    "name_verdict": "UNCHECKED", "name_score": None,
}  # fmt: skip
_EVENT = {
    "cause": "VERIFY", "status": "VERIFIED", "reason": "", "effective_on": "2024-06-14", "recorded_at": "2024-06-14T09:20:00+07:00",
    "changed_by": "Nguyễn Thị Lập", "note": "Ngân hàng xác nhận trùng tên chủ tài khoản.",
}  # fmt: skip

_PAYEE = {
    "id": 7, "beneficiary_id": 512, "beneficiary": "Trần Văn Ân", "kind": "AUTHORISED", "full_name": "Trần Thị Mai",
    "paper_number": "15/UQ", "certified_by": "UBND xã Phước Thuận", "valid_from": "2024-03-01", "valid_until": "2025-02-28", "ended_on": None, "end_reason": "",
    "end_reason_label": "",
}  # fmt: skip

_VISITS = {
    "rows": 41, "taken": 38, "repeated": 2, "outcomes": {"Không gặp": 9, "Đồng ý mở": 29},
    "problems": [{"row": 17, "sentence": "cột “Ngân hàng, ví”: chưa ghi hoặc không nhận ra ngân hàng; mời ghi một trong: Agribank, BIDV."}],
}  # fmt: skip
SHAPES: dict[str, Any] = {
    "AccountRow": _ACCOUNT,
    "HamletCodesRow": {
        "unit": "97101", "unit_name": "xã Phước Thuận", "hamlet": "Thôn 3", "given": 41, "none": 7, "off": 1, "no_year": 2,
    },
    "LookupStateRow": {"beneficiary_id": 512, "state": "GIVEN", "state_label": "Đã cấp mã"},
    "AccountDetail": {**_ACCOUNT, "events": [_EVENT]},
    "ChangeRow": {
        "id": 14, "beneficiary_id": 512, "full_name": "Trần Văn Ân", "old_account": _ACCOUNT, "new_account": _NEW_ACCOUNT, "status": "APPROVED",
        "requested_by": "Nguyễn Thị Lập", "requested_at": "2024-08-20T08:15:00+07:00", "decided_by": "Lê Thị Soát",
        "decided_at": "2024-08-21T10:00:00+07:00", "usable_from": "2024-08-31", "note": "Người hưởng đổi ngân hàng, có phiếu đăng ký mới.",
    },
    "FlagRow": {
        "code": "AGENT_OF_MANY", "sentence": "một người được ủy quyền nhận thay hơn 2 người", "group": 1, "beneficiary_id": 512,
        "full_name": "Trần Văn Ân", "unit": "xã Phước Thuận", "people": 3,
    },
    "DrivePerson": {
        "beneficiary_id": 512, "full_name": "Trần Văn Ân", "birth_year": 1942, "unit_name": "xã Phước Thuận", "hamlet": "Thôn 3", "step": "REQUESTED",
        "step_label": "Đã đề nghị mở", "bank": "Agribank", "to_do": "Tải tệp đề nghị và gửi ngân hàng.", "identified": True,
        "may_be_asked_for": False, "visit_label": "Đến nhà 20/11/2026: đồng ý mở ở Agribank", "is_wished": True,
    },
    "VisitsBody": _VISITS,
    "VisitsLook": {**_VISITS, "token": "mHk3"},
    "HamletRow": {
        "unit": "97101", "unit_name": "xã Phước Thuận", "hamlet": "Thôn 3", "people": 51, "without": 12, "requested": 4, "opened": 2, "verified": 30,
        "cash": 3,
    },
    "NeededCount": {"needed": 37},
    "AskedCount": {"requested": 35, "identity_unclear": 2, "too_young": 3, "by_guardian": 1, "not_wished": 2},
    "CoverageRow": {
        "key": "97101", "name": "xã Phước Thuận", "beneficiaries": 412, "accounts": 260, "own": 231, "guardian": 24, "authorised": 5,
    },
    "PayeeRow": _PAYEE,
    "KeptPayeeRow": {**_PAYEE, "has_paper": True},
    "KeptSlipRow": {
        "id": 230, "method": "ACCOUNT", "signed_on": "2024-08-19", "signer_kind": "OWN", "signer_name": "Trần Văn Ân", "account_id": 91,
        "recorded_at": "2024-08-20T08:15:00+07:00", "has_scan": True,
    },
    "SlipRow": {"id": 230, "method": "ACCOUNT", "signed_on": "2024-08-19", "account_id": 91, "change_id": 14},
}  # fmt: skip
FUNNEL = {
    "NEEDED": 40,
    "REQUESTED": 12,
    "OPENED": 9,
    "VERIFIED": 251,
    "REFUSED": 1,
    "CASH_CHOSEN": 62,
    "NOT_REACHED": 37,
    "FIRST_PAYMENT": 248,
}
