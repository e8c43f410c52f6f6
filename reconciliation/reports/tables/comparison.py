"""Biểu 06: this period beside the one before, a year ago and the year so far, as they were reported."""

from decimal import Decimal

from reconciliation.reports.counting import Row
from reconciliation.reports.definitions import COUNTS, RATES
from reconciliation.reports.sentences import NOT_APPLICABLE
from reconciliation.reports.tables.table import Cell, Column, Figures, Kind, Line, Table, rate

_COLUMNS = (
    Column("A", "STT", Kind.ORDINAL, 4),
    Column("B", "Chỉ tiêu", Kind.TEXT, 38),
    Column("C", "Đơn vị tính", Kind.TEXT, 8),
    Column("(1)", "Kỳ trước", Kind.MONEY, 12),
    Column("(2)", "Kỳ này", Kind.MONEY, 12),
    Column("(3)=(2)-(1)", "Tăng, giảm", Kind.MONEY, 12),
    Column("(4)", "Lũy kế từ đầu năm", Kind.MONEY, 12),
    Column("(5)", "Cùng kỳ năm trước", Kind.MONEY, 12),
)
_OFFICIAL = {definition.key: definition.official for definition in (*COUNTS, *RATES)}
_PEOPLE = ("beneficiaries", "accounts", "paid_cashless", "paid_in_cash", "in_flight", "unpaid")
_MONEY = ("account_money", "cash_money")
_RATES = {
    "coverage": ("accounts", "beneficiaries"),
    "paid_of_accounts": ("paid_cashless", "accounts"),
    "paid_of_all": ("paid_cashless", "beneficiaries"),
}


def comparison_table(figures: Figures) -> Table:
    """Biểu 06. What was never reported is "..." with a note; people can't be added up over periods, so their year is "-"."""
    now, earlier = figures["headline"], figures["comparison"]
    previous, last_year, year = earlier["previous"], earlier["last_year"], earlier["year_to_date"]
    lines: list[Line] = []

    def add(name: str, unit: str, this: Cell, before: Cell, cumulative: Cell, a_year_ago: Cell) -> None:
        lines.append(
            Line("line", (str(len(lines) + 1), name, unit, before, this, _change(this, before), cumulative, a_year_ago))
        )

    for key in _PEOPLE:
        add(_OFFICIAL[key], "người", now[key], _of(previous, key), NOT_APPLICABLE, _of(last_year, key))
    for key in _MONEY:
        add(_OFFICIAL[key], "đồng", now[key], _of(previous, key), year[key] if year else None, _of(last_year, key))
    for key, (numerator, denominator) in _RATES.items():
        this = rate(now[numerator], now[denominator])
        add(
            _OFFICIAL[key],
            "%",
            this,
            _rate_of(previous, numerator, denominator),
            NOT_APPLICABLE,
            _rate_of(last_year, numerator, denominator),
        )
    add(
        _OFFICIAL["money_share"], "%", _money_share(now), _money_share(previous and previous["headline"]),
        _money_share(year), _money_share(last_year and last_year["headline"]),
    )  # fmt: skip
    return Table(
        key="Biểu 06", title="Biểu 06. So sánh với kỳ trước và lũy kế", columns=_COLUMNS, lines=tuple(lines),
        unit_line="Đơn vị tính: ghi ở cột C", notes=_notes(previous, last_year, year), landscape=True,
    )  # fmt: skip


def _of(issued: Row | None, key: str) -> Cell:
    return None if issued is None else int(issued["headline"][key])


def _rate_of(issued: Row | None, numerator: str, denominator: str) -> Cell:
    return None if issued is None else rate(issued["headline"][numerator], issued["headline"][denominator])


def _money_share(counts: Row | None) -> Cell:
    """The only rate that can be added up over periods, because đồng can."""
    return rate(counts["account_money"], counts["account_money"] + counts["cash_money"]) if counts else None


def _change(this: Cell, before: Cell) -> Cell:
    if isinstance(this, Decimal) and isinstance(before, Decimal):
        return this - before
    if isinstance(this, int) and isinstance(before, int):
        return this - before
    return None if before is None else NOT_APPLICABLE


def _notes(previous: Row | None, last_year: Row | None, year: Row | None) -> tuple[str, ...]:
    notes = ["Chênh lệch của tỷ lệ tính bằng điểm phần trăm. Số người không cộng dồn qua các kỳ."]
    missing = [
        name
        for name, known in (("kỳ trước", previous), ("lũy kế từ đầu năm", year), ("cùng kỳ năm trước", last_year))
        if known is None
    ]
    if missing:
        notes.append(f"“...”: chưa có số liệu đã chốt trên hệ thống ({', '.join(missing)}).")
    if previous is not None and not previous["ties_out"]:
        notes.append("Số liệu kỳ trước lấy từ bản dự thảo chưa khớp.")
    return tuple(notes)
