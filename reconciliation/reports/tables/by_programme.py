"""Biểu 02: results by programme and category; sensitive categories by neutral code, small ones already merged in the snapshot."""

from reconciliation.reports.counting import Row
from reconciliation.reports.small_groups import MERGED_CODE
from reconciliation.reports.tables.table import Cell, Column, Figures, Kind, Line, Table, rate, whole_label

_COLUMNS = (
    Column("A", "STT", Kind.ORDINAL, 4),
    Column("B", "Chính sách, nhóm đối tượng", Kind.TEXT, 30),
    Column("(1)", "Tổng số đối tượng", Kind.COUNT, 7),
    Column("(2)", "Đã có tài khoản", Kind.COUNT, 7),
    Column("(3)=(2)/(1)×100", "Tỷ lệ có tài khoản (%)", Kind.PERCENT, 7.5),
    Column("(4)", "Đã chi trả qua tài khoản", Kind.COUNT, 7),
    Column("(5)=(4)/(2)×100", "Tỷ lệ so với số có tài khoản (%)", Kind.PERCENT, 7.5),
    Column("(6)=(4)/(1)×100", "Tỷ lệ so với tổng số (%)", Kind.PERCENT, 7.5),
    Column("(7)", "Số tiền qua tài khoản", Kind.MONEY, 11),
    Column("(8)", "Số tiền mặt", Kind.MONEY, 11),
    Column("(9)", "Nguồn kinh phí", Kind.TEXT, 10),
)


def programme_table(figures: Figures) -> Table:
    """Biểu 02: the whole, then each programme with its categories."""
    shown = {programme["code"]: _worth_showing(programme["groups"]) for programme in figures["programmes"]}
    lines = [_line("total", "", whole_label(figures), figures["headline"], "")]
    for ordinal, programme in enumerate(figures["programmes"], start=1):
        lines.append(_line("group", str(ordinal), programme["name"], programme, programme["budget_source"]))
        lines += [
            _line("line", f"{ordinal}.{nth}", group["name"], group, "")
            for nth, group in enumerate(shown[programme["code"]], start=1)
        ]
    notes = (
        "Người hưởng nhiều chính sách hoặc nhiều nhóm được tính ở từng dòng; dòng tổng tính mỗi người một lần.",
        "Cột (4) chỉ tính khoản của chính sách, nhóm ở dòng đó.",
        "Nhóm có số người dưới 5 được gộp để không nhận ra người hưởng.",
    )
    return Table(
        key="Biểu 02",
        title="Biểu 02. Kết quả theo chính sách",
        columns=_COLUMNS,
        lines=tuple(lines),
        notes=notes,
        landscape=True,
    )


def _worth_showing(groups: list[Row]) -> list[Row]:
    """A single row of categories merged says again what the programme's row says, and of how few people: it is left out."""
    return [] if len(groups) == 1 and groups[0]["code"] == MERGED_CODE else groups


def _line(level: str, ordinal: str, name: str, counts: Row, source: Cell) -> Line:
    people, accounts, paid = counts["beneficiaries"], counts["accounts"], counts["paid_cashless"]
    return Line(
        level,
        (
            ordinal, name, people, accounts, rate(accounts, people), paid, rate(paid, accounts), rate(paid, people), counts["account_money"],
            counts["cash_money"], source,
        ),
    )  # fmt: skip
