"""Biểu 03: results by sex and age."""

from reconciliation.reports.counting import Row
from reconciliation.reports.tables.table import Column, Figures, Kind, Line, Table, rate, whole_label

_COLUMNS = (
    Column("A", "STT", Kind.ORDINAL, 5),
    Column("B", "Chỉ tiêu", Kind.TEXT, 30),
    Column("(1)", "Tổng số đối tượng", Kind.COUNT, 10),
    Column("(2)", "Đã có tài khoản", Kind.COUNT, 10),
    Column("(3)=(2)/(1)×100", "Tỷ lệ có tài khoản (%)", Kind.PERCENT, 11),
    Column("(4)", "Đã chi trả qua tài khoản", Kind.COUNT, 11),
    Column("(5)=(4)/(2)×100", "Tỷ lệ so với số có tài khoản (%)", Kind.PERCENT, 11),
    Column("(6)=(4)/(1)×100", "Tỷ lệ so với tổng số (%)", Kind.PERCENT, 11),
)


def person_table(figures: Figures) -> Table | None:
    """Biểu 03; None for a snapshot of a time when persons were not broken down."""
    parts = figures.get("persons")
    if parts is None:
        return None
    lines = [_line("total", "", whole_label(figures), figures["headline"])]
    for ordinal, (kind, heading) in enumerate((("sex", "Theo giới tính"), ("age", "Theo độ tuổi")), start=1):
        lines.append(Line("group", (str(ordinal), heading, "", "", "", "", "", "")))
        lines += [
            _line("line", f"{ordinal}.{nth}", str(row["name"]), row) for nth, row in enumerate(parts[kind], start=1)
        ]
    return Table(
        key="Biểu 03", title="Biểu 03. Kết quả theo giới tính, độ tuổi", columns=_COLUMNS, lines=tuple(lines), unit_line="Đơn vị tính: người",
        notes=("Tuổi tròn tại ngày chốt số liệu; người chỉ biết năm sinh tính theo năm. Nhóm có số người dưới 5 được gộp.",), landscape=True,
    )  # fmt: skip


def _line(level: str, ordinal: str, name: str, counts: Row) -> Line:
    people, accounts, paid = counts["beneficiaries"], counts["accounts"], counts["paid_cashless"]
    return Line(
        level,
        (ordinal, name, people, accounts, rate(accounts, people), paid, rate(paid, accounts), rate(paid, people)),
    )
