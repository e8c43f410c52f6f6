"""The fields of the API's bodies in the words that stand on the pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

FIELDS = {
    "account": "Tài khoản chi trả",
    "account.bank_bin": "Ngân hàng",
    "account.holder_kind": "Chủ tài khoản là",
    "account.holder_name": "Tên chủ tài khoản",
    "account.number": "Số tài khoản",
    "amount": "Số tiền",
    "answer": "Kết quả xác minh",
    "arrived_on": "Ngày tiền đến",
    "bank": "Ngân hàng",
    "bank_account_id": "Mã tài khoản ở ngân hàng",
    "basis": "Đã xem giấy tờ gì",
    "also": "Quyết định khác trên bản giấy",
    "birth": "Ngày sinh",
    "birth_year": "Năm sinh",
    "booked_on": "Ngày ghi Có",
    "budget_source": "Nguồn kinh phí",
    "budget_year": "Niên độ ngân sách",
    "carried": "Chuyển kỳ sau",
    "carrier": "Người mang tiền",
    "certified_by": "Nơi chứng thực",
    "code": "Mã hồ sơ",
    "coefficient": "Hệ số",
    "columns": "Tên cột",
    "decided_on": "Ngày quyết định",
    "decision_number": "Số quyết định",
    "document": "Văn bản",
    "document_number": "Số văn bản",
    "effective_month": "Tháng hiệu lực",
    "everyone_of": "Chính sách đang hưởng",
    "file": "Tệp",
    "file_number": "Mã hồ sơ một cửa",
    "form": "Hình thức ký thay",
    "from_amount": "Mức tiền cần thêm chữ ký",
    "from_month": "Từ tháng",
    "from_on": "Từ ngày",
    "full_name": "Họ và tên",
    "grant_code": "Mã khoản chi",
    "grant_name": "Tên khoản chi",
    "held_on": "Ngày chi",
    "hamlet": "Thôn, tổ dân phố",
    "identity_number": "Số định danh cá nhân",
    "issued_at": "Lúc báo",
    "kind": "Loại",
    "last_month": "Đã chi trả đến hết tháng",
    "limit": "Số dòng một trang",
    "listed_on": "Ngày chốt danh sách",
    "method": "Hình thức nhận",
    "month": "Tháng",
    "monthly_ceiling": "Mức thu mỗi tháng",
    "months_together": "Số tháng chi cùng",
    "name": "Họ và tên",
    "new": "Mật khẩu mới",
    "note": "Nội dung",
    "number": "Số",
    "occurred_on": "Ngày mất",
    "officer": "Công chức",
    "offset": "Bắt đầu từ dòng",
    "old": "Mật khẩu đang dùng",
    "on": "Ngày",
    "paper_issued_on": "Ngày cấp",
    "paper_issuer": "Nơi cấp",
    "paper_kind": "Giấy tờ chứng minh",
    "organiser_name": "Tổ chức, cá nhân lo mai táng",
    "outcome": "Kết luận",
    "paper": "Bản quét",
    "paper_number": "Số giấy",
    "paper_signed_on": "Ngày ký giấy",
    "pay_between": "Các tháng ở giữa",
    "pay_on": "Ngày chi trả",
    "payee_name": "Người thừa kế",
    "phone": "Điện thoại",
    "programme": "Chính sách",
    "proposal": "Đề xuất",
    "provider": "Tổ chức dịch vụ chi trả",
    "notices": "Tin báo tử",
    "purpose": "Mục đích",
    "reason": "Lý do",
    "remove_number": "Số đang ghi",
    "received_on": "Ngày nộp",
    "reference": "Mã tham chiếu",
    "reported_by": "Ai báo",
    "said_on": "Ngày số liệu",
    "scope": "Phạm vi",
    "sex": "Giới tính",
    "sheet": "Trang tính",
    "signed_on": "Ngày ký",
    "signer": "Người ký",
    "signer_kind": "Người ký là",
    "signer_name": "Họ tên người ký",
    "status": "Trạng thái",
    "step": "Bước ký",
    "times": "Số lần mức chuẩn",
    "title": "Chức danh",
    "to": "Người được ủy quyền",
    "to_unit": "Nơi chuyển đến",
    "to_place": "Nơi chuyển đến ngoài tỉnh",
    "treasury_number": "Số chứng từ Kho bạc",
    "unit": "Đơn vị",
    "until_on": "Đến hết ngày",
    "valid_from": "Có giá trị từ ngày",
    "valid_to": "Đến hết ngày",
    "valid_until": "Đến hết ngày",
    "returned": "Số tiền mang về",
    "witness": "Người chứng kiến",
    "year": "Niên độ ngân sách",
}

_WRITTEN = (
    (re.compile(r"(?<![\w/-])(20\d\d)-(\d\d)-(\d\d)(?![\w/-])"), r"\3/\2/\1"),
    (re.compile(r"(?<![\w/-])(20\d\d)-(\d\d)(?![\w/-])"), r"\2/\1"),
)
_ONE_OF_MANY = re.compile(r"(\d{1,3}): (.+)", re.DOTALL)
_BOUND = re.compile(r"(?<=hơn )\d{4,}\b")


@dataclass(frozen=True)
class Fault:
    """One fault of what was sent: the `field` of the form it is about ("" for none) and a sentence in the words of the page, or the `address`
    of the page where it is seen to."""

    field: str
    sentence: str
    address: str = ""

    def __str__(self) -> str:
        return self.sentence

    @property
    def of(self) -> str:
        """The field without the row its form stands in."""
        return self.field.partition("-")[0]

    def of_row(self, row: object) -> "Fault":
        """The same of the form of one row."""
        return Fault(f"{self.field}-{row}" if self.field else "", self.sentence)


def spell_out(conflicts: Sequence[str]) -> list[Fault]:
    """`account: number: sai` as "Số tài khoản: sai"; what is about no field we know stands as it came."""
    return [_fault(conflict) for conflict in conflicts]


def _fault(conflict: str) -> Fault:
    names: list[str] = []
    rest = conflict
    while ": " in rest:
        name, _, after = rest.partition(": ")
        if ".".join([*names, name]) not in FIELDS:
            break
        names, rest = [*names, name], after
    field = ".".join(names)
    if field and (one := _ONE_OF_MANY.fullmatch(rest)):
        return Fault(field.replace(".", "_"), f"{FIELDS[field]} thứ {int(one[1]) + 1}: {_as_written(one[2])}")
    return Fault(field.replace(".", "_"), f"{FIELDS[field]}: {_as_written(rest)}" if field else conflict)


def _as_written(said: str) -> str:
    """The API's `2024-09-01`, `2024-09` and 1000000 as pages write and read them."""
    for pattern, written in _WRITTEN:
        said = pattern.sub(written, said)
    return _BOUND.sub(lambda found: f"{int(found[0]):,}".replace(",", "."), said)
