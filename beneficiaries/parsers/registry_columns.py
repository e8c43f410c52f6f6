"""The one declared schema of a registry row: each column's heading and other wordings, how a cell is read, and what is said when it can't be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beneficiaries.parsers.headings import GRANT, PAYEE, PERSON, PERSONS_NAME, Wording
from beneficiaries.parsers.spreadsheets import Cell
from beneficiaries.parsers.values import (
    BirthDate,
    read_birth,
    read_coefficient,
    read_date,
    read_identity_number,
    read_month,
    read_paper_date,
    text_of,
    tidy_name,
)

Value = str | BirthDate | Decimal | date | None
EXAMPLE_MARK = "VÍ DỤ - xóa dòng này"  # in the note of the template's example row, which is nobody
SEXES = {"nam": "MALE", "nữ": "FEMALE", "nu": "FEMALE", "m": "MALE", "f": "FEMALE"}
RELATIONS = {
    "": "OWN",
    "chính chủ": "OWN",
    "người giám hộ": "GUARDIAN",
    "giám hộ": "GUARDIAN",
    "người được ủy quyền": "AUTHORISED",
    "người được uỷ quyền": "AUTHORISED",
    "người chăm sóc": "CARER",
    **dict.fromkeys(
        ("cha", "mẹ", "bố", "cha mẹ", "bố mẹ", "cha, mẹ", "bố, mẹ", "cha/mẹ", "bố/mẹ", "cha đẻ", "mẹ đẻ", "bố đẻ"),
        "PARENT",
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell and what to do; `fatal` keeps the row out."""

    code: str
    sentence: str
    fatal: bool = False


@dataclass(frozen=True)
class Column:
    """One column. `read` returns None for what it can't read; `missing` and `unreadable` are then said, `doubt` about what was read."""

    label: str
    read: Callable[[Cell], Value]
    synonyms: tuple[str, ...] = ()
    required: bool = False
    missing: Fault | None = None
    unreadable: Fault | None = None
    doubt: Callable[[Value], Fault | None] | None = None
    longest: int = 0


def _text(cell: Cell) -> str:
    return " ".join(text_of(cell).split())


def _name(cell: Cell) -> str:
    return tidy_name(text_of(cell))


def _upper(cell: Cell) -> str:
    return text_of(cell).upper()


def _spaceless(cell: Cell) -> str:
    return text_of(cell).replace(" ", "")


def _sex(cell: Cell) -> str | None:
    return SEXES.get(text_of(cell).casefold())


def _relation(cell: Cell) -> str | None:
    return RELATIONS.get(tidy_name(text_of(cell)).casefold())


def _year_only(value: Value) -> Fault | None:
    if isinstance(value, BirthDate) and value.full is None:
        return Fault("BIRTH_YEAR_ONLY", "Chỉ có năm sinh; mời bổ sung ngày, tháng sinh theo giấy tờ.")
    return None


def _old_card(value: Value) -> Fault | None:
    if isinstance(value, str) and len(value) == 9:
        return Fault("NUMBER_OLD_CARD", "Số chứng minh nhân dân 9 số đã hết giá trị; mời thay bằng số định danh 12 số.")
    return None


def _example(value: Value) -> Fault | None:
    if value == EXAMPLE_MARK:
        return Fault("EXAMPLE_ROW", "Đây là dòng ví dụ của mẫu; mời xóa dòng này.", fatal=True)
    return None


_BIRTH = Fault("BIRTH_UNREADABLE", "Không đọc được ngày sinh; mời ghi dạng ngày/tháng/năm, hoặc chỉ năm sinh.")
_SEX = Fault("SEX_UNREADABLE", "Giới tính phải là Nam hoặc Nữ.", fatal=True)
_COEFFICIENT = Fault("COEFFICIENT_UNREADABLE", "Hệ số phải là số lớn hơn 0, ví dụ 1,5.", fatal=True)
_START = Fault(
    "START_UNREADABLE",
    "Không đọc được tháng bắt đầu hưởng; mời ghi dạng tháng/năm, ví dụ 07/2024.",
    fatal=True,
)
_DECISION_DATE = Fault(
    "DECISION_DATE_UNREADABLE",
    "Ngày quyết định không đọc được, hoặc không có trong lịch; mời ghi đủ ngày/tháng/năm như trên quyết định, ví dụ 05/07/2024; "
    "chưa chi trả được cho đến khi sửa.",
)
PAPER_END = Fault(
    "PAYEE_UNTIL_UNREADABLE",
    "Ngày hết hạn giấy ủy quyền không đọc được, hoặc không có trong lịch; mời ghi đủ ngày/tháng/năm như trên giấy, ví dụ 30/06/2027.",
)
DECISION_MISSING = Fault("DECISION_MISSING", "Thiếu số hoặc ngày quyết định; chưa chi trả được cho đến khi bổ sung.")
PAYEE_UNCLEAR = Fault("PAYEE_UNCLEAR", "Người nhận thay thiếu họ tên hoặc quan hệ; kỳ này trả cho chính người hưởng.")

REGISTRY: dict[str, Column] = {
    "code": Column(
        "Mã hồ sơ hưởng",
        _text,
        ("Mã hồ sơ", "Mã đối tượng", "Mã hưởng", "Số hồ sơ"),
        required=True,
        missing=Fault("CODE_MISSING", "Thiếu mã hồ sơ hưởng; mời ghi mã của hồ sơ.", fatal=True),
        longest=30,
    ),
    "name": Column(
        "Họ và tên",
        _name,
        ("Họ tên", "Họ, chữ đệm và tên", "Họ và tên đối tượng", "Họ tên người hưởng", "Tên đối tượng", "Họ và tên người hưởng chế độ"),
        required=True,
        missing=Fault("NAME_MISSING", "Thiếu họ và tên; mời ghi đủ họ tên người hưởng.", fatal=True),
        longest=100,
    ),
    "birth": Column(
        "Ngày sinh",
        read_birth,
        ("Năm sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "Sinh ngày", "NTNS"),
        required=True,
        missing=_BIRTH,
        unreadable=_BIRTH,
        doubt=_year_only,
    ),
    "sex": Column("Giới tính", _sex, ("Giới", "Nam/Nữ", "Phái"), required=True, missing=_SEX, unreadable=_SEX),
    "number": Column(
        "Số định danh cá nhân/CMND",
        read_identity_number,
        (
            "Số định danh cá nhân",
            "Số định danh",
            "Số CCCD",
            "CCCD",
            "Số căn cước công dân",
            "Số căn cước",
            "Căn cước công dân",
            "Số CMND",
            "CMND",
            "CMND/CCCD",
            "Số CCCD/CMND",
            "Số CMND/CCCD/ĐDCN",
            "Mã định danh",
            "Mã số định danh cá nhân",
        ),
        required=True,
        missing=Fault("NUMBER_MISSING", "Chưa có số định danh cá nhân; vẫn được chi trả, mời bổ sung."),
        unreadable=Fault("NUMBER_UNREADABLE", "Số định danh không đọc được; mời ghi đủ 12 chữ số."),
        doubt=_old_card,
    ),
    "hamlet": Column(
        "Thôn, tổ dân phố", _text, ("Thôn", "Tổ dân phố", "Thôn/TDP", "Thôn, TDP", "Ấp", "Khu phố", "Xóm", "Thôn/xóm", "Địa chỉ thôn")
    ),
    "programme": Column(
        "Mã chính sách", _upper, ("Chính sách", "Mã chế độ", "Chế độ", "Loại chính sách"), required=True
    ),
    "category": Column(
        "Mã nhóm", _upper, ("Mã nhóm đối tượng", "Nhóm đối tượng", "Mã loại đối tượng", "Loại đối tượng"), required=True
    ),
    "coefficient": Column(
        "Hệ số",
        read_coefficient,
        ("Hệ số hưởng", "Hệ số trợ cấp", "Mức hệ số", "HS"),
        required=True,
        missing=_COEFFICIENT,
        unreadable=_COEFFICIENT,
    ),
    "decision_number": Column(
        "Số quyết định", _text, ("Số QĐ", "QĐ số", "Quyết định hưởng số", "Số QĐ hưởng"), required=True, longest=60
    ),
    "decision_date": Column(
        "Ngày quyết định",
        read_paper_date,
        ("Ngày QĐ", "QĐ ngày", "Ngày ký quyết định", "Ngày ban hành", "Ngày QĐ hưởng"),
        required=True,
        unreadable=_DECISION_DATE,
    ),
    "decision_signer": Column(
        "Người ký quyết định",
        _text,
        ("Người ký QĐ", "Người ký", "QĐ do ai ký", "Họ tên, chức vụ người ký", "Người ký, chức vụ"),
        longest=100,
    ),
    "starts": Column(
        "Hưởng từ tháng",
        read_month,
        ("Từ tháng", "Thời điểm hưởng", "Tháng bắt đầu hưởng", "Hưởng từ", "Thời gian hưởng", "Tháng hưởng"),
        required=True,
        missing=_START,
        unreadable=_START,
    ),
    "paid_through": Column(
        "Đã chi trả đến hết tháng",
        read_month,
        ("Đã chi đến hết tháng", "Chi trả đến tháng", "Đã nhận đến tháng"),
        unreadable=Fault(
            "PAID_THROUGH_UNREADABLE", "Không đọc được tháng đã chi trả; mời ghi dạng tháng/năm.", fatal=True
        ),
    ),
    "payee_name": Column(
        "Người nhận thay",
        _name,
        ("Họ tên người nhận thay", "Người nhận tiền", "Họ tên người nhận tiền", "Người được ủy quyền", "Họ và tên người giám hộ"),
        longest=100,
    ),
    "payee_relation": Column(
        "Quan hệ", _relation, ("Quan hệ với người hưởng", "Quan hệ với đối tượng", "Quan hệ người nhận thay", "Mối quan hệ")
    ),
    "payee_until": Column(
        "Giấy ủy quyền đến ngày",
        read_date,
        ("Thời hạn ủy quyền", "Ủy quyền đến ngày", "Người nhận thay giấy ủy quyền đến ngày"),
        unreadable=PAPER_END,
    ),
    "account": Column(
        "Số tài khoản đang nhận", _spaceless, ("Số tài khoản", "STK", "Tài khoản", "Tài khoản nhận", "Số TK", "Số tài khoản ngân hàng")
    ),
    "bank": Column("Ngân hàng", _text, ("Tên ngân hàng", "Tại ngân hàng", "NH", "Ngân hàng mở tài khoản", "Tài khoản ngân hàng mở")),
    "note": Column("Ghi chú", _text, ("Chú thích",), doubt=_example),
}  # fmt: skip
COLUMNS: dict[str, str] = {key: column.label for key, column in REGISTRY.items()}
# A form of an office may have no such column at all: who is meant is then known by who they are.
WORKS_WITHOUT = frozenset({"code"})
OPTIONAL = frozenset(key for key, column in REGISTRY.items() if not column.required)
# Many forms give the birth date under "Nam" or under "Nữ" and no sex: two columns that stand for the two.
BY_SEX = {
    "birth_male": (
        "Nam",
        Wording("Năm sinh nam", ("Ngày tháng năm sinh nam", "Ngày sinh nam"), required=False, whose=PERSON),
    ),
    "birth_female": (
        "Nữ",
        Wording("Năm sinh nữ", ("Ngày tháng năm sinh nữ", "Ngày sinh nữ"), required=False, whose=PERSON),
    ),
}
# Whose a column is: a number under "Người nhận thay" is the payee's, a decision under "Thôi hưởng" does not grant.
_WHOSE = {
    **dict.fromkeys(("birth", "sex", "number"), PERSON),
    **dict.fromkeys(("code", "decision_number", "decision_date", "decision_signer"), GRANT),
    **dict.fromkeys(("payee_name", "payee_relation", "payee_until"), PAYEE),
    "name": PERSONS_NAME,
}
WORDINGS: Mapping[str, Wording] = {
    **{
        key: Wording(column.label, column.synonyms, column.required, _WHOSE.get(key, ""))
        for key, column in REGISTRY.items()
    },
    **{key: wording for key, (_, wording) in BY_SEX.items()},
}
