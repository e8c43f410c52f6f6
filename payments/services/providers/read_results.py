"""Read a provider's result list: per row who, what became of the money, when, who signed. Nothing is looked up here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from beneficiaries.errors.files import ColumnsMissing
from beneficiaries.parsers.headings import Wording
from beneficiaries.parsers.values import read_date, text_of
from beneficiaries.parsers.workbook import Cell, fold_heading, open_table
from payments.money import AmountUnreadable, parse_amount
from payments.services.providers.templates import Form

_WORDINGS = {
    "payment": Wording("Mã khoản chi", ("Mã giao dịch", "Mã chi trả"), required=False),
    "code": Wording("Mã hồ sơ hưởng", ("Mã hồ sơ", "Mã đối tượng"), required=False),
    "name": Wording("Họ và tên người hưởng", ("Họ và tên", "Họ tên", "Tên người hưởng"), required=False),
    "amount": Wording("Tổng số được nhận", ("Số tiền", "Số tiền chi trả", "Số tiền đã chi")),
    "result": Wording("Kết quả", ("Kết quả chi trả", "Trạng thái", "Tình trạng")),
    "paid": Wording("Ngày nhận", ("Ngày chi trả", "Ngày chi", "Ngày giao dịch", "Ngày trả"), required=False),
    "signed_by": Wording("Người ký nhận", required=False),
    "relation": Wording("Quan hệ với người hưởng", ("Quan hệ",), required=False),
    "fingerprint": Wording("Điểm chỉ", required=False),
    "reason": Wording("Lý do", ("Nguyên nhân", "Lý do chưa nhận", "Lý do trả lại"), required=False),
}
_NO = frozenset({"", "khong", "0", "k"})


@dataclass(frozen=True)
class ResultRow:
    """One answered row. `outcome` is "" for words nobody knows, `amount` None where it is no amount; `key` is our payment's or the enrolment's code."""

    number: int
    key: str
    name: str = field(repr=False)
    amount: int | None
    outcome: str
    happened_on: date | None
    signed_by: str = field(repr=False)
    relation: str
    fingerprint: bool
    reason: str
    cells: Mapping[str, Cell] = field(repr=False)


def read_results(content: bytes, *, form: Form) -> Iterator[ResultRow]:
    """The rows that name somebody or say something; sums and empty rows are passed over. Raises `FileUnreadable`."""
    table = open_table(content, wordings=_WORDINGS, saved=form.headings)
    if not {"payment", "code"} & set(table.columns):
        raise ColumnsMissing(["Mã khoản chi"], fingerprint=table.heading.fingerprint)
    keys = list(table.columns)
    for number, values in enumerate(zip(*table.columns.values(), strict=True), start=table.first_number):
        cells = dict(zip(keys, values, strict=True))
        key = text_of(cells.get("payment")) or text_of(cells.get("code"))
        said = fold_heading(text_of(cells["result"]))
        if not key and not said:
            continue
        yield ResultRow(
            number=number,
            key=key,
            name=text_of(cells.get("name")),
            amount=_amount(cells["amount"]),
            outcome=form.words.get(said, ""),
            happened_on=read_date(cells.get("paid")),
            signed_by=text_of(cells.get("signed_by")),
            relation=text_of(cells.get("relation"))[:60],
            fingerprint=fold_heading(text_of(cells.get("fingerprint"))) not in _NO,
            reason=text_of(cells.get("reason"))[:200],
            cells=cells,
        )


def _amount(cell: Cell) -> int | None:
    try:
        return parse_amount(text_of(cell)) or None
    except AmountUnreadable:
        return None
