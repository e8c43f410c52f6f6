"""Biểu 09: identity cards and electronic identities by unit, two rates with two denominators."""

from payments.money import format_amount
from reconciliation.reports.breakdowns import summed
from reconciliation.reports.sentences import capitalised
from reconciliation.reports.tables.districts import Place, lines_by_place, unit_heading
from reconciliation.reports.tables.table import Column, Figures, Kind, Line, Table, rate

_COLUMNS = (
    Column("(1)", "Nhân khẩu thường trú", Kind.COUNT, 11),
    Column("(2)", "Nhân khẩu đủ điều kiện cấp thẻ", Kind.COUNT, 11),
    Column("(3)", "Đã cấp thẻ", Kind.COUNT, 11),
    Column("(4)=(3)/(2)×100", "Tỷ lệ (%)", Kind.PERCENT, 9),
    Column("(5)", "Nhân khẩu đủ điều kiện có tài khoản định danh điện tử", Kind.COUNT, 13),
    Column("(6)", "Đã kích hoạt", Kind.COUNT, 11),
    Column("(7)=(6)/(5)×100", "Tỷ lệ (%)", Kind.PERCENT, 9),
)


def register_table(figures: Figures) -> Table:
    """Biểu 09 from the population extract: the whole first; a snapshot of an older schema has the whole alone."""
    counts, by_unit = figures["registers"], figures.get("registers_by_unit")

    def line(place: Place) -> Line:
        at = summed(by_unit, list(place.communes)) if by_unit and place.level != "total" else counts
        residents, cards, eligible, active = (
            at.get(key, 0) for key in ("residents", "cards_issued", "eid_eligible", "eid_active")
        )
        cells = (residents, residents, cards, rate(cards, residents), eligible, active, rate(active, eligible))
        return Line(place.level, (place.ordinal, capitalised(place.name), *cells))

    lines = lines_by_place(figures, line)
    notes = (
        "Nguồn: Công an tỉnh (dữ liệu dân cư). Hai tỷ lệ có mẫu số khác nhau: cột (2) và cột (5).",
        f"Dữ liệu gồm {format_amount(counts['deceased'])} người có ngày chết tính đến thời điểm chốt số liệu, chưa trừ khỏi cột (1) và cột (2).",
    )
    columns = (
        Column("A", "STT", Kind.ORDINAL, 4),
        Column("B", unit_heading(figures), Kind.TEXT, 18),
        *_COLUMNS,
    )
    return Table(
        key="Biểu 09", title="Biểu 09. Thẻ căn cước, tài khoản định danh điện tử", columns=columns, lines=lines if by_unit else lines[:1],
        unit_line="Đơn vị tính: người", notes=notes, landscape=True, starts_page=bool(by_unit),
    )  # fmt: skip
