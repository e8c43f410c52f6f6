"""The social-security office's list of whom it pays each month: pensions, monthly social-insurance benefits, unemployment benefits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from beneficiaries.parsers.faults import unfit_cells
from beneficiaries.parsers.values import read_digits, read_identity_number, read_month, text_of
from beneficiaries.parsers.workbook import Cell, fold_heading, read_table

COLUMNS = {
    "identity": "Số định danh cá nhân",
    "kind": "Loại chế độ",
    "amount": "Mức hưởng",
    "from_month": "Hưởng từ tháng",
}
WRITE = {
    "identity": "mời ghi đủ 12 chữ số của số định danh cá nhân, định dạng ô là văn bản.",
    "kind": "mời ghi một trong: Lương hưu, Trợ cấp BHXH hằng tháng, Trợ cấp thất nghiệp.",
    "amount": "mời ghi số đồng mỗi tháng, ví dụ 3.100.000.",
    "from_month": "mời ghi dạng tháng/năm, ví dụ 09/2024.",
}
_KINDS = {
    r"luonghuu.*": "PENSION",
    r"huutri": "PENSION",
    r"trocapthatnghiep|bhtn": "UNEMPLOYMENT",
    r"trocap(bhxh|baohiemxahoi)(hangthang)?|matsuclaodong|tuathangthang|tuathang|tnldbnn": "MONTHLY",
}


@dataclass(frozen=True)
class InsuranceRow:
    """Somebody the office pays, đồng per month; `problems` by column, none when the row is fine."""

    row_number: int
    raw: dict[str, Cell]
    identity_number: str
    kind: str
    amount: int
    from_month: date | None
    problems: tuple[str, ...]


def read_insurance(content: bytes) -> Iterator[InsuranceRow]:
    """Rows of the list. Raises `FileUnreadable`."""
    for row in read_table(content, columns=COLUMNS):
        cells = row.cells
        if not text_of(cells["identity"]) and not text_of(cells["kind"]):
            continue  # a total
        number, kind = read_identity_number(cells["identity"]) or "", _kind(text_of(cells["kind"]))
        amount, from_month = read_digits(text_of(cells["amount"])) or 0, read_month(cells["from_month"])
        read = {"identity": len(number) == 12, "kind": kind, "amount": amount, "from_month": from_month}
        yield InsuranceRow(
            row_number=row.number,
            raw=dict(cells),
            identity_number=number,
            kind=kind,
            amount=amount,
            from_month=from_month,
            problems=unfit_cells(
                cells, columns=COLUMNS, write=WRITE, unread=[key for key, found in read.items() if not found]
            ),
        )


def _kind(typed: str) -> str:
    folded = fold_heading(typed)
    return next((kind for pattern, kind in _KINDS.items() if re.fullmatch(pattern, folded)), "")
