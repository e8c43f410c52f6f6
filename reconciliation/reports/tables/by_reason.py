"""Biểu 04: people with an account who were not paid through it, by reason, with who deals with it and by when."""

from payments.money import format_amount
from reconciliation.reports.reasons import HANDLING
from reconciliation.reports.tables.table import Column, Figures, Kind, Line, Table, rate

_COLUMNS = (
    Column("A", "STT", Kind.ORDINAL, 4),
    Column("B", "Nguyên nhân", Kind.TEXT, 24),
    Column("(1)=(4)+(5)", "Số người", Kind.COUNT, 7.5),
    Column("(2)", "Cơ cấu (%)", Kind.PERCENT, 7),
    Column("(3)", "Số tiền", Kind.MONEY, 11),
    Column("(4)", "Trong đó đã nhận bằng tiền mặt (người)", Kind.COUNT, 9),
    Column("(5)", "Chưa nhận được tiền (người)", Kind.COUNT, 8),
    Column("C", "Đơn vị chịu trách nhiệm", Kind.TEXT, 15),
    Column("D", "Thời hạn xử lý", Kind.TEXT, 11),
    Column("E", "Kết quả", Kind.TEXT, 11),
)


def reason_table(figures: Figures) -> Table:
    """Biểu 04: the total first, then reasons by the number of people."""
    gap = figures["gap"]
    people = gap["people"]
    lines = [
        Line(
            "total",
            (
                "",
                "Tổng số",
                people,
                rate(people, people),
                gap["money"],
                gap["paid_in_cash"],
                gap["unpaid"],
                "",
                "",
                _result(gap),
            ),
        )
    ]
    for ordinal, row in enumerate(gap["reasons"], start=1):
        handling = HANDLING.get(row["reason"])
        lines.append(
            Line(
                "line",
                (
                    str(ordinal), row["label"], row["people"], rate(row["people"], people), row["money"], row["paid_in_cash"], row["unpaid"],
                    handling.responsible if handling else "", handling.deadline if handling else "", _result(row),
                ),
            )
        )  # fmt: skip
    return Table(
        key="Biểu 04",
        title="Biểu 04. Đối tượng đã có tài khoản nhưng chưa được chi trả qua tài khoản, phân theo nguyên nhân",
        columns=_COLUMNS, lines=tuple(lines), notes=_notes(gap), landscape=True,
    )  # fmt: skip


def _result(row: Figures) -> str:
    """How far the work about these people is; "" where none was opened, or it was not frozen."""
    done, doing = row.get("done", 0), row.get("doing", 0)
    return f"Đã xử lý {format_amount(done)}; đang xử lý {format_amount(doing)}" if done or doing else ""


def _notes(gap: Figures) -> tuple[str, ...]:
    notes = [
        "Mỗi người một nguyên nhân, theo kỳ chi trả gần nhất trong kỳ báo cáo; "
        "(3) là số tiền phải chi cho những người này trong kỳ, gồm cả phần đã nhận bằng tiền mặt.",
        "Cột E: số người có việc cần xử lý đã xong, đang xử lý, tính đến lúc lập báo cáo; để trống nếu chưa mở việc nào.",
        "Tỷ lệ ở cột (2) làm tròn đến hai chữ số thập phân nên tổng có thể lệch 0,01.",
    ]
    if gap["unpaid_by_reason"]:
        steps = "; ".join(
            f"{row['label'].lower()}: {format_amount(row['people'])} người" for row in gap["unpaid_by_reason"]
        )
        notes.insert(
            1, f"Trong {format_amount(gap['unpaid'])} người chưa nhận được tiền, theo việc cần xử lý: {steps}."
        )
    return tuple(notes)
