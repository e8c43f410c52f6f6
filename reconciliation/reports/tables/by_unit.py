"""Biểu 01: accounts and payments by unit, districts as sub-totals where they exist."""

from dataclasses import replace
from decimal import Decimal

from payments.money import format_amount
from reconciliation.reports.counting import Row
from reconciliation.reports.sentences import NOT_APPLICABLE, capitalised
from reconciliation.reports.tables.districts import lines_by_place, unit_heading
from reconciliation.reports.tables.table import Cell, Column, Figures, Kind, Line, Table, rate

_ACCOUNTS, _PAID, _CASH = "Đã có tài khoản", "Đã chi trả qua tài khoản", "Chi tiền mặt"
_COLUMNS = (
    Column("A", "STT", Kind.ORDINAL, 2.6),
    Column("B", "Đơn vị", Kind.TEXT, 11.5),
    Column("(1)", "Tổng số đối tượng đang hưởng", Kind.COUNT, 4.4),
    Column("(2)=(3)+(4)+(5)", "Tổng số", Kind.COUNT, 4.8, _ACCOUNTS),
    Column("(3)", "Trong đó: chính chủ", Kind.COUNT, 4.3, _ACCOUNTS),
    Column("(4)", "Trong đó: người giám hộ, người đại diện", Kind.COUNT, 4.3, _ACCOUNTS),
    Column("(5)", "Trong đó: người được ủy quyền", Kind.COUNT, 4.3, _ACCOUNTS),
    Column("(6)=(2)/(1)×100", "Tỷ lệ có tài khoản (%)", Kind.PERCENT, 4.5),
    Column("(7)", "Chỉ tiêu giao (%)", Kind.PERCENT, 3.9),
    Column("(8)=(6)-(7)", "So với chỉ tiêu (điểm %)", Kind.PERCENT, 4.4),
    Column("(9)", "Người", Kind.COUNT, 4.3, _PAID),
    Column("(10)=(9)/(2)×100", "Tỷ lệ so với số có tài khoản (%)", Kind.PERCENT, 4.6, _PAID),
    Column("(11)=(9)/(1)×100", "Tỷ lệ so với tổng số đối tượng (%)", Kind.PERCENT, 4.6, _PAID),
    Column("(12)", "Số tiền", Kind.MONEY, 7.6, _PAID),
    Column("(13)", "Người", Kind.COUNT, 4.0, _CASH),
    Column("(14)", "Số tiền", Kind.MONEY, 7.4, _CASH),
    Column("(15)", "Đang chuyển (người)", Kind.COUNT, 3.8),
    Column("(16)", "Chưa chi trả (người)", Kind.COUNT, 3.8),
    Column("(17)", "Số tiền chưa chi trả", Kind.MONEY, 6.4),
    Column("C", "Ghi chú", Kind.TEXT, 4.4),
)


def unit_table(figures: Figures) -> Table:
    """Biểu 01 from the snapshot's units: the whole first, then each district with its communes."""
    target = Decimal(figures["target"]["percent"]).quantize(Decimal("0.01"))
    counts = {unit["code"]: unit for unit in figures["units"]}
    columns = (_COLUMNS[0], replace(_COLUMNS[1], heading=unit_heading(figures)), *_COLUMNS[2:])
    lines = lines_by_place(
        figures, lambda place: _line(place.level, place.ordinal, place.name, counts[place.code], target)
    )
    return Table(
        key="Biểu 01", title="Biểu 01. Kết quả mở tài khoản và chi trả không dùng tiền mặt theo địa bàn", columns=columns, lines=lines,
        notes=_notes(figures["headline"]), landscape=True,
    )  # fmt: skip


def _line(level: str, ordinal: str, name: str, counts: Row, target: Decimal) -> Line:
    coverage = rate(counts["accounts"], counts["beneficiaries"])
    against: Cell = coverage - target if isinstance(coverage, Decimal) else NOT_APPLICABLE
    return Line(
        level,
        (
            ordinal, capitalised(name), counts["beneficiaries"], counts["accounts"], counts["accounts_own"], counts["accounts_guardian"],
            counts["accounts_authorised"], coverage, target, against, counts["paid_cashless"],
            rate(counts["paid_cashless"], counts["accounts"]), rate(counts["paid_cashless"], counts["beneficiaries"]),
            counts["account_money"], counts["paid_in_cash"], counts["cash_money"], counts["in_flight"], counts["unpaid"], counts["unpaid_money"],
            _remark(counts),
        ),
    )  # fmt: skip


def _remark(counts: Row) -> str:
    unknown = counts["paid_without_known_account"]
    return f"{format_amount(unknown)} người đã chi, tài khoản đã đóng" if unknown else ""


def _notes(total: Row) -> tuple[str, ...]:
    notes = [
        "(1)=(9)+(13)+(15)+(16); mỗi người tính một lần, tại xã của hồ sơ hưởng lập trước.",
        f"{format_amount(total['paid_both_ways'])} người trong kỳ nhận cả qua tài khoản và bằng tiền mặt; người có tài khoản đang mở được tính ở cột (9).",
        "(12), (14), (17) tính cho mọi người được chi trong kỳ, kể cả người đã thôi hưởng sau đó; (17) gồm cả tháng chưa nhận của người đã nhận tháng khác.",
    ]
    if total["in_flight_money"]:
        notes.append(f"Số tiền đang chuyển: {format_amount(total['in_flight_money'])} đồng.")
    if total["nothing_due"]:
        notes.append(
            f"{format_amount(total['nothing_due'])} người ở cột (16) không có khoản phải chi trong kỳ, trong đó {format_amount(total['not_listed'])} người "
            "không có tên trong danh sách nào của kỳ; số còn lại có lý do trên danh sách."
        )
    return tuple(notes)
