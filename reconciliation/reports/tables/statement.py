"""Biểu 10: what we say was paid through accounts beside what the bank's statements say."""

from reconciliation.reports.counting import Counts
from reconciliation.reports.tables.table import Column, Figures, Kind, Line, Table

_COLUMNS = (
    Column("A", "STT", Kind.ORDINAL, 4),
    Column("B", "Nội dung", Kind.TEXT, 22),
    Column("(1)", "Số người theo hệ thống", Kind.COUNT, 10),
    Column("(2)", "Số tiền theo hệ thống", Kind.MONEY, 13),
    Column("(3)", "Số người theo sao kê, kết quả chi trả", Kind.COUNT, 10),
    Column("(4)", "Số tiền theo sao kê, kết quả chi trả", Kind.MONEY, 13),
    Column("(5)=(1)-(3)", "Chênh lệch người", Kind.COUNT, 9),
    Column("(6)=(2)-(4)", "Chênh lệch tiền", Kind.MONEY, 11),
    Column("C", "Nguyên nhân", Kind.TEXT, 14),
)


def statement_table(figures: Figures) -> Table:
    """Biểu 10. A person is on the statement when at least one of their transfers is."""
    lines = [_line("1", "Chi qua tài khoản", figures["statement"], "Chưa có sao kê")]
    cash = figures.get("cash_results")
    if cash is not None:
        lines.append(_line("2", "Chi trực tiếp bằng tiền mặt", cash, "Chưa có danh sách ký nhận"))
    notes = (
        "Số người ở cột (1) gồm cả người đã thôi hưởng sau khi nhận tiền, nên có thể lớn hơn cột (9) của Biểu 01; người nhận cả hai cách tính ở cả hai dòng.",
        "Dòng 1 đối chiếu với sao kê ngân hàng, dòng 2 với danh sách đã ký nhận do tổ chức dịch vụ chi trả gửi lại.",
    )
    return Table(
        key="Biểu 10",
        title="Biểu 10. Đối chiếu số liệu",
        columns=_COLUMNS,
        lines=tuple(lines),
        notes=notes,
        landscape=True,
    )


def _line(ordinal: str, name: str, counts: Counts, why: str) -> Line:
    people, money = counts["people"] - counts["matched_people"], counts["money"] - counts["matched_money"]
    return Line(
        "line",
        (
            ordinal, name, counts["people"], counts["money"], counts["matched_people"], counts["matched_money"], people, money, why if money else "",
        ),
    )  # fmt: skip
