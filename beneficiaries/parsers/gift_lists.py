"""Lists of who receives a gift or a grant paid once (quà lễ, Tết, tiền điện hộ nghèo, trợ giúp khẩn cấp), by person or by household."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from beneficiaries.parsers.faults import unfit_cells
from beneficiaries.parsers.registry_columns import SEXES
from beneficiaries.parsers.values import (
    BirthDate,
    read_birth,
    read_identity_number,
    read_month,
    read_paper_date,
    text_of,
    tidy_name,
)
from beneficiaries.parsers.workbook import Cell, read_table

COLUMNS = {
    "grant": "Mã chính sách",
    "decision": "Số quyết định",
    "signed": "Ngày quyết định",
    "signer": "Người ký",
    "month": "Tháng chi",
    "name": "Họ và tên",
    "birth": "Ngày sinh",
    "sex": "Giới tính",
    "code": "Mã hồ sơ hưởng",
    "identity": "Số định danh cá nhân/CMND",
    "hamlet": "Thôn, tổ dân phố",
    "household": "Mã hộ",
    "head": "Chủ hộ",
}
OPTIONAL = frozenset({"code", "identity", "hamlet", "household", "head"})
WRITE = {
    "grant": "mời ghi mã của khoản quà, trợ cấp đã mở.",
    "decision": "mời ghi số quyết định như trên văn bản.",
    "signed": "mời ghi dạng 21/11/2026.",
    "signer": "mời ghi họ tên và chức vụ người ký như trên quyết định.",
    "month": "mời ghi dạng tháng/năm, ví dụ 09/2024.",
    "name": "mời ghi đủ họ tên.",
    "birth": "mời ghi ngày/tháng/năm sinh, hoặc chỉ năm sinh.",
    "sex": "mời ghi Nam hoặc Nữ.",
    "identity": "mời ghi đủ 12 chữ số, hoặc để trống nếu chưa có.",
}


@dataclass(frozen=True)
class GiftRow:
    """Somebody a decision names; `code` of a record, or who they are. `problems` by column, none when the row is fine."""

    row_number: int
    raw: dict[str, Cell]
    grant: str
    decision: str
    signed_on: date | None
    signer: str
    month: date | None
    name: str
    birth: BirthDate | None
    sex: str
    code: str
    identity_number: str
    hamlet: str
    household: str
    is_head: bool
    problems: tuple[str, ...]


def read_gifts(content: bytes) -> Iterator[GiftRow]:
    """Rows of the list; a row without grant and name is a total. Raises `FileUnreadable`."""
    for row in read_table(content, columns=COLUMNS, optional=OPTIONAL):
        cells = {key: row.cells.get(key) for key in COLUMNS}
        texts = {key: " ".join(text_of(cell).split()) for key, cell in cells.items()}
        if not texts["grant"] and not texts["decision"]:
            continue
        birth, sex = read_birth(cells["birth"]), SEXES.get(texts["sex"].casefold(), "")
        signed_on, month = read_paper_date(cells["signed"]), read_month(cells["month"])
        number = read_identity_number(cells["identity"]) or ""
        known = bool(texts["code"])  # of a record of ours everything else is known
        read = {
            "grant": texts["grant"],
            "decision": texts["decision"],
            "signed": signed_on,
            "signer": texts["signer"],
            "month": month,
            "name": known or texts["name"],
            "birth": known or birth,
            "sex": known or sex,
            "identity": number or not texts["identity"],
        }
        yield GiftRow(
            row_number=row.number,
            raw=dict(row.cells),
            grant=texts["grant"].upper(),
            decision=texts["decision"][:60],
            signed_on=signed_on,
            signer=" ".join(texts["signer"].split())[:100],
            month=month,
            name=tidy_name(texts["name"])[:100],
            birth=birth,
            sex=sex,
            code=texts["code"],
            identity_number=number,
            hamlet=texts["hamlet"][:60],
            household=texts["household"],
            is_head=bool(texts["head"]),
            problems=unfit_cells(
                cells, columns=COLUMNS, write=WRITE, unread=[key for key, found in read.items() if not found]
            ),
        )
