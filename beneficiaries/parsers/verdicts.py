"""Read the list of an enquiry as it comes back: which row, whose name stands in it, what the answer is."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from beneficiaries.parsers.values import read_date, text_of
from beneficiaries.parsers.workbook import Cell, fold_heading, read_table

COLUMNS = {
    "reference": "Mã dòng",
    "name": "Họ và tên",
    "outcome": "Kết quả",
    "answered_on": "Ngày trả lời",
    "note": "Ghi chú",
}
OUTCOMES = {
    "khopdung": "MATCHES", "khop": "MATCHES", "dung": "MATCHES", "saihoten": "WRONG_NAME", "saiten": "WRONG_NAME",
    "saingaysinh": "WRONG_BIRTH_DATE", "saingaythangnamsinh": "WRONG_BIRTH_DATE", "sainamsinh": "WRONG_BIRTH_DATE", "saiso": "WRONG_NUMBER",
    "saisodinhdanh": "WRONG_NUMBER", "saisocccd": "WRONG_NUMBER", "khongtimthay": "NOT_FOUND", "khongcodulieu": "NOT_FOUND",
    "dachet": "DECEASED", "damat": "DECEASED", "trung": "DUPLICATE",
}  # fmt: skip
_REFERENCE = re.compile(r"XM(\d{1,9})-(\d{1,7})")


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """One answered row. `problem` names the column and what is wrong; such a row is not applied."""

    row_number: int
    enquiry_id: int
    ordinal: int
    name: str = field(repr=False)
    outcome: str
    answered_on: date | None
    note: str = field(repr=False)
    raw: Mapping[str, Cell] = field(repr=False)
    problem: str = ""


def read_verdicts(content: bytes, *, today: date) -> Iterator[VerdictRow]:
    """Rows that have an answer; a row left empty is not answered yet. Raises `FileUnreadable`."""
    for row in read_table(content, columns=COLUMNS, optional=frozenset({"note"})):
        cells = row.cells
        if not text_of(cells.get("outcome")) and not text_of(cells.get("answered_on")):
            continue
        found = _REFERENCE.fullmatch(text_of(cells.get("reference")))
        outcome = OUTCOMES.get(fold_heading(text_of(cells.get("outcome"))), "")
        answered_on = read_date(cells.get("answered_on"))
        yield VerdictRow(
            row_number=row.number,
            enquiry_id=int(found[1]) if found else 0,
            ordinal=int(found[2]) if found else 0,
            name=text_of(cells.get("name")),
            outcome=outcome,
            answered_on=answered_on,
            note=text_of(cells.get("note"))[:300],
            raw=cells,
            problem=_problem(bool(found), outcome, answered_on, today=today),
        )


def _problem(known: bool, outcome: str, answered_on: date | None, *, today: date) -> str:
    if not known:
        return "cột “Mã dòng” đã bị sửa hoặc để trống; mời giữ nguyên mã như tệp đã gửi."
    if not outcome:
        return "cột “Kết quả” phải là một trong: Khớp đúng, Sai họ tên, Sai ngày sinh, Sai số, Không tìm thấy, Đã chết, Trùng."
    if answered_on is None:
        return "cột “Ngày trả lời” không đọc được; mời ghi dạng 21/11/2026."
    return "cột “Ngày trả lời” ở sau hôm nay." if answered_on > today else ""
