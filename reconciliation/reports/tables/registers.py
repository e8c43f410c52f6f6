"""Biểu 09: identity cards and electronic identities, two rates with two denominators."""

from payments.money import format_amount
from reconciliation.reports.sentences import capitalised
from reconciliation.reports.tables.table import Column, Figures, Kind, Line, Table, rate

_COLUMNS = (
    Column("A", "STT", Kind.ORDINAL, 4),
    Column("B", "Đơn vị", Kind.TEXT, 18),
    Column("(1)", "Nhân khẩu thường trú", Kind.COUNT, 11),
    Column("(2)", "Nhân khẩu đủ điều kiện cấp thẻ", Kind.COUNT, 11),
    Column("(3)", "Đã cấp thẻ", Kind.COUNT, 11),
    Column("(4)=(3)/(2)×100", "Tỷ lệ (%)", Kind.PERCENT, 9),
    Column("(5)", "Nhân khẩu đủ điều kiện có tài khoản định danh điện tử", Kind.COUNT, 13),
    Column("(6)", "Đã kích hoạt", Kind.COUNT, 11),
    Column("(7)=(6)/(5)×100", "Tỷ lệ (%)", Kind.PERCENT, 9),
)


def register_table(figures: Figures) -> Table:
    """Biểu 09 for the whole unit, from the population extract."""
    counts = figures["registers"]
    line = Line(
        "total",
        (
            "", capitalised(figures["unit"]["name"]), counts["residents"], counts["residents"], counts["cards_issued"],
            rate(counts["cards_issued"], counts["residents"]), counts["eid_eligible"], counts["eid_active"],
            rate(counts["eid_active"], counts["eid_eligible"]),
        ),
    )  # fmt: skip
    notes = (
        "Nguồn: dữ liệu dân cư do Công an cung cấp. Hai tỷ lệ có mẫu số khác nhau: cột (2) và cột (5).",
        f"Dữ liệu gồm {format_amount(counts['deceased'])} người có ngày chết tính đến thời điểm chốt số liệu, chưa trừ khỏi cột (1) và cột (2).",
    )
    return Table(
        key="Biểu 09", title="Biểu 09. Thẻ căn cước, tài khoản định danh điện tử", columns=_COLUMNS, lines=(line,),
        unit_line="Đơn vị tính: người", notes=notes, landscape=True, starts_page=False,
    )  # fmt: skip
