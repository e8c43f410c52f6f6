"""Examples of answers about people: decisions, life events, identity, lists on their way in."""

from typing import Any

_SIDE = {
    "full_name": "Trần Văn Ân",
    "birth_date": "1942-09-05",
    "birth_year": 1942,
    "sex": "MALE",
    "unit": "xã Phước Thuận",
    "hamlet": "Thôn 3",
}

_CORRECTION = {
    "id": 31, "beneficiary_id": 512, "full_name": "Trần Văn Ân", "unit": "97101", "unit_name": "xã Phước Thuận",
    "changes": [
        {"field": "birth", "heading": "Ngày sinh", "before": "1942", "after": "05/09/1942"},
        {"field": "number", "heading": "Số định danh cá nhân", "before": "…417", "after": "…471"},
    ],
    "paper_kind": "ID_CARD", "paper_label": "Thẻ căn cước, căn cước công dân", "paper_number": "CC-5512", "paper_issued_on": "2023-03-01",
    "paper_issuer": "Cục Cảnh sát quản lý hành chính về trật tự xã hội", "reason": "Gõ sai khi nạp danh sách.", "case_id": 8, "status": "PROPOSED",
    "status_label": "Chờ người thứ hai xác nhận", "proposed_by": "Nguyễn Thị Lập", "proposed_at": "2024-08-05T08:30:00+07:00",
    "decided_by": None, "decided_at": None, "note": "", "has_paper": True,
}  # fmt: skip

SHAPES: dict[str, Any] = {
    "PersonDataBody": {
        "full_name": "Trần Văn Ân", "birth_year": 1942, "unit_name": "xã Phước Thuận", "asked_at": "2024-08-20T08:15:00+07:00", "elsewhere": False,
        "held": [{"what": "Khoản chi", "rows": 3, "kept": "chứng từ kế toán, theo thời hạn lưu trữ tài liệu kế toán; không xóa theo yêu cầu"}],
        "looks": [{
            "at": "2024-08-19T14:02:00+07:00", "who": "Nguyễn Thị Lập", "role": "Người lập, huyện Ví dụ", "what": "Trang của một người",
            "purpose": "giải quyết chế độ theo nhiệm vụ",
        }],
        "looks_in_all": 1,
        "given": [{
            "to": "Agribank", "what": "họ tên người nhận, số tài khoản, số tiền", "purpose": "chi trợ cấp", "times": 3, "first_on": "2024-07-12",
            "last_on": "2024-09-12",
        }],
    },
    "PhoneOut": {
        "number": "0912 345 678", "owner": "RELATIVE", "owner_label": "Của người thân", "owner_name": "Trần Thị Con", "wants_none": False,
    },
    "CommuneRow": {
        "id": 512, "beneficiary_id": 498, "code": "HS-000512", "full_name": "Trần Văn Ân", "birth_year": 1942, "unit": "97101",
        "unit_name": "xã Phước Thuận", "programme": "TCXH", "programme_name": "Trợ cấp xã hội hằng tháng", "standing": "LIVE",
        "standing_label": "đang hưởng", "starts_month": "2024-01", "suspended_month": None, "ended_month": None, "moved_to": None, "phone": "",
        "here": True, "hamlet": "Thôn 3", "has_account": True, "month": "2024-08", "amount": 750_000, "arrived": True, "outcome": "Đã vào tài khoản",
    },
    "SampleRow": {
        "id": 4, "unit": "tỉnh Ví dụ", "drawn_by": "Nguyễn Thị Lập", "drawn_at": "2024-08-20T08:15:00+07:00", "seed": 20240820, "pairs": 300, "judged": 120,
    },
    "ArrivalRefusedRow": {
        "enrolment": "HS-000512", "back_to": "97101", "paid_up_to": "2024-07", "reason": "Không cư trú tại xã; công an xã xác nhận.",
        "refused_by": "Nguyễn Thị Lập", "refused_at": "2024-08-20T08:15:00+07:00",
    },
    "CorrectionRow": _CORRECTION,
    "CorrectionDetail": {**_CORRECTION, "warnings": ["Số thứ năm và thứ sáu đảo chỗ so với năm sinh 1942. Mời so lại với thẻ căn cước."]},
    "DecisionWithoutSigner": {
        "decision_id": 611, "enrolment_id": 512, "code": "HS-000512", "full_name": "Trần Văn Ân", "unit_name": "xã Phước Thuận",
        "kind_label": "Quyết định hưởng", "number": "145/QĐ-UBND", "signed_on": "2013-05-06", "signer": "", "waits": False,
    },
    "UnitWithoutSigner": {"unit": "97101", "unit_name": "xã Phước Thuận", "decisions": 214, "waiting": 3},
    "SignersOfDecision": {
        "decision_id": 611, "enrolment_id": 512, "code": "HS-000512", "full_name": "Trần Văn Ân", "unit_name": "xã Phước Thuận",
        "kind_label": "Quyết định hưởng", "number": "145/QĐ-UBND", "signed_on": "2013-05-06", "signer": "", "signer_shown": "",
        "names_signer": False, "supplied": [
            {"id": 9, "signer": "Nguyễn Văn Chủ, Chủ tịch UBND xã", "seen": "bản chính, hồ sơ lưu tại UBND xã", "status": "PROPOSED",
             "status_label": "Chờ người thứ hai xác nhận", "proposed_by": "Nguyễn Thị Lập", "proposed_at": "2024-08-05T08:30:00+07:00",
             "decided_by": None, "decided_at": None, "note": ""},
        ],
        "same_paper": [{"decision_id": 618, "code": "HS-000519", "full_name": "Lê Thị Bình", "proposal": 10}],
    },
    "UnsignedRow": {"enrolment_id": 512, "code": "HS-000512", "full_name": "Trần Văn Ân", "unit_name": "xã Phước Thuận"},
    "SignedUnitRow": {
        "unit": "97101", "unit_name": "xã Phước Thuận", "own": False, "files": 240,
        "sums": {"files": 240, "correct": 228, "complete": 231, "cleaned": 236, "live": 214, "solved_mismatches": 9, "open_mismatches": 4,
                 "without_number": 5, "not_found": 2, "duplicates": 1, "deceased": 0},
        "signed_by": None, "signed_at": None, "note": "",
    },
    "ReadingRow": {
        "id": 41, "kind": "SLIP", "kind_label": "Phiếu đăng ký hình thức nhận", "paper_id": 230, "unit": "xã Phước Thuận",
        "read_by": "Nguyễn Thị Lập", "read_at": "2024-08-21T09:05:00+07:00",
    },
    "DrawnSample": {
        "unit": "97", "size": 300, "seed": 7, "id": 2, "drawn_at": "2024-08-05T08:00:00+07:00",
        "strata": [{"stratum": "Số định danh", "links": 24_310, "drawn": 290}, {"stratum": "Điểm 30–34", "links": 812, "drawn": 30}],
    },
    "PrecisionRow": {"stratum": "Số định danh", "links": 24_310, "answered": 290, "right": 290, "unsure": 0, "low": 0.9897},
    "ThresholdRow": {
        "rule": "POINTS_WEAK", "present": 5.0, "proposed": 6.4, "judged": 310, "right": 309, "low": 0.9894, "lacking": 2_713,
    },
    "MatchModelRow": {
        "version": "tinh-2024-08", "made_by": "Trần Thị Kế", "made_at": "2024-08-06T09:00:00+07:00", "sample": 2,
        "thresholds": {"number": 6, "birth": 2, "weak": 6.4, "weak_unplaced": 10.4, "margin": 5, "weak_margin": 6, "review": -1},
        "made": {"weights_of": "points/2", "audit": 2}, "used": False,
    },
    "AdoptionRow": {"version": "tinh-2024-08", "adopted_at": "2024-08-06T10:00:00+07:00", "reason": "Mẫu kiểm tra 300 cặp."},
    "BlindPair": {"id": 41, "beneficiary": _SIDE, "identity": {**_SIDE, "full_name": "Trần Văn Ấn"}},
    "NoticeRow": {
        "beneficiary_id": 512, "full_name": "Trần Văn Ân", "birth_year": 1942, "unit": "97101", "hamlet": "Thôn 3", "reported_by": "Bệnh viện",
        "notice": 88,
        "notice_on": "2024-08-02",
        "notices": [
            {"notice": 88, "reported_by": "Cơ sở y tế (chưa đăng ký khai tử)", "notice_on": "2024-08-02"},
            {"notice": 91, "reported_by": "Thôn, xã báo (chưa đăng ký khai tử)", "notice_on": "2024-08-03"},
        ],
    },
    "DecisionRow": {
        "id": 77, "enrolment": "HS-000512", "kind": "ADJUST", "kind_label": "Quyết định điều chỉnh", "number": "112/QĐ-UBND", "signed_on": "2024-08-01",
        "signer": "Nguyễn Văn Chủ, Chủ tịch UBND xã", "signer_shown": "Nguyễn Văn Chủ, Chủ tịch UBND xã", "names_signer": True, "effective_month": "2024-08",
        "reason": "Thay đổi mức độ khuyết tật.", "coefficient": "2.00",
        "last_month": None, "to_unit": None, "to_place": "", "from_month": None, "pay_between": None, "amount": None, "monthly_ceiling": None, "payee_name": "",
        "has_paper": True, "recorded_at": "2024-08-02T08:30:00+07:00", "move_undone": "",
    },
    "FuneralFileRow": {
        "id": 12, "beneficiary": 5120, "allowance": None, "full_name": "Trần Văn Ân", "unit": "97101", "file_number": "000.12.34.H56-240805-0007",
        "status": "SUPPLEMENT", "reason": "Thiếu trích lục khai tử.",
    },
    "FuneralCountRow": {"status": "SUPPLEMENT", "reason": "Thiếu trích lục khai tử.", "files": 14},
    "EventsOut": {
        "received": 100, "added": 97, "repeated": 2, "problems": [{"position": 31, "sentence": "Ngày xảy ra ở sau ngày báo."}], "file": None,
    },
    "FileProgress": {"weighed": 4_200, "events": 5_000},
    "RecoveryRow": {
        "id": 4, "full_name": "Trần Văn Ân", "unit": "97101", "enrolment": "HS-000512", "enrolment_id": 512, "month": "2024-09", "amount": 500_000,
        "end_to_end_id": "a1b2c3d4000001", "deceased_on": "2024-08-02",
    },
    "VerdictBody": {
        "outcome": "WRONG_BIRTH_DATE", "outcome_label": "Sai ngày sinh", "asked_of": "POLICE_LIST", "answered_on": "2024-08-12",
        "recorded_at": "2024-08-13T08:00:00+07:00",
    },
    "UploadDetail": {
        "id": 5, "unit": "97101", "unit_name": "xã Phước Thuận", "sheet": "TCXH", "stage": "PREVIEWED", "stage_name": "Chờ xác nhận", "stopped": False,
        "uploaded_at": "2024-08-01T08:00:00+07:00", "problem_code": "", "problem": "",
        "headings": [{"position": 0, "text": "Họ và tên", "key": "full_name", "certain": True}], "rows_total": 412, "rows_done": 412,
        "file_name": "Danh sach TCXH thang 6.xlsx", "without_signer": 3,
        "written_in": ["Tệp viết bằng bảng mã VNI, đã chuyển sang Unicode. Mời xem lại họ tên trước khi xác nhận."],
        "passed_over": [{"row_number": 417, "sentence": "Dòng cộng, không phải người hưởng; đã bỏ qua."}],
        "counts": {"NEW": 6, "CHANGED": 11, "UNCHANGED": 390, "GONE": 3, "WRONG": 2},
        "preview_digest": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", "confirmed_at": None, "finished_at": None,
    },
    "PreviewRow": {
        "row_number": 12, "outcome": "CHANGED", "outcome_name": "Thay đổi", "elsewhere": False, "enrolment_id": 311,
        "remarks": [{"column": "birth_date", "code": "DAY_AND_MONTH_SWAPPED", "sentence": "Ngày và tháng có thể bị đảo.", "fatal": False}],
        "code": "HS-000512", "name": "Trần Văn Ân", "changes": [{"column": "hamlet", "before": "Thôn 2", "after": "Thôn 3"}],
    },
}  # fmt: skip
