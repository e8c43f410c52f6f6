"""Examples of the API description: one list, one payment, one month, one citizen's answer, and the refusals."""

from drf_spectacular.utils import OpenApiExample

from payments.errors.outcomes import SignedListLeavesNobody, SignedListTakesNobodyBack

_NAMED_UNIT = {"code": "971", "name": "huyện Phước Sơn"}
_STEPS = [
    {"status": "PROCESSING", "people": 12, "amount": 8_400_000},
    {"status": "POSTED", "people": 401, "amount": 289_250_000},
]
_TOTAL = {"people": 413, "amount": 297_650_000}
_BATCH = {
    "id": 17,
    "month": "2024-08",
    "paying_unit": _NAMED_UNIT,
    "programme": {"code": "TCXH", "name": "Trợ cấp xã hội hằng tháng"},
    "budget_source": "Ngân sách địa phương",
    "follow_up": "",
    "channel": "ACCOUNT",
    "status": "RELEASED",
    "status_label": "Đã duyệt chi",
    "status_at": "2024-08-05T09:12:44+07:00",
    "revision": 1,
    "paused": False,
    "whole": True,
    "total": _TOTAL,
    "progress": _STEPS,
}
_SIGNATURE = {
    "step": "MAKER",
    "revision": 1,
    "name": "Nguyễn Thị Lập",
    "signed_as": "Người lập",
    "for_whom": "",
    "signed_at": "2024-08-01T08:30:00+07:00",
    "digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
_PAYMENT = {
    "id": 4711,
    "ordinal": 1,
    "end_to_end_id": "a1b2c3d4000001",
    "beneficiary": "Trần Văn Ân",
    "beneficiary_id": 512,
    "birth_year": 1942,
    "unit": {"code": "97101", "name": "xã Phước Thuận"},
    "hamlet": "Thôn 3",
    "payee": "Trần Văn Ân",
    "amount": 710_000,
    "months": ["2024-07", "2024-08"],
    "bank": "Agribank",
    "account_last_four": "6789",
    "status": "POSTED",
    "status_label": "Đã ghi có",
    "cause": "BANK_POSTED",
    "status_at": "2024-08-05T10:02:11+07:00",
    "credited_on": "2024-08-05",
    "returned_on": None,
    "reason": "",
    "notes": [],
}
_CYCLE = {
    "month": "2024-08",
    "listed_on": "2024-07-15",
    "pay_on": "2024-08-05",
    "built_at": "2024-07-15T16:00:00+07:00",
}
_ANSWER = {
    "month": "2024-08",
    "months": ["2024-07", "2024-08"],
    "outcome": "PAID",
    "outcome_label": "Đã chuyển",
    "amount": 710_000,
    "deducted": 0,
    "reason": "",
    "reason_label": "",
    "paid_on": "2024-08-05",
    "bank": "Agribank",
    "account_last_four": "6789",
    "sentence": "Tiền tháng 8/2024 và truy lĩnh tháng 7/2024 (710.000 đồng) đã chuyển vào tài khoản Agribank số cuối 6789 "
    "của Ông/Bà ngày 05/08/2024.",
    "next_step": "Nếu chưa thấy tiền, gọi 1900 0000 để cán bộ tra soát với ngân hàng.",
}

BATCH_ROW = OpenApiExample("Danh sách chi trả", value=_BATCH, response_only=True, status_codes=["200"])
BATCH = OpenApiExample(
    "Danh sách chi trả",
    value={**_BATCH, "return_note": "", "digest": "", "signatures": [_SIGNATURE], "frozen": []},
    response_only=True,
    status_codes=["200"],
)
PAYMENT = OpenApiExample("Khoản chi", value=_PAYMENT, response_only=True, status_codes=["200"])
CYCLE_ROW = OpenApiExample("Kỳ chi trả", value=_CYCLE, response_only=True, status_codes=["200"])
CYCLE = OpenApiExample(
    "Kỳ chi trả",
    value={
        **_CYCLE,
        "lists": [{"status": "RELEASED", "lists": 24}],
        "total": _TOTAL,
        "progress": _STEPS,
        "not_payable": [{"reason": "DECEASED", "reason_label": "Người hưởng đã mất", "people": 7}],
    },
    response_only=True,
    status_codes=["200"],
)
RETURN_NOTE = OpenApiExample("Trả lại", value={"note": "Thiếu quyết định của hai người ở Thôn 3."}, request_only=True)
STOP_REASON = OpenApiExample(
    "Rút tên", value={"reason": "Gia đình báo người hưởng đã mất ngày 02/08/2024."}, request_only=True
)
PUT_BACK = OpenApiExample("Đưa lại", value={"text": "Giấy ủy quyền đã chứng thực."}, request_only=True)
ROW_NOTE = OpenApiExample("Ghi chú", value={"text": "Đang nằm viện, con gái nhận thay từ kỳ sau."}, request_only=True)
NEXT_MONTH = OpenApiExample(
    "Để kỳ sau",
    value={"ground": "PAPERS", "text": "Giấy ủy quyền chưa chứng thực, hẹn nộp ngày 28/08/2024."},
    request_only=True,
)
LOOKUP = OpenApiExample("Tra cứu", value={"code": "4K7Q-9XM2-PRC", "birth_year": 1942}, request_only=True)
MY_STATUS = OpenApiExample(
    "Đã chuyển",
    value={"answers": [_ANSWER], "phone": "1900 0000", "warning": "Cán bộ không bao giờ hỏi mật khẩu hay mã OTP."},
    response_only=True,
    status_codes=["200"],
)


def refusal(name: str, *, code: str, sentence: str, conflicts: list[str], status: int) -> OpenApiExample:
    """An example of a refusal's body."""
    return OpenApiExample(
        name,
        value={"code": code, "sentence": sentence, "conflicts": conflicts},
        response_only=True,
        status_codes=[str(status)],
    )


NO_RIGHT = refusal(
    "Không có quyền",
    code="NOT_ALLOWED",
    sentence="Tài khoản của bạn không có quyền làm việc này trên địa bàn này.",
    conflicts=[],
    status=403,
)
NOT_FOUND = refusal("Không tìm thấy", code="NOT_FOUND", sentence="Không tìm thấy.", conflicts=[], status=404)
WRONG_STATE = refusal(
    "Sai bước",
    code="WRONG_BATCH_STATE",
    sentence="Danh sách không ở bước này, mời tải lại trang để xem bước hiện tại.",
    conflicts=["17"],
    status=409,
)
CANNOT_STOP = refusal(
    "Đã gửi ngân hàng",
    code="CANNOT_STOP",
    sentence="Khoản chi đã gửi ngân hàng, không rút tên được; mời đề nghị ngân hàng hủy.",
    conflicts=["a1b2c3d4000001"],
    status=409,
)
SIGNED_LIST = refusal(
    "Đã có người ký",
    code="SIGNED_LIST_LEAVES_NOBODY",
    sentence=SignedListLeavesNobody.sentence,
    conflicts=["a1b2c3d4000001"],
    status=409,
)
TAKES_NOBODY_BACK = refusal(
    "Đã có người ký",
    code="SIGNED_LIST_TAKES_NOBODY_BACK",
    sentence=SignedListTakesNobodyBack.sentence,
    conflicts=["a1b2c3d4000001"],
    status=409,
)
BANK_SILENT = refusal(
    "Ngân hàng không trả lời",
    code="BANK_SILENT",
    sentence="Ngân hàng tạm thời không trả lời, danh sách chưa được duyệt chi; mời thử lại sau.",
    conflicts=[],
    status=503,
)
WRONG_CODE = refusal(
    "Mã không đúng",
    code="NOT_FOUND",
    sentence="Không tìm thấy thông tin theo mã và năm sinh này. Mời xem lại cả hai, hoặc gọi 1900 0000. Sai năm sinh mười lần thì mã tạm khóa một ngày.",
    conflicts=[],
    status=404,
)
