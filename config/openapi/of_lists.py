"""Examples of answers about lists, their signatures, what leaves them, files, and what is unknown or silent."""

from typing import Any

_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_CHANGE = {"kind": "NEW", "enrolments": 6, "amount": 4_500_000}

SHAPES: dict[str, Any] = {
    "LevelRow": {
        "programme": "NCC", "category": "TB-1", "name": "Thương binh", "coefficient": "1.20", "coefficient_from": "2021-07-01",
        "coefficient_source": "", "standard_amount": 2789000, "standard_from": "2024-07-01", "standard_source": "Nghị định 77/2024/NĐ-CP",
        "amount": 3346800, "verified": False, "remark": "chưa kiểm chứng",
    },
    "DayOffRow": {
        "day": "2024-09-02", "working": False, "name": "Quốc khánh", "legal_source": "Bộ luật Lao động, điều 112", "remark": "",
    },
    "ProposalRow": {
        "id": 5, "category": "TB-1", "programme": None, "value": "1.35", "valid_from": "2021-07-01", "known_on": "2021-07-24",
        "legal_source": "Nghị định 75/2021/NĐ-CP, phụ lục I", "status": "ADOPTED", "status_label": "Đã áp dụng",
        "proposed_by": "Lê Thị Soát", "proposed_at": "2024-08-05T08:15:00+07:00", "decided_by": "Phạm Văn Duyệt",
        "decided_at": "2024-08-06T09:00:00+07:00", "note": "Đã đối chiếu phụ lục.",
    },
    "DecidedCount": {"decided": 2},
    "InsuranceRow": {
        "unit": "97", "unit_name": "tỉnh Phước Hòa", "as_of": "2024-08-01", "kind": "PENSION", "kind_label": "Lương hưu",
        "people": 18420, "amount": 74120000000, "ours": 12,
    },
    "AlarmRow": {
        "kind": "WAITS_FOR_SIGNATURE", "kind_label": "Danh sách chờ ký quá hạn", "subject": "list:17", "unit": "971", "count": 1,
        "since": "2024-08-02T09:00:00+07:00", "raised_at": "2024-08-04T09:01:00+07:00",
    },
    "AwaitingRow": {
        "batch": 17, "month": "2024-08-01", "paying_unit": "huyện Phước Sơn", "programme": "Trợ cấp xã hội hằng tháng", "channel": "ACCOUNT",
        "slip": None, "step": "CHECKER", "step_label": "Kế toán trưởng", "since": "2024-08-02T09:00:00+07:00", "overdue": False,
        "people": ["Lê Thị Soát", "Phạm Văn Thay (KT.)"], "ask": "", "mine": True,
    },
    "CameBackRow": {"payment_id": 4711, "amount": 710_000, "channel": "ACCOUNT", "waits_for": "ACCOUNT"},
    "SupplementOut": {
        "batch_ids": [31], "lists": 1, "payable": 1, "not_payable": 0, "amount": 3_000_000, "digest": _DIGEST,
        "lines": [
            {
                "code": "KC-2024-3-9120", "full_name": "Lê Văn Lũ", "unit": "xã Phước Thuận", "grant": "KC-2024-3", "amount": 3_000_000,
                "reason": "", "reason_label": "", "channel": "CASH", "cash_reason": "NO_ACCOUNT", "payee": "Lê Văn Lũ",
            }
        ],
    },
    "ReissuedOut": {"batch_ids": [29], "payments": 11, "amount": 7_810_000},
    "ConflictRow": {
        "kind": "SHARED_ACCOUNT", "kind_label": "Nhiều người dùng chung tài khoản", "hard": False, "payment": 4711, "other": 4733, "other_in_reach": True,
        "link": "/api/batches/17/payments/?id=4733", "note": "Mẹ và con cùng nhận qua tài khoản của mẹ.",
    },
    "DelegationRow": {
        "id": 3, "delegator": "Nguyễn Văn Chủ", "delegate": "Phạm Văn Thay", "role": "RELEASER", "unit": "971", "form": "KT",
        "document_number": "21/UQ-UBND", "valid_from": "2024-08-01", "valid_to": "2024-08-31", "recorded_at": "2024-07-30T14:00:00+07:00",
        "revoked_at": None, "lapsed": False,
    },
    "EverybodyOnceRow": {
        "enrolled": 430, "not_payable": 7, "by_account": 261, "by_cash": 160, "stopped": 2, "people_on_both_channels": 0, "omitted": [],
        "twice": [], "torn": [], "exactly_once": True,
    },
    "DryRunResult": {
        "digest": "9f2c" * 16, "month": "2024-09", "before": "2024-08", "asks_budget_year": False, "paid_people": 405,
        "communes": [
            {
                "code": "97101", "name": "xã Phước Thuận", "payable": 412, "not_payable": 7, "regular": 288_400_000, "arrears": 420_000,
                "carried": 1_500_000, "deducted": 150_000, "total": 290_170_000, "through_accounts": 180_000_000, "in_cash": 110_170_000,
                "reasons": {"DECEASED": 5, "NO_DECISION": 2}, "changes": [_CHANGE],
            }
        ],
        "changes": [_CHANGE], "sources": {"Ngân sách địa phương": 290_170_000},
        "together": {"drawn_before": 0, "drawn_before_amount": 0, "ahead": 0, "ahead_amount": 0, "several_instalments": 0, "several_instalments_amount": 0},
        "people": [
            {
                "code": "HS-000512", "full_name": "Trần Văn Ân", "category": "CT-80", "reason": "", "instead": "", "channel": "ACCOUNT",
                "cash_reason": "", "regular": 500_000, "arrears": 0, "carried": 0, "deducted": 0, "total": 500_000,
            }
        ],
    },
    "Ended": {"never_had": True},
    "FileRow": {
        "message_id": "M240805T97100001", "status": "ACCEPTED", "since": "2024-08-05T09:20:00+07:00", "count": 261, "total": 184_310_000,
        "reason": "", "payments": [{"status": "POSTED", "people": 259, "amount": 182_890_000}],
    },
    "WrongReportRow": {
        "id": 17, "account": "TK-971", "unit": "huyện Phước Bình", "kind": "pain.002", "received_at": "2024-08-05T09:20:00+07:00",
        "problem": "GroupStatus XXXX", "closed_by": "", "note": "",
    },
    "FreezeRow": {
        "id": 2, "unit": "971", "programme": "TCXH", "reason": "Chờ rà soát theo kết luận thanh tra.", "began_by": "Lê Thị Soát",
        "began_at": "2024-08-04T08:00:00+07:00", "ended_by": "", "ended_at": None, "end_reason": "",
    },
    "ManyOut": {"batch": 17, "signed": True, "digest": _DIGEST, "code": "", "sentence": "", "conflicts": []},
    "OfferedAgain": {"payments": 12},
    "PaperRow": {
        "id": 5, "kind": "SIGNED_PDF", "media_type": "application/pdf", "revision": 1, "content_digest": _DIGEST,
        "signatures": [
            {
                "signer": "Nguyễn Văn Chủ", "issuer": "CA mẫu", "serial": "0a1b", "signed_at": "2024-08-03T10:00:00+07:00", "stamped": True,
                "covers_whole_file": True, "trusted": True, "trust_note": "",
            }
        ],
        "data_matches": True, "received_at": "2024-08-03T10:05:00+07:00",
    },
    "RemovalSlipRow": {
        "id": 9, "batch": 17, "payment": 4711, "beneficiary": "Trần Văn Ân", "amount": 710_000, "ground": "REQUESTED",
        "ground_label": "Theo đề nghị", "reason": "Gia đình báo người hưởng đã mất ngày 02/08/2024.", "document_number": "8/BC-UBND",
        "requested_at": "2024-08-03T08:00:00+07:00", "refused_at": None, "refusal_note": "",
        "signatures": [
            {"step": "CHECKER", "name": "Lê Thị Soát", "signed_as": "Kế toán trưởng", "signed_at": "2024-08-03T09:00:00+07:00", "digest": _DIGEST}
        ],
    },
    "StopNoticeRow": {
        "id": 6, "ground": "DECEASED", "full_name": "Trần Văn Ân", "unit": "97101", "amount": 710_000, "end_to_end_id": "a1b2c3d4000001",
        "payment_status": "SENT", "opened_at": "2024-08-05T11:00:00+07:00",
    },
    "UnknownRow": {
        "payment_id": 4711, "end_to_end_id": "a1b2c3d4000001", "paying_unit": "971", "amount": 710_000,
        "unknown_since": "2024-08-05T09:30:00+07:00", "owner": "Lê Thị Soát", "owner_role": "MAKER",
        "document": "Công văn số 115/NH ngày 08/8/2024", "batch": 7, "letter": 3, "mine": False,
    },
}  # fmt: skip
