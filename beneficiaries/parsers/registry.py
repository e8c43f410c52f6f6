"""A ward's registry list, row by row: values read, errors named by column, nothing guessed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from beneficiaries.parsers.values import (
    BirthDate,
    read_birth,
    read_coefficient,
    read_date,
    read_identity_number,
    read_month,
    text_of,
    tidy_name,
)
from beneficiaries.parsers.workbook import Cell, TableRow, read_table

COLUMNS: dict[str, str] = {
    "code": "Mã hồ sơ hưởng",
    "name": "Họ và tên",
    "birth": "Ngày sinh",
    "sex": "Giới tính",
    "number": "Số định danh cá nhân/CMND",
    "hamlet": "Thôn, tổ dân phố",
    "programme": "Mã chính sách",
    "category": "Mã nhóm",
    "coefficient": "Hệ số",
    "decision_number": "Số quyết định",
    "decision_date": "Ngày quyết định",
    "starts": "Hưởng từ tháng",
    "paid_through": "Đã chi trả đến hết tháng",
    "payee_name": "Người nhận thay",
    "payee_relation": "Quan hệ",
    "payee_until": "Giấy ủy quyền đến ngày",
    "account": "Số tài khoản đang nhận",
    "bank": "Ngân hàng",
    "note": "Ghi chú",
}
OPTIONAL = frozenset(
    {"paid_through", "payee_name", "payee_relation", "payee_until", "account", "bank", "note", "hamlet"}
)
LONGEST = {"code": 30, "name": 100, "decision_number": 60, "payee_name": 100}  # letters we keep
SEXES = {"nam": "MALE", "nữ": "FEMALE", "nu": "FEMALE"}
RELATIONS = {
    "": "OWN",
    "chính chủ": "OWN",
    "người giám hộ": "GUARDIAN",
    "người được ủy quyền": "AUTHORISED",
    "người chăm sóc": "CARER",
}


@dataclass(frozen=True)
class CellError:
    """What was wrong in which column and what to do; `fatal` keeps the row out. Holds no value of the row."""

    column: str
    code: str
    sentence: str
    fatal: bool

    def as_json(self) -> dict[str, str]:
        """For keeping beside the row."""
        return {"column": self.column, "code": self.code, "sentence": self.sentence}


@dataclass
class RegistryEntry:
    """One row of a registry as read. Empty where unreadable, with an error beside it."""

    row_number: int
    raw: Mapping[str, Cell]
    code: str = ""
    name: str = ""
    birth: BirthDate | None = None
    sex: str = ""
    number: str | None = None
    hamlet: str = ""
    programme: str = ""
    category: str = ""
    coefficient: Decimal | None = None
    decision_number: str = ""
    decision_date: date | None = None
    starts: date | None = None
    paid_through: date | None = None
    payee_kind: str = "OWN"
    payee_name: str = ""
    payee_until: date | None = None
    account: str = ""
    bank: str = ""
    errors: list[CellError] = field(default_factory=list)

    @property
    def rejected(self) -> bool:
        """Whether the row can't be taken in as it stands."""
        return any(error.fatal for error in self.errors)

    def wrong(self, key: str, code: str, sentence: str, *, fatal: bool = False) -> None:
        """Note an error in the column `key`."""
        self.errors.append(CellError(column=COLUMNS[key], code=code, sentence=sentence, fatal=fatal))


def read_registry(content: bytes) -> Iterator[RegistryEntry]:
    """Yield every data row; title rows above the heading and total rows below are passed over. Raises `FileUnreadable`."""
    for row in read_table(content, columns=COLUMNS, optional=OPTIONAL):
        if row.cells["code"] is None and text_of(row.cells["name"]).casefold() in ("", "tổng cộng", "cộng"):
            continue
        if text_of(row.cells["code"]).casefold() in ("tổng cộng", "cộng"):
            continue
        yield _entry(row)


def _entry(row: TableRow) -> RegistryEntry:
    cells = row.cells
    entry = RegistryEntry(row_number=row.number, raw=cells)
    _read_person(entry, cells)
    _read_grant(entry, cells)
    _read_payee(entry, cells)
    for key, limit in LONGEST.items():
        if len(getattr(entry, key)) > limit:
            entry.wrong(key, "TOO_LONG", f"Ô này dài quá {limit} ký tự; mời kiểm tra lại.", fatal=True)
    return entry


def _read_person(entry: RegistryEntry, cells: Mapping[str, Cell]) -> None:
    entry.code = text_of(cells["code"])
    if not entry.code:
        entry.wrong("code", "CODE_MISSING", "Thiếu mã hồ sơ hưởng; mời ghi mã của hồ sơ.", fatal=True)
    entry.name = tidy_name(text_of(cells["name"]))
    if not entry.name:
        entry.wrong("name", "NAME_MISSING", "Thiếu họ và tên; mời ghi đủ họ tên người hưởng.", fatal=True)
    entry.birth = read_birth(cells["birth"])
    if entry.birth is None:
        entry.wrong(
            "birth", "BIRTH_UNREADABLE", "Không đọc được ngày sinh; mời ghi dạng ngày/tháng/năm, hoặc chỉ năm sinh."
        )
    elif entry.birth.full is None:
        entry.wrong("birth", "BIRTH_YEAR_ONLY", "Chỉ có năm sinh; mời bổ sung ngày, tháng sinh theo giấy tờ.")
    entry.sex = SEXES.get(text_of(cells["sex"]).casefold(), "")
    if not entry.sex:
        entry.wrong("sex", "SEX_UNREADABLE", "Giới tính phải là Nam hoặc Nữ.", fatal=True)
    entry.number = read_identity_number(cells["number"])
    if entry.number is None:
        missing = not text_of(cells["number"])
        sentence = (
            "Chưa có số định danh cá nhân; vẫn được chi trả, mời bổ sung."
            if missing
            else "Số định danh không đọc được; mời ghi đủ 12 chữ số."
        )
        entry.wrong("number", "NUMBER_MISSING" if missing else "NUMBER_UNREADABLE", sentence)
    elif len(entry.number) == 9:
        entry.wrong(
            "number", "NUMBER_OLD_CARD", "Số chứng minh nhân dân 9 số đã hết giá trị; mời thay bằng số định danh 12 số."
        )
    entry.hamlet = text_of(cells.get("hamlet"))


def _read_grant(entry: RegistryEntry, cells: Mapping[str, Cell]) -> None:
    entry.programme = text_of(cells["programme"]).upper()
    entry.category = text_of(cells["category"]).upper()
    entry.coefficient = read_coefficient(cells["coefficient"])
    if entry.coefficient is None:
        entry.wrong("coefficient", "COEFFICIENT_UNREADABLE", "Hệ số phải là số lớn hơn 0, ví dụ 1,5.", fatal=True)
    entry.decision_number = text_of(cells["decision_number"])
    entry.decision_date = read_date(cells["decision_date"])
    if not entry.decision_number or entry.decision_date is None:
        entry.wrong(
            "decision_number",
            "DECISION_MISSING",
            "Thiếu số hoặc ngày quyết định; chưa chi trả được cho đến khi bổ sung.",
        )
    entry.starts = read_month(cells["starts"])
    if entry.starts is None:
        entry.wrong(
            "starts",
            "START_UNREADABLE",
            "Không đọc được tháng bắt đầu hưởng; mời ghi dạng tháng/năm, ví dụ 07/2024.",
            fatal=True,
        )
    entry.paid_through = read_month(cells.get("paid_through"))
    if cells.get("paid_through") is not None and entry.paid_through is None:
        entry.wrong(
            "paid_through",
            "PAID_THROUGH_UNREADABLE",
            "Không đọc được tháng đã chi trả; mời ghi dạng tháng/năm.",
            fatal=True,
        )


def _read_payee(entry: RegistryEntry, cells: Mapping[str, Cell]) -> None:
    relation = RELATIONS.get(text_of(cells.get("payee_relation")).casefold())
    entry.payee_name = tidy_name(text_of(cells.get("payee_name")))
    if relation is None or (relation != "OWN" and not entry.payee_name):
        entry.wrong(
            "payee_relation",
            "PAYEE_UNCLEAR",
            "Người nhận thay thiếu họ tên hoặc quan hệ; kỳ này trả cho chính người hưởng.",
        )
        relation = "OWN"
    entry.payee_kind = relation
    entry.payee_until = read_date(cells.get("payee_until"))
    entry.account = text_of(cells.get("account")).replace(" ", "")
    entry.bank = text_of(cells.get("bank"))
