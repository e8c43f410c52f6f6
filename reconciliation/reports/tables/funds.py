"""Biểu 05: where the money is, per funding account by our journal, and cash by the provider's lists."""

from collections import Counter
from decimal import Decimal

from reconciliation.reports.counting import Row
from reconciliation.reports.sentences import NOT_APPLICABLE, capitalised
from reconciliation.reports.tables.table import Cell, Column, Figures, Kind, Line, Table

_COLUMNS = (
    Column("A", "STT", Kind.ORDINAL, 2.8),
    Column("B", "Chính sách / nguồn kinh phí", Kind.TEXT, 10.6),
    Column("(1)", "Dự toán giao", Kind.MONEY, 8),
    Column("(2)", "Đã rút tại Kho bạc Nhà nước", Kind.MONEY, 8.6),
    Column("(3)", "Dư đầu kỳ tại tổ chức dịch vụ chi trả", Kind.MONEY, 8),
    Column("(4)", "Đã chuyển tổ chức dịch vụ chi trả", Kind.MONEY, 8),
    Column("(5)", "Đã chi qua tài khoản", Kind.MONEY, 8),
    Column("(6)", "Ngân hàng hoàn trả", Kind.MONEY, 7.5),
    Column("(7)", "Đã chi tiền mặt", Kind.MONEY, 8),
    Column("(8)", "Đã nộp trả ngân sách", Kind.MONEY, 7.5),
    Column("(9)=(3)+(4)-(5)+(6)-(7)-(8)", "Dư cuối kỳ tại tổ chức dịch vụ chi trả", Kind.MONEY, 8.4),
    Column("(10)", "Phí chi trả", Kind.MONEY, 6.5),
    Column("(11)=((5)-(6)+(7))/(1)×100", "Tỷ lệ giải ngân (%)", Kind.PERCENT, 7),
    Column("(12)", "Chênh lệch chưa rõ nguyên nhân", Kind.MONEY, 7.5),
)
_NOTES = (
    "Tài khoản chi trả: theo sổ kế toán của hệ thống, ngày ghi sổ trong kỳ; (4) là số nhận trừ số chuyển tổ chức chi trả tiền mặt; (12) là số dư cuối kỳ "
    "trên sổ cộng (10) và số xử lý chênh lệch theo quyết định, trừ (9).",
    "“...”: chưa nhập vào hệ thống: dự toán giao, nên (11) chưa tính được; tiền chuyển tổ chức chi trả tiền mặt, nếu trong kỳ chưa ghi lần nào.",
    "(5), (6) theo ngày sao kê, Biểu 01 theo kỳ chi trả, nên có thể khác nhau.",
)


def funds_table(figures: Figures) -> Table | None:
    """Biểu 05; None for a snapshot of a time when balances were not frozen."""
    accounts = figures.get("funds")
    if accounts is None:
        return None
    total: Counter[str] = Counter()
    for account in accounts:
        total.update({key: value for key, value in account.items() if isinstance(value, int)})
    lines = [_account("group", "I", "Chi qua tài khoản", dict(total))]
    lines += [
        _account("line", str(nth), f"{capitalised(account['name'])} ({account['code']})", account)
        for nth, account in enumerate(accounts, start=1)
    ]
    lines.append(_cash(total, figures["headline"]["cash_money"]))
    return Table(
        key="Biểu 05", title="Biểu 05. Tình hình kinh phí", columns=_COLUMNS, lines=tuple(lines), unit_line="Đơn vị tính: đồng", notes=_NOTES,
        landscape=True,
    )  # fmt: skip


def _cash(total: Counter[str], paid: int) -> Line:
    """Money in the hands of whoever pays in cash; unknown where handing it over was never recorded."""
    opening, forwarded = total["provider_opening"], total["forwarded"]
    known = bool(opening or forwarded)
    before: Cell = opening if known else None
    given: Cell = forwarded if known else None
    left: Cell = opening + forwarded - paid if known else None
    cells: tuple[Cell, ...] = (
        None,
        None,
        before,
        given,
        NOT_APPLICABLE,
        NOT_APPLICABLE,
        paid,
        None,
        left,
        None,
        None,
        None,
    )
    return Line("group", ("II", "Chi trực tiếp bằng tiền mặt", *cells))


def unexplained(account: Row) -> int:
    """What the closing balance has beyond opening, movements and charges, đồng; 0 when the books are whole."""
    moved = account["received"] - account["paid"] + account["returned"] - account["charges"]
    left = sum(account.get(key, 0) for key in ("forwarded", "refunded", "fees", "adjusted"))
    return int(account["closing"] - account["opening"] - moved + left)


def _account(level: str, ordinal: str, name: str, account: Row) -> Line:
    opening, received, paid, returned = (account.get(key, 0) for key in ("opening", "received", "paid", "returned"))
    charges, fees, refunded = (account.get(key, 0) for key in ("charges", "fees", "refunded"))
    given = received - account.get("forwarded", 0)
    apart = unexplained(account) if account else 0
    rate: Decimal | None = None
    return Line(
        level,
        (
            ordinal, name, None, received, opening, given, paid, returned, NOT_APPLICABLE, refunded, opening + given - paid + returned - refunded,
            charges + fees, rate, apart,
        ),
    )  # fmt: skip
