"""Lists about accounts: what VNeID knows of people's social-security accounts, and what a bank answered to a request to open some."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from beneficiaries.errors import ColumnsMissing
from beneficiaries.parsers.values import read_date, read_identity_number, text_of, tidy_name
from beneficiaries.parsers.workbook import Cell, TableRow, read_table

VNEID_COLUMNS = {
    "identity": "Số định danh cá nhân",
    "name": "Họ và tên",
    "bank": "Ngân hàng",
    "number": "Số tài khoản",
    "holder": "Tên chủ tài khoản",
    "registered": "Ngày đăng ký",
}
RESULT_COLUMNS = {
    "request": "Mã đề nghị",
    "result": "Kết quả",
    "number": "Số tài khoản",
    "holder": "Tên chủ tài khoản",
    "opened": "Ngày mở",
    "reason": "Lý do",
}
OPENED, REFUSED = "đã mở", "từ chối"


@dataclass(frozen=True)
class AnswerForm:
    """How a bank answers: our key → its heading, and the words under the result, in lower case."""

    columns: Mapping[str, str]
    opened: frozenset[str]
    refused: frozenset[str]


OUR_FORM = AnswerForm(columns=RESULT_COLUMNS, opened=frozenset({OPENED}), refused=frozenset({REFUSED}))


@dataclass(frozen=True)
class VneidRow:
    """An account a person registered on VNeID. `problem` is a sentence, empty when the row is fine."""

    row_number: int
    raw: dict[str, Cell]
    identity_number: str
    bank: str
    number: str
    holder: str
    registered_on: date | None
    problem: str


@dataclass(frozen=True)
class OpeningRow:
    """What a bank answered to one request."""

    row_number: int
    raw: dict[str, Cell]
    request_id: str
    opened: bool
    number: str
    holder: str
    opened_on: date | None
    reason: str
    problem: str


def read_vneid(content: bytes) -> Iterator[VneidRow]:
    """Rows of the VNeID list. Raises `FileUnreadable`."""
    for row in read_table(content, columns=VNEID_COLUMNS, optional=frozenset({"name"})):
        cells = row.cells
        identity = read_identity_number(cells["identity"]) or ""
        number, registered = text_of(cells["number"]).replace(" ", ""), read_date(cells["registered"])
        fine = len(identity) == 12 and number.isalnum() and registered
        yield VneidRow(
            row_number=row.number,
            raw=dict(cells),
            identity_number=identity,
            bank=text_of(cells["bank"]),
            number=number,
            holder=tidy_name(text_of(cells["holder"])),
            registered_on=registered,
            problem="" if fine else "Thiếu số định danh, số tài khoản hoặc ngày đăng ký.",
        )


def read_opening_results(content: bytes, *, forms: Sequence[AnswerForm] = (OUR_FORM,)) -> Iterator[OpeningRow]:
    """Rows of a bank's answers, in the first of `forms` whose headings the file has. Raises `FileUnreadable`."""
    *others, last = forms
    for form in others:
        try:
            table = read_table(content, columns=form.columns, optional=frozenset({"reason"}))
        except ColumnsMissing:
            continue
        return _answers(table, form)
    return _answers(read_table(content, columns=last.columns, optional=frozenset({"reason"})), last)


def _answers(rows: Iterator[TableRow], form: AnswerForm) -> Iterator[OpeningRow]:
    for row in rows:
        cells = row.cells
        result = text_of(cells["result"]).casefold()
        number, opened_on = text_of(cells["number"]).replace(" ", ""), read_date(cells["opened"])
        opened = result in form.opened
        fine = result in form.refused or (opened and number.isalnum() and opened_on)
        yield OpeningRow(
            row_number=row.number,
            raw=dict(cells),
            request_id=text_of(cells["request"]),
            opened=opened,
            number=number,
            holder=tidy_name(text_of(cells["holder"])),
            opened_on=opened_on,
            reason=text_of(cells.get("reason"))[:60],
            problem="" if fine else "Kết quả phải là “Đã mở” (có số tài khoản, ngày mở) hoặc “Từ chối”.",
        )
