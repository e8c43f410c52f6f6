"""Lists that offices and banks send: accounts, decisions, answers of a review, money a provider still holds. Each declares its columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from beneficiaries.parsers.faults import unfit_cells
from beneficiaries.parsers.registry_columns import RELATIONS
from beneficiaries.parsers.values import (
    read_coefficient,
    read_date,
    read_identity_number,
    read_month,
    read_paper_date,
    text_of,
    tidy_name,
)
from beneficiaries.parsers.workbook import Cell, read_table

ACCOUNT_COLUMNS = {
    "code": "Mã hồ sơ hưởng",
    "holder": "Tên chủ tài khoản",
    "number": "Số tài khoản",
    "opened": "Ngày mở",
    "state": "Tình trạng",
    "holder_kind": "Loại chủ tài khoản",
}
DECISION_COLUMNS = {
    "code": "Mã hồ sơ hưởng",
    "kind": "Loại quyết định",
    "number": "Số quyết định",
    "signed": "Ngày quyết định",
    "effective": "Hiệu lực từ tháng",
    "reason": "Lý do",
    "signer": "Người ký",
    "coefficient": "Hệ số",
    "last_month": "Đã chi trả đến hết tháng",
    "to_unit": "Mã xã chuyển đến",
    "to_place": "Nơi chuyển đến ngoài tỉnh",
    "between": "Chi các tháng ở giữa",
    "amount": "Số tiền thu hồi",
    "ceiling": "Mức thu mỗi tháng",
    "payee": "Người nhận",
}
DECISION_OPTIONAL = frozenset(DECISION_COLUMNS) - {"code", "kind", "number", "signed", "effective", "signer"}
REVIEW_COLUMNS = {
    "code": "Mã hồ sơ hưởng",
    "answer": "Kết quả",
    "number": "Số định danh đúng",
    "same_as": "Mã hồ sơ trùng",
    "basis": "Căn cứ",
}
REVIEW_OPTIONAL = frozenset({"basis"})
UNCLAIMED_COLUMNS = {"code": "Mã hồ sơ hưởng", "month": "Tháng", "amount": "Số tiền", "reason": "Lý do"}
UNCLAIMED_OPTIONAL = frozenset({"reason"})

# The words of registries; nothing said is no word of a bank.
HOLDER_KINDS = {word: kind for word, kind in RELATIONS.items() if word}
DECISION_KINDS = {
    "hưởng": "GRANT",
    "điều chỉnh": "ADJUST",
    "tạm dừng": "SUSPEND",
    "tiếp tục hưởng": "RESUME",
    "hưởng lại": "RESUME",
    "thôi hưởng": "STOP",
    "chuyển đi": "TRANSFER_OUT",
    "thu hồi": "RECOVER",
    "chi trả số tiền chưa nhận": "PAY_OUT",
}
YES_NO = {"có": True, "không": False}
ANSWERS = {
    "đúng người": "SAME_PERSON",
    "không tìm thấy": "NOT_FOUND",
    "số của người khác": "CONFLICT",
    "trùng": "DUPLICATE",
}


_MONTH = "mời ghi dạng tháng/năm, ví dụ 09/2024."
_ACCOUNT_WRITE = {
    "number": "mời ghi số tài khoản, chỉ gồm chữ và số, định dạng ô là văn bản.",
    "holder_kind": "mời ghi một trong: Chính chủ, Người giám hộ, Người được ủy quyền, Người chăm sóc, Cha, Mẹ.",
}
_DECISION_WRITE = {
    "kind": "mời ghi một trong: Hưởng, Điều chỉnh, Tạm dừng, Tiếp tục hưởng, Thôi hưởng, Chuyển đi, Thu hồi, Chi trả số tiền chưa nhận.",
    "number": "mời ghi số quyết định như trên văn bản.",
    "signed": "mời ghi dạng 21/11/2026.",
    "signer": "mời ghi họ tên và chức vụ người ký như trên quyết định.",
    "effective": _MONTH,
}
_REVIEW_WRITE = {
    "answer": "mời ghi một trong: Đúng người, Không tìm thấy, Số của người khác, Trùng.",
    "number": "mời ghi đủ 12 chữ số của số định danh cá nhân, định dạng ô là văn bản.",
}
_UNCLAIMED_WRITE = {"month": _MONTH, "amount": "mời ghi số đồng, ví dụ 500.000."}


@dataclass(frozen=True)
class ListRow:
    """A row of an office's list: raw cells for the digest, what went wrong by column, nothing when it is fine."""

    row_number: int
    raw: dict[str, Cell]
    code: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class AccountRow(ListRow):
    """An account a bank says it opened."""

    holder: str
    number: str
    opened_on: date | None
    is_open: bool
    holder_kind: str


@dataclass(frozen=True)
class DecisionRow(ListRow):
    """A decision; what only some kinds say is None or "" for the others. Sums are as typed."""

    kind: str
    number: str
    signed_on: date | None
    effective_month: date | None
    reason: str
    signer: str
    coefficient: Decimal | None
    last_month: date | None
    to_unit: str
    to_place: str
    pay_between: bool | None
    amount: str
    ceiling: str
    payee: str


@dataclass(frozen=True)
class ReviewRow(ListRow):
    """What a reviewer answered about one enrolment."""

    answer: str
    number: str | None
    same_as: str
    basis: str


@dataclass(frozen=True)
class UnclaimedRow(ListRow):
    """Money of a month the provider still holds for somebody."""

    month: date | None
    amount: str
    reason: str


def _rows(content: bytes, columns: dict[str, str], optional: frozenset[str] = frozenset()) -> Iterator[dict[str, Any]]:
    for row in read_table(content, columns=columns, optional=optional):
        code = text_of(row.cells["code"])
        if code and code.casefold() != "tổng cộng":
            yield {"row_number": row.number, "raw": dict(row.cells), "code": code}


def _unreadable(
    raw: dict[str, Cell], columns: dict[str, str], write: dict[str, str], **read: object
) -> tuple[str, ...]:
    """A problem for each of the columns of which nothing could be read."""
    return unfit_cells(raw, columns=columns, write=write, unread=[key for key, value in read.items() if not value])


def read_accounts(content: bytes) -> Iterator[AccountRow]:
    """Rows of a bank's account list. Raises `FileUnreadable`."""
    for common in _rows(content, ACCOUNT_COLUMNS):
        raw = common["raw"]
        number = text_of(raw["number"]).replace(" ", "")
        kind = HOLDER_KINDS.get(tidy_name(text_of(raw["holder_kind"])).casefold(), "")
        problems = _unreadable(raw, ACCOUNT_COLUMNS, _ACCOUNT_WRITE, number=number.isalnum(), holder_kind=kind)
        yield AccountRow(
            **common,
            problems=problems,
            holder=tidy_name(text_of(raw["holder"])),
            number=number,
            opened_on=read_date(raw["opened"]),
            is_open=text_of(raw["state"]).casefold() == "hoạt động",
            holder_kind=kind,
        )


def read_decisions(content: bytes) -> Iterator[DecisionRow]:
    """Rows of a list of decisions. Raises `FileUnreadable`."""
    for common in _rows(content, DECISION_COLUMNS, DECISION_OPTIONAL):
        raw = common["raw"]
        kind = DECISION_KINDS.get(text_of(raw["kind"]).casefold(), "")
        signed_on, effective = read_paper_date(raw["signed"]), read_month(raw["effective"])
        number, signer = text_of(raw["number"]), " ".join(text_of(raw["signer"]).split())
        problems = _unreadable(
            raw,
            DECISION_COLUMNS,
            _DECISION_WRITE,
            kind=kind,
            number=number,
            signed=signed_on,
            effective=effective,
            signer=signer,
        )
        yield DecisionRow(
            **common,
            problems=problems,
            kind=kind,
            number=number,
            signed_on=signed_on,
            effective_month=effective,
            reason=text_of(raw.get("reason"))[:200],
            signer=signer[:100],
            coefficient=read_coefficient(raw.get("coefficient")),
            last_month=read_month(raw.get("last_month")),
            to_unit=text_of(raw.get("to_unit")),
            to_place=" ".join(text_of(raw.get("to_place")).split())[:100],
            pay_between=YES_NO.get(text_of(raw.get("between")).casefold()),
            amount=text_of(raw.get("amount")),
            ceiling=text_of(raw.get("ceiling")),
            payee=tidy_name(text_of(raw.get("payee")))[:100],
        )


def read_reviews(content: bytes) -> Iterator[ReviewRow]:
    """Rows of a reviewer's answers. Raises `FileUnreadable`."""
    for common in _rows(content, REVIEW_COLUMNS, REVIEW_OPTIONAL):
        raw = common["raw"]
        answer = ANSWERS.get(text_of(raw["answer"]).casefold(), "")
        number = read_identity_number(raw["number"])
        problems = _unreadable(
            raw, REVIEW_COLUMNS, _REVIEW_WRITE, answer=answer, number=number or answer != "SAME_PERSON"
        )
        yield ReviewRow(
            **common,
            problems=problems,
            answer=answer,
            number=number,
            same_as=text_of(raw["same_as"]),
            basis=text_of(raw.get("basis"))[:200],
        )


def read_unclaimed(content: bytes) -> Iterator[UnclaimedRow]:
    """Rows of a provider's list of money not collected. Raises `FileUnreadable`."""
    for common in _rows(content, UNCLAIMED_COLUMNS, UNCLAIMED_OPTIONAL):
        raw = common["raw"]
        month, amount = read_month(raw["month"]), text_of(raw["amount"])
        problems = _unreadable(raw, UNCLAIMED_COLUMNS, _UNCLAIMED_WRITE, month=month, amount=amount)
        yield UnclaimedRow(
            **common, problems=problems, month=month, amount=amount, reason=text_of(raw.get("reason"))[:200]
        )
