"""`manage.py dry_run 2024-09 --actor nguoilap [--unit 97101]`: who would be paid what and what changed since last month; writes nothing."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from beneficiaries.models import Reason
from payments.money import format_amount
from payments.services.lists.calendar import month_calendar
from payments.services.lists.dry_run import Commune, DryRun, dry_run
from staff.errors import Refusal
from staff.models import AdministrativeUnit, User
from staff.services.database_clock import database_now

# Figures are never cut off: a narrow terminal or a file gets long lines, which it wraps or not.
WIDE = 150


class Command(BaseCommand):
    """Totals per commune; of one commune also its people."""

    help = "Tính thử danh sách chi trả của một tháng, không ghi gì."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which month, who asks, for which unit."""
        parser.add_argument("month", help="tháng, ví dụ 2024-09")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người lập")
        parser.add_argument("--unit", help="mã đơn vị; để trống là cả địa bàn của người lập")
        parser.add_argument("--listed-on", help="ngày lập, ví dụ 2024-08-18; để trống là ngày lập theo lịch")
        parser.add_argument("--months-together", type=int, default=1, help="số tháng chi gộp (Tết: 2)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print; a refusal is what would stop the lists themselves."""
        actor = User.objects.filter(username=options["actor"]).first()
        if actor is None or actor.unit is None:
            raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
        unit = AdministrativeUnit.objects.filter(code=options["unit"]).first() if options["unit"] else actor.unit
        if unit is None:
            raise CommandError("Không có đơn vị này; mời kiểm tra --unit.")
        try:
            month = datetime.strptime(options["month"] + "-01 +0700", "%Y-%m-%d %z").date()
            asked = options["listed_on"]
            listed_on = (
                datetime.strptime(asked + " +0700", "%Y-%m-%d %z").date()
                if asked
                else month_calendar(month=month).list_on
            )
        except ValueError as error:
            raise CommandError("Tháng viết 2024-09, ngày viết 2024-08-18.") from error
        try:
            found = dry_run(
                month=month,
                listed_on=listed_on,
                unit=unit,
                actor=actor,
                now=database_now(),
                months_together=options["months_together"],
            )
        except Refusal as refusal:
            raise CommandError(" ".join([refusal.sentence, *refusal.conflicts])) from refusal
        show(found, console=Console() if Console().width >= WIDE else Console(width=WIDE))


def show(found: DryRun, *, console: Console) -> None:
    """Three tables: communes, difference from last month, people of one commune."""
    table = _table(
        ["Mã", "Đơn vị"],
        ["Được chi", "Chưa đủ điều kiện", "Tháng này", "Truy lĩnh", "Chuyển sang", "Thu hồi", "Tổng (đ)"],
    )
    rows = [(row.code, row.name, _figures(row)) for row in found.communes]
    totals = [sum(column) for column in zip(*(figures for _, _, figures in rows), strict=True)]
    for code, name, figures in [*rows, ("", "Tổng cộng", totals)]:
        table.add_row(code, name, *map(format_amount, figures))
    console.print(table)
    for reason in sorted({reason for row in found.communes for reason in row.reasons}):
        count = sum(row.reasons.get(reason, 0) for row in found.communes)
        console.print(f"Chưa đủ điều kiện chi: {Reason(reason).label}: {count}", highlight=False)
    for source, amount in found.sources.items():
        console.print(f"Nguồn {source}: {format_amount(amount)} đ", highlight=False)
    months = found.together
    if months.drawn_before:
        console.print(
            f"Đã lập danh sách cùng tháng trước, không chi lần hai: {months.drawn_before} hồ sơ, "
            f"{format_amount(months.drawn_before_amount)} đ",
            highlight=False,
        )
    if months.ahead:
        console.print(
            f"Chi gộp các tháng sau, đã tính trong cột Tháng này: {months.ahead} lượt, {format_amount(months.ahead_amount)} đ",
            highlight=False,
        )
    if months.several_instalments:
        console.print(
            f"Thu hồi theo quyết định, trừ mỗi tháng một mức cho các tháng chi cùng: {months.several_instalments} quyết định, "
            f"{format_amount(months.several_instalments_amount)} đ",
            highlight=False,
        )
    if found.asks_budget_year:
        console.print(
            "Danh sách tháng 1 lập trước ngày 25/12: khi lập thật phải cho biết niên độ ngân sách (build_lists --budget-year).",
            highlight=False,
        )
    table = _table(["Biến động"], ["Số hồ sơ", "Số tiền (đ)"], title=f"Tổng hợp biến động tháng {found.month:%m/%Y}")
    for change in found.changes:
        table.add_row(str(change.kind.label), str(change.enrolments), _signed(change.amount))
    console.print(table)
    if found.people:
        table = _table(
            ["Mã hồ sơ", "Họ và tên"], ["Tháng này", "Truy lĩnh", "Chuyển sang", "Thu hồi", "Tổng (đ)"], ["Ghi chú"]
        )
        for person in found.people:
            sums = (person.regular, person.arrears, person.carried, person.deducted, person.total)
            note = person.reason or person.cash_reason
            table.add_row(
                person.code, person.full_name, *map(format_amount, sums), str(Reason(note).label) if note else ""
            )
        console.print(table)


def _table(words: list[str], figures: list[str], after: list[str] | None = None, *, title: str | None = None) -> Table:
    """Columns of words around columns of figures, which stand to the right and are never shortened."""
    table = Table(*words, title=title)
    for name in figures:
        table.add_column(name, justify="right", no_wrap=True, overflow="fold")
    for name in after or []:
        table.add_column(name)
    return table


def _figures(row: Commune) -> list[int]:
    return [row.payable, row.not_payable, row.regular, row.arrears, row.carried, row.deducted, row.total]


def _signed(amount: int) -> str:
    return f"-{format_amount(-amount)}" if amount < 0 else format_amount(amount)
