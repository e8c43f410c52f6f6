"""Biểu 07: how far opening accounts has come, by unit."""

from reconciliation.reports.breakdowns import summed
from reconciliation.reports.sentences import capitalised
from reconciliation.reports.tables.districts import Place, lines_by_place, unit_heading
from reconciliation.reports.tables.table import Column, Figures, Kind, Line, Table

_STEPS = (
    ("(1)", "Cần mở"),
    ("(2)", "Đã đề nghị mở"),
    ("(3)", "Đã mở"),
    ("(4)", "Đã xác nhận đúng chủ tài khoản"),
    ("(5)", "Đã nhận khoản đầu tiên"),
    ("(6)", "Ngân hàng từ chối"),
    ("(7)", "Đề nghị nhận tiền mặt"),
    ("(8)", "Chưa vận động được"),
)
_NOTES = (
    "Mỗi người đang hưởng ở một bước, theo tài khoản đã đi xa nhất: tổng số = (1)+(2)+(3)+(6)+(7)+(8); (4), (5) là phần của (3).",
    "Tính theo lịch sử tài khoản đến ngày chốt số liệu; cột (3) có thể khác cột (2) Biểu 01 ở tài khoản chưa rõ ngày mở.",
)


def opening_table(figures: Figures) -> Table | None:
    """Biểu 07; None for a snapshot of a time when the steps were not counted."""
    steps = figures.get("opening")
    if steps is None:
        return None

    def line(place: Place) -> Line:
        at = summed(steps, list(place.communes))
        opened, verified = at.get("OPENED", 0), at.get("VERIFIED", 0)
        cells = (
            at.get("NEEDED", 0), at.get("REQUESTED", 0), opened + verified, verified, at.get("FIRST_PAYMENT", 0), at.get("REFUSED", 0),
            at.get("CASH_CHOSEN", 0), at.get("NOT_REACHED", 0),
        )  # fmt: skip
        return Line(place.level, (place.ordinal, capitalised(place.name), *cells))

    columns = (
        Column("A", "STT", Kind.ORDINAL, 5),
        Column("B", unit_heading(figures), Kind.TEXT, 25),
        *(Column(number, heading, Kind.COUNT, 9) for number, heading in _STEPS),
    )
    return Table(
        key="Biểu 07", title="Biểu 07. Tiến độ mở tài khoản", columns=columns, lines=lines_by_place(figures, line),
        unit_line="Đơn vị tính: người", notes=_NOTES, landscape=True,
    )  # fmt: skip
