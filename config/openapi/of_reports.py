"""Examples of answers about reports, the dashboard, inspectors' questions and the history."""

from typing import Any

from reconciliation.reports.definitions import RATES

_DIGEST = "7d793037a0760186574b0282f2f435e7c1b4a1f5a4d9e6f0c7a8b3d2e1f09876"
_RUN = {
    "id": 61, "kind": "QUARTER", "kind_label": "Báo cáo quý", "unit": "97", "unit_name": "tỉnh Phước Hòa", "from_on": "2024-07-01",
    "to_on": "2024-09-30", "ready_at": "2024-10-02T01:00:00+07:00", "due_on": "2024-10-14", "overdue": False, "status": "MADE",
    "status_label": "Đã lập, chờ ký", "status_at": "2024-10-02T01:04:10+07:00", "attempts": 1, "problem": "", "digest": _DIGEST,
    "signed_by": None, "signed_as": "", "signed_at": None,
}  # fmt: skip
_HEADLINE = {
    "beneficiaries": 26_794, "accounts": 16_923, "paid_cashless": 16_467, "paid_in_cash": 10_120, "in_flight": 0, "unpaid": 207,
    "account_money": 33_214_500_000, "cash_money": 18_902_000_000, "in_flight_money": 0, "unpaid_money": 310_500_000,
}  # fmt: skip
_RATES = {
    "coverage": {"numerator": 16_923, "denominator": 26_794, "percent": "63.16"},
    "paid_of_accounts": {"numerator": 16_467, "denominator": 16_923, "percent": "97.31"},
    "paid_of_all": {"numerator": 16_467, "denominator": 26_794, "percent": "61.46"},
}
_GROUP = {
    "code": "CT-80",
    "name": "Người từ đủ 80 tuổi",
    "beneficiaries": 9_120,
    "accounts": 5_480,
    "paid_cashless": 5_302,
}
_MONEY = {"account_money": 10_604_000_000, "cash_money": 7_240_000_000}
_MEANING = RATES[0]

_PAPER = {
    "id": 7, "kind": "DOSSIER", "kind_label": "Hồ sơ chi trả của tháng", "unit": "97101", "month": "2024-09", "status": "WORKING",
    "status_label": "Đang làm", "done": 4, "total": 12, "asked_at": "2024-09-20T09:00:00+07:00", "finished_at": None, "problem": "", "file_name": "",
}  # fmt: skip
_SIGNED = {
    "id": 5, "kind": "SIGNED_PDF", "media_type": "application/pdf", "content_digest": _DIGEST, "data_matches": True, "received_by": "Nguyễn Thị Lập",
    "received_at": "2024-10-03T14:00:00+07:00",
    "signatures": [
        {
            "signer": "Common Name: Nguyễn Văn Chủ, Organization: Sở Y tế", "issuer": "Common Name: CA phục vụ các cơ quan", "serial": "5f21",
            "signed_at": "2024-10-03T13:55:10+07:00", "stamped": False, "covers_whole_file": True, "trusted": False,
            "trust_note": "Chưa khai báo chứng thư gốc tin cậy; chỉ kiểm tra được tính toàn vẹn.",
        }
    ],
}  # fmt: skip
SHAPES: dict[str, Any] = {
    "SignedReportRow": _SIGNED,
    "SignedMinutesRow": {
        **{name: value for name, value in _SIGNED.items() if name != "data_matches"}, "kind_label": "Bản PDF đã ký số", "code": "7d793037a076",
    },
    "HistoryReadingRow": {
        "id": 12, "person": 4021, "unit": "97101", "reader": "thanhtra", "reader_name": "Lê Thị Thanh", "read_at": "2024-11-04T09:30:00+07:00",
        "purpose": "Kết luận thanh tra số 07.", "code": "7d793037a076",
    },
    "PaperOrderRow": _PAPER,
    "ReportRunRow": _RUN,
    "ReportRunDetail": {
        **_RUN, "figures": _HEADLINE, "rates": _RATES, "differences": [], "addressed_to": ["Nguyễn Văn Chủ", "Phạm Văn Thay (KT.)"], "mine": False,
        "order_reason": "",
        "ordered_by": None, "delivery": [{"name": "Nguyễn Văn Chủ", "addressed": True, "read_at": "2024-10-02T08:12:00+07:00"}], "papers": [_SIGNED],
    },
    "LevelBody": {
        "kind": "QUARTER", "from_on": "2024-07-01", "to_on": "2024-09-30", "level": "COMMUNE", "due_on": "2024-10-07", "total": 124,
        "by_status": {"MADE": 11, "DRAFTED": 1, "SIGNED": 112}, "overdue": 0,
    },
    "PartBody": {
        "report": {**_RUN, "id": 62, "unit": "971", "unit_name": "huyện Phước Sơn", "due_on": "2024-10-09"}, "differs": {"beneficiaries": [2_412, 2_411]},
    },
    "DashboardBody": {
        "unit": {"code": "97", "name": "tỉnh Phước Hòa", "kind": "PROVINCE"}, "period": {"first": "2024-07-01", "last": "2024-09-30"},
        "as_of": "2024-09-30T24:00:00+07:00", "counted_at": "2024-10-02T08:00:00+07:00", "ties_out": True, "differences": [],
        "brief": {
            "sentences": ["Tính đến hết ngày 30/9/2024, toàn tỉnh có 26.794 đối tượng đang hưởng chính sách an sinh xã hội …"],
            "lowest": [{"code": "97105", "name": "xã Phước Hậu", "accounts": 3, "beneficiaries": 9, "coverage": "33,33%", "unpaid": 1}],
            "reasons": [
                {
                    "reason": "Tài khoản đã đóng", "people": 88, "unpaid": 12, "responsible": "UBND cấp xã", "deadline": "Trước kỳ sau",
                }
            ],
            "proposals": [],
        },
        "headline": _HEADLINE, "rates": _RATES,
        "units": [{"code": "97", "name": "tỉnh Phước Hòa", "kind": "PROVINCE", "above": "", **_HEADLINE}],
        "programmes": [
            {
                "code": "TCXH", "name": "Trợ cấp xã hội hằng tháng", "beneficiaries": 24_300, "accounts": 15_204, "paid_cashless": 14_830,
                **_MONEY, "budget_source": "Ngân sách địa phương", "groups": [{**_GROUP, **_MONEY}],
            }
        ],
        "persons": {"sex": [{**_GROUP, "code": "1", "name": "Nam"}], "age": [{**_GROUP, "code": "80", "name": "Từ đủ 80 tuổi trở lên"}]},
        "funnel": {"NEEDED": 400, "REQUESTED": 120, "OPENED": 93, "VERIFIED": 16_830, "NOT_REACHED": 3_151, "FIRST_PAYMENT": 16_467},
        "work": [{"kind": "IDENTITY", "kind_label": "Xác minh thông tin", "open": 812, "overdue": 40, "escalated": 12}],
        "ageing": [
            {
                "kind": "LATE", "kind_label": "Đến muộn", "counts": {"0-3": 2, "4-10": 0, "11-30": 0, "31-60": 0, ">60": 0}, "total": 2,
                "amount": 1_420_000, "oldest_days": 2,
            }
        ],
        "cycles": [{"month": "2024-09", "channel": "ACCOUNT", "outcome": "PAID", "people": 16_310, "money": 11_071_500_000}],
        "seal_check": {"checked_at": "2024-10-02T01:40:00+07:00", "finding_count": 0},
        "definitions": [
            {
                "key": _MEANING.key, "official": _MEANING.official, "short": _MEANING.short, "how": _MEANING.how, "numerator": _MEANING.numerator,
                "denominator": _MEANING.denominator,
            }
        ],
    },
    "QuestionBody": {
        "question": "in-prison", "sentence": "Được chi trong thời gian chấp hành án phạt tù", "note": "", "answerable": True,
        "rests_on": "danh sách của Công an tỉnh, văn bản 214/CAT, từ 01/01/2024 đến 31/8/2024; khoản chi đã ghi có theo ngân hàng báo về.",
        "missing": ["Chưa có danh sách người chấp hành án phạt tù của tỉnh Phước Hòa từ ngày 01/9/2024 đến ngày 30/9/2024."],
    },
    "PrisonListRow": {
        "id": 3, "stage": "DONE", "stage_label": "Đã xong", "under_way": False, "ordered_by": "Nguyễn Thị Lập",
        "ordered_at": "2024-10-02T09:00:00+07:00", "started_at": "2024-10-02T09:00:20+07:00", "finished_at": "2024-10-02T09:00:21+07:00",
        "problem_code": "", "problem": "", "conflicts": [], "unit": "97", "unit_name": "tỉnh Phước Hòa", "issuer": "Công an tỉnh",
        "paper": "214/CAT ngày 02/9/2024", "from_on": "2024-01-01", "until_on": "2024-08-31", "rows": 214, "ours": 3, "rejected": 1,
        "problems": ["Dòng 12: cột “Chấp hành án từ ngày”: để trống; mời ghi đủ ngày, tháng, năm, ví dụ 05/09/2024."],
    },
    "FoundBody": {
        "ordinal": 1, "code": "HS-000512", "full_name": "Trần Văn Ân", "unit_name": "xã Phước Thuận", "amount": 1_000_000,
        "found": "Mất ngày 02/07/2024",
    },
    "HistoryRowBody": {
        "id": 90_112, "at": "2024-08-05T09:12:44+07:00", "relation": "payments_paymentbatch", "relation_label": "Danh sách chi trả", "row": 17,
        "operation": "U", "operation_label": "Sửa", "changes": [{"column": "status", "before": "APPROVED", "after": "RELEASED"}],
        "actor": {"username": "chutaikhoan", "full_name": "Nguyễn Văn Chủ"}, "why": "POST batches/<int:batch_id>/release/",
        "request_id": "5f0c2a9e7b1d4c3f8a6e9d0b", "session_role": "ansinh_app",
    },
    "CheckOrdered": {"ordered": True},
    "ExportRow": {
        "id": 3, "document": "12/TLHĐ-2026", "with_numbers": True, "ordered_by": "Nguyễn Văn Chủ", "ordered_at": "2026-11-20T08:00:00+07:00",
        "decided_by": "Lê Thị Soát", "decided_at": "2026-11-20T09:10:00+07:00", "accepted": True, "waits": False, "ready": False, "own": False,
        "written_at": "2026-11-20T10:00:00+07:00", "folder": "/var/lib/ban-giao", "row_total": 1_204_377, "manifest_digest": _DIGEST,
    },
    "ErasureDueBody": {"before": "2025-11-20", "wants_none": 12, "draws_nothing": 140, "total": 152},
    "ErasureRow": {
        "id": 2, "document": "12/QĐ-SNV", "before": "2025-11-20", "due_total": 152, "ordered_by": "Nguyễn Văn Chủ",
        "ordered_at": "2026-11-20T08:00:00+07:00", "decided_by": "Lê Thị Soát", "decided_at": "2026-11-20T09:10:00+07:00", "accepted": True,
        "waits": False, "ready": False, "own": False, "erased_total": 152, "finished_at": "2026-11-20T10:00:00+07:00",
    },
    "VerificationRow": {
        "id": 12, "stage": "DONE", "stage_label": "Đã xong", "told": "Báo cáo tỉnh Ví dụ, 01/07/2024 – 30/09/2024, mã số liệu 7d793037a076",
        "size": 225_133, "ordered_at": "2024-10-14T09:00:00+07:00", "finished_at": "2024-10-14T09:00:41+07:00", "problem": "",
        "verdict": {"original": True, "holds": True, "differences": [], "recount": [], "signers": [], "received": [], "definitions": []},
    },
    "SealsBody": {
        "expected_seal": None,
        "last_seal": {
            "number": 66, "digest": _DIGEST, "rows": 41_203, "sealed_at": "2024-10-02T00:20:00+07:00",
            "public_key": "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        },
        "unsealed_rows": 512,
        "last_check": {
            "checked_at": "2024-10-02T01:40:00+07:00", "checked_by": None, "expected": "", "seals": 66, "sealed_rows": 2_904_118,
            "unsealed_rows": 96, "sealed_table_rows": 1_204_377, "unsealed_table_rows": 40, "last_digest": _DIGEST,
            "findings": [], "finding_count": 0,
        },
    },
}  # fmt: skip
