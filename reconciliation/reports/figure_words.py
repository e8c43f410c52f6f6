"""Where a figure of a snapshot stands, as people name it: a section, a row, the figure's own name."""

import re
from typing import Final

from reconciliation.reports.definitions import COUNTS, RATES

_SECTIONS: Final = {
    "headline": "Số liệu toàn đơn vị", "rates": "Các tỷ lệ", "units": "Biểu 01, từng đơn vị", "programmes": "Biểu 02, từng chính sách",
    "persons": "Biểu 03, giới tính và độ tuổi", "gap": "Biểu 04, chưa chi trả qua tài khoản", "funds": "Biểu 05, kinh phí",
    "budget": "Biểu 05, dự toán", "comparison": "Biểu 06, so sánh kỳ", "opening": "Biểu 07, tiến độ mở tài khoản",
    "quality": "Biểu 08, làm sạch dữ liệu", "registers": "Biểu 09, thẻ căn cước và định danh", "registers_by_unit": "Biểu 09, từng đơn vị",
    "statement": "Biểu 10, sao kê", "cash_results": "Biểu 10, tiền mặt", "work": "Việc chưa xong", "differences": "Các điểm chưa khớp",
    "definitions": "Cách tính", "agency": "Cơ quan báo cáo", "unit": "Đơn vị", "period": "Kỳ báo cáo", "target": "Chỉ tiêu",
    "kind": "Loại báo cáo", "as_of": "Thời điểm chốt số liệu", "schema": "Mẫu số liệu",
}  # fmt: skip
_NAMES: Final = {definition.key: definition.official for definition in (*COUNTS, *RATES)} | {
    "numerator": "tử số", "denominator": "mẫu số", "percent": "tỷ lệ %", "name": "tên", "code": "mã", "people": "số người", "money": "số tiền",
    "accounts_own": "tài khoản chính chủ", "accounts_guardian": "tài khoản người giám hộ", "accounts_authorised": "tài khoản người được ủy quyền",
    "not_listed": "không có tên trong danh sách", "nothing_due": "không có khoản phải chi", "paid_both_ways": "nhận cả hai hình thức",
    "paid_without_known_account": "đã chi vào tài khoản không còn ghi nhận", "residents": "nhân khẩu", "deceased": "đã mất",
    "cards_issued": "thẻ đã cấp", "eid_eligible": "đủ điều kiện định danh", "eid_active": "định danh đã kích hoạt", "reasons": "nguyên nhân",
    "done": "đã xử lý", "doing": "đang xử lý", "received": "đã nhận", "paid": "đã chi", "returned": "hoàn trả", "refunded": "nộp trả",
    "opening": "đầu kỳ", "closing": "cuối kỳ", "from": "từ ngày", "to": "đến ngày", "matched_money": "số tiền khớp",
    "matched_payments": "khoản khớp", "matched_people": "người khớp", "payments": "khoản chi", "cash": "tiền mặt", "groups": "nhóm đối tượng",
    "sex": "giới tính", "age": "độ tuổi", "setter": "cơ quan giao", "estimate": "dự toán", "reason": "nguyên nhân", "sentence": "nội dung",
}  # fmt: skip
_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def figure_in_words(path: str) -> str:
    """`units[3].accounts` → "Biểu 01, từng đơn vị, dòng 4, Số đối tượng đã có tài khoản"; what has no name of its own is told to be a code."""
    steps = [(found[1], found[2]) for found in _STEP.finditer(path)]
    said = []
    for nth, (key, row) in enumerate(steps):
        if row:
            said.append(f"dòng {int(row) + 1}")
        else:
            said.append((_SECTIONS.get(key) if not nth else None) or _NAMES.get(key) or f"mục mã {key}")
    return ", ".join(said)
