"""What a provider's form may ask for: each field of a list with our heading, and how it is read off a line."""

from collections.abc import Callable
from dataclasses import dataclass

from beneficiaries.services.accounts.banks import bank_name
from beneficiaries.services.numbers import listed_account_number
from payments.services.providers.lines import ListLine
from payments.states import Channel

Value = str | int


@dataclass(frozen=True)
class Column:
    """A field: our heading, its value, whether it is money (đồng, summed below the list); None is a cell the provider fills in."""

    heading: str
    value: Callable[[ListLine], Value] | None
    money: bool = False


def _payee(line: ListLine) -> str:
    return "" if line.payment.payee_name == line.payment.beneficiary.full_name else line.payment.payee_name


def _account(line: ListLine) -> str:
    account = line.payment.bank_account
    if account is None or account.number is None:
        return ""
    return listed_account_number(account.number.sealed, bank_bin=account.bank_bin, digest=account.number.digest)


def _bank(line: ListLine) -> str:
    return bank_name(line.payment.bank_account.bank_bin) if line.payment.bank_account else ""


def _note(line: ListLine) -> str:
    return f"DỪNG CHI theo thông báo ngày {line.stop_since:%d/%m/%Y}" if line.stop_since else ""


COLUMNS: dict[str, Column] = {
    "ordinal": Column("STT", lambda line: line.ordinal),
    "payment": Column("Mã khoản chi", lambda line: line.payment.end_to_end_id),
    "code": Column("Mã hồ sơ hưởng", lambda line: line.code),
    "name": Column("Họ và tên người hưởng", lambda line: line.payment.beneficiary.full_name),
    "birth_year": Column("Năm sinh", lambda line: line.payment.beneficiary.birth_year or ""),
    "unit": Column("Xã, phường", lambda line: line.payment.beneficiary.unit.name),
    "hamlet": Column("Thôn, tổ dân phố", lambda line: line.payment.beneficiary.hamlet),
    "point": Column("Điểm chi trả", lambda line: line.point),
    "month": Column("Tháng này", lambda line: line.month, money=True),
    "arrears": Column("Truy lĩnh", lambda line: line.arrears, money=True),
    "carried": Column("Tháng trước chuyển sang", lambda line: line.carried, money=True),
    "recovered": Column("Giảm trừ theo quyết định thu hồi", lambda line: line.recovered, money=True),
    "amount": Column("Tổng số được nhận", lambda line: line.payment.amount, money=True),
    "payee": Column("Người nhận thay", _payee),
    "holder": Column("Tên chủ tài khoản", lambda line: line.payment.payee_name),
    "account": Column("Số tài khoản", _account),
    "bank": Column("Ngân hàng", _bank),
    "signature": Column("Ký nhận", None),
    "result": Column("Kết quả", None),
    "paid": Column("Ngày nhận", None),
    "signed_by": Column("Người ký nhận", None),
    "relation": Column("Quan hệ với người hưởng", None),
    "fingerprint": Column("Điểm chỉ", None),
    "reason": Column("Lý do", None),
    "note": Column("Ghi chú", _note),
}
_BEFORE = ("ordinal", "payment", "code", "name", "birth_year", "unit", "hamlet")
_SUM = ("month", "arrears", "carried", "recovered", "amount")
_AFTER = ("result", "paid")
OURS: dict[str, tuple[str, ...]] = {
    Channel.CASH: (*_BEFORE, "point", *_SUM, "payee", "signature", *_AFTER, "signed_by", "relation", "fingerprint", "reason", "note"),
    Channel.ACCOUNT: (*_BEFORE, *_SUM, "holder", "account", "bank", *_AFTER, "reason", "note"),
}  # fmt: skip
# Without these a list can't be paid, or its answer not be told apart.
NEEDED: dict[str, frozenset[str]] = {
    Channel.CASH: frozenset({"name", "amount"}),
    Channel.ACCOUNT: frozenset({"name", "amount", "account", "bank"}),
}
KEYS = frozenset({"payment", "code"})
