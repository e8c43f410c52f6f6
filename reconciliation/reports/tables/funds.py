"""Biểu 05: what the year gave, what was spent of it, and where the money is by our journal and the provider's lists."""

from collections import Counter
from datetime import date

from payments.money import format_amount, format_percent
from reconciliation.reports.counting import Row
from reconciliation.reports.sentences import NOT_APPLICABLE, capitalised, day_text
from reconciliation.reports.tables.table import Cell, Column, Figures, Kind, Line, Table, rate, whole_label

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
    "Mục A: số chi theo ngày ghi sổ, ngày ký nhận trong kỳ; tiền trong tài khoản không tách theo chính sách nên các cột số dư là “-”. (11) chia cho dự toán "
    "giao cả năm; dự toán tính theo quyết định ký đến ngày chốt số liệu.",
    "Mục B: theo sổ kế toán của hệ thống, ngày ghi sổ trong kỳ; với tài khoản chi trả, (4) là số nhận trừ số chuyển tổ chức chi trả tiền mặt; (12) là số dư "
    "cuối kỳ trên sổ cộng (10) và số xử lý chênh lệch theo quyết định, trừ (9).",
    "“...”: chưa nhập vào hệ thống: dự toán giao; tiền chuyển tổ chức chi trả tiền mặt, nếu trong kỳ chưa ghi lần nào.",
    "(5), (6), (7) theo ngày, Biểu 01 theo kỳ chi trả, nên có thể khác nhau.",
)
_BY_PROGRAMME, _BY_ACCOUNT = "Theo chính sách, nguồn kinh phí", "Theo nơi giữ tiền"


def funds_table(figures: Figures) -> Table | None:
    """Biểu 05: the whole, programmes with what the year gave them, then where the money is.

    None for a snapshot without balances. A unit that pays nobody itself (a commune in 2024) has only what its people received in cash.
    """
    accounts, budget = figures.get("funds"), figures.get("budget")
    if accounts is None:
        return None
    total: Counter[str] = Counter()
    for account in accounts:
        total.update({key: value for key, value in account.items() if isinstance(value, int)})
    cash = sum(row["cash"] for row in budget) if budget else figures["headline"]["cash_money"]
    by_account = [
        _account("group", "I", "Chi qua tài khoản", dict(total)),
        *(
            _account("line", str(nth), f"{capitalised(account['name'])} ({account['code']})", account)
            for nth, account in enumerate(accounts, start=1)
        ),
        _cash(total, cash),
    ]
    lines = _with_budget(figures, budget, by_account) if budget else by_account
    return Table(
        key="Biểu 05", title="Biểu 05. Tình hình kinh phí", columns=_COLUMNS, lines=tuple(lines), unit_line="Đơn vị tính: đồng",
        notes=(*_since_january(figures, budget or []), *_NOTES), landscape=True,
    )  # fmt: skip


def _with_budget(figures: Figures, budget: list[Row], by_account: list[Line]) -> list[Line]:
    known = [row["estimate"] for row in budget if row["estimate"] is not None]
    estimate = sum(known) if known else None
    spent = sum(spent_of(row) for row in budget)
    accounts, cash = by_account[0].cells[2:], by_account[-1].cells[2:]
    both: list[Cell] = [_added(ours, theirs) for ours, theirs in zip(accounts, cash, strict=True)]
    both[0], both[10] = estimate, _executed(spent, estimate) if len(known) == len(budget) else None
    empty = ("",) * 12
    return [
        Line("total", ("", whole_label(figures), *both)),
        Line("group", ("A", _BY_PROGRAMME, *empty)),
        *(_programme(str(nth), row) for nth, row in enumerate(budget, start=1)),
        Line("group", ("B", _BY_ACCOUNT, *empty)),
        *by_account,
    ]


def spent_of(row: Row) -> int:
    """(5)-(6)+(7): what a programme and source spent in the period, đồng."""
    return int(row["paid"] - row["returned"] + row["cash"])


def _programme(ordinal: str, row: Row) -> Line:
    none = NOT_APPLICABLE
    cells: tuple[Cell, ...] = (
        row["estimate"], none, none, none, row["paid"], row["returned"], row["cash"], row["refunded"], none, none,
        _executed(spent_of(row), row["estimate"]), none,
    )  # fmt: skip
    return Line("line", (ordinal, f"{row['name']} – {row['budget_source']}", *cells))


def _executed(spent: int, estimate: int | None) -> Cell:
    """Tỷ lệ giải ngân; not known without an estimate, "-" where it is nothing."""
    return None if estimate is None else rate(spent, estimate)


def _added(ours: Cell, theirs: Cell) -> Cell:
    """The sum of two cells: what does not apply counts nothing, what is not known leaves the sum unknown."""
    numbers = [cell for cell in (ours, theirs) if cell != NOT_APPLICABLE]
    if any(cell is None for cell in numbers):
        return None
    return sum(cell for cell in numbers if isinstance(cell, int)) if numbers else NOT_APPLICABLE


def _since_january(figures: Figures, budget: list[Row]) -> tuple[str, ...]:
    """How much of the year's estimate was spent by the last day, when every source has one."""
    estimates = [row["estimate"] for row in budget]
    if not estimates or None in estimates or not sum(estimates):
        return ()
    spent, until = sum(row["spent_year"] for row in budget), date.fromisoformat(figures["period"]["to"])
    return (
        f"Từ đầu năm đến hết ngày {day_text(until)} đã chi {format_amount(spent)} đồng, bằng {format_percent(spent, sum(estimates))} dự toán giao.",
    )  # fmt: skip


def _cash(total: Counter[str], paid: int) -> Line:
    """Money in the hands of whoever pays in cash; unknown where handing it over was never recorded."""
    opening, forwarded = total["provider_opening"], total["forwarded"]
    known = bool(opening or forwarded)
    before: Cell = opening if known else None
    given: Cell = forwarded if known else None
    left: Cell = opening + forwarded - paid if known else None
    none = NOT_APPLICABLE
    return Line(
        "group",
        (
            "II",
            "Chi trực tiếp bằng tiền mặt",
            none,
            none,
            before,
            given,
            none,
            none,
            paid,
            none,
            left,
            none,
            none,
            none,
        ),
    )


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
    none = NOT_APPLICABLE
    return Line(
        level,
        (
            ordinal, name, none, received, opening, given, paid, returned, none, refunded, opening + given - paid + returned - refunded,
            charges + fees, none, apart,
        ),
    )  # fmt: skip
