"""Lists about accounts: what VNeID knows of people's social-security accounts, and what a bank answered to a request to open some."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from beneficiaries.errors.files import ColumnsMissing
from beneficiaries.parsers.faults import unfit_cells
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
VNEID_OPTIONAL, ANSWER_OPTIONAL = frozenset({"name"}), frozenset({"reason"})
OPENED, REFUSED = "đã mở", "từ chối"
_DAY = "mời ghi dạng 21/11/2026."
_ACCOUNT = "mời ghi số tài khoản hoặc số ví, chỉ gồm chữ và số, định dạng ô là văn bản."
WRITE = {
    "identity": "mời ghi đủ 12 chữ số của số định danh cá nhân, định dạng ô là văn bản.",
    "number": _ACCOUNT,
    "registered": _DAY,
    "opened": _DAY,
    "result": "mời ghi đúng chữ của mẫu, ví dụ “Đã mở” hoặc “Từ chối”.",
}


@dataclass(frozen=True)
class AnswerForm:
    """How a bank answers: our key → its heading, and the words under the result, in lower case."""

    columns: Mapping[str, str]
    opened: frozenset[str]
    refused: frozenset[str]


OUR_FORM = AnswerForm(columns=RESULT_COLUMNS, opened=frozenset({OPENED}), refused=frozenset({REFUSED}))


@dataclass(frozen=True)
class VneidRow:
    """An account a person registered on VNeID. `problems` are sentences with their columns, none when the row is fine."""

    row_number: int
    raw: dict[str, Cell]
    identity_number: str
    bank: str
    number: str
    holder: str
    registered_on: date | None
    problems: tuple[str, ...]


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
    problems: tuple[str, ...]


def read_vneid(content: bytes) -> Iterator[VneidRow]:
    """Rows of the VNeID list. Raises `FileUnreadable`."""
    for row in read_table(content, columns=VNEID_COLUMNS, optional=VNEID_OPTIONAL):
        cells = row.cells
        identity = read_identity_number(cells["identity"]) or ""
        number, registered = text_of(cells["number"]).replace(" ", ""), read_date(cells["registered"])
        read = {"identity": len(identity) == 12, "number": number.isalnum(), "registered": bool(registered)}
        yield VneidRow(
            row_number=row.number,
            raw=dict(cells),
            identity_number=identity,
            bank=text_of(cells["bank"]),
            number=number,
            holder=tidy_name(text_of(cells["holder"])),
            registered_on=registered,
            problems=unfit_cells(
                cells, columns=VNEID_COLUMNS, write=WRITE, unread=[key for key, fine in read.items() if not fine]
            ),
        )


def read_opening_results(content: bytes, *, forms: Sequence[AnswerForm] = (OUR_FORM,)) -> Iterator[OpeningRow]:
    """Rows of a bank's answers, in the first of `forms` whose headings the file has. Raises `FileUnreadable`."""
    *others, last = forms
    for form in others:
        try:
            table = read_table(content, columns=form.columns, optional=ANSWER_OPTIONAL)
        except ColumnsMissing:
            continue
        return _answers(table, form)
    return _answers(read_table(content, columns=last.columns, optional=ANSWER_OPTIONAL), last)


def _answers(rows: Iterator[TableRow], form: AnswerForm) -> Iterator[OpeningRow]:
    for row in rows:
        cells = row.cells
        result = text_of(cells["result"]).casefold()
        number, opened_on = text_of(cells["number"]).replace(" ", ""), read_date(cells["opened"])
        opened = result in form.opened
        read = {"result": opened or result in form.refused}
        if opened:
            read |= {"number": number.isalnum(), "opened": bool(opened_on)}
        yield OpeningRow(
            row_number=row.number,
            raw=dict(cells),
            request_id=text_of(cells["request"]),
            opened=opened,
            number=number,
            holder=tidy_name(text_of(cells["holder"])),
            opened_on=opened_on,
            reason=text_of(cells.get("reason"))[:60],
            problems=unfit_cells(
                cells, columns=form.columns, write=WRITE, unread=[key for key, fine in read.items() if not fine]
            ),
        )
