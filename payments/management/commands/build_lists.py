"""`manage.py build_lists 2024-10 --actor nguoilap`: build all lists of a month; the bank is asked first about money that came back."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments.models import Entitlement, ListOrder, Payment, PaymentBatch
from payments.money import format_amount
from payments.services.lists.calendar import month_calendar
from payments.services.lists.order_lists import order_lists, work_on_list_orders
from staff.errors import Refusal
from staff.models import Order, User
from staff.services.database_clock import database_now


class Command(BaseCommand):
    """All lists, or none and the reason. Building a month twice is refused."""

    help = "Lập danh sách chi trả của một tháng. Ngày không nêu thì theo lịch làm việc."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which month, who, which days."""
        parser.add_argument("month", type=_month, help="tháng, ví dụ 2024-10")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người lập")
        parser.add_argument("--listed-on", type=_day, help="ngày lập, ví dụ 2024-09-18")
        parser.add_argument("--pay-on", type=_day, help="ngày chi, ví dụ 2024-10-05")
        parser.add_argument("--months-together", type=int, default=1, help="số tháng chi gộp (Tết: 2)")
        parser.add_argument("--budget-year", type=int, help="niên độ ngân sách, khi lập danh sách tháng 1 trước 25/12")
        parser.add_argument("--calendar", action="store_true", help="chỉ in các hạn của tháng, không lập")

    def handle(self, *args: Any, **options: Any) -> None:
        """Order, build, and print what was built; exit 1 with the reason when it was refused."""
        actor = User.objects.filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
        if options["calendar"]:
            self._show_calendar(options["month"])
            return
        try:
            order = order_lists(
                month=options["month"],
                actor=actor,
                now=database_now(),
                listed_on=options["listed_on"],
                pay_on=options["pay_on"],
                months_together=options["months_together"],
                budget_year=options["budget_year"],
            )
        except Refusal as refusal:
            raise CommandError(" ".join([refusal.sentence, *refusal.conflicts])) from refusal
        work_on_list_orders(clock=timezone.now, order_id=order.pk)
        order.refresh_from_db()
        if order.stage != Order.Stage.DONE:
            raise CommandError(" ".join([order.problem, *order.conflicts]))
        self._show(order)

    def _show(self, order: ListOrder) -> None:
        payments = Payment.objects.filter(batch__cycle=order.cycle)
        due_nothing = Entitlement.objects.filter(cycle=order.cycle).exclude(not_payable_reason="")
        self.stdout.write(
            f"Kỳ {order.month:%m/%Y}, lập theo số liệu ngày {order.listed_on:%d/%m/%Y}, chi từ {order.pay_on:%d/%m/%Y}: "
            f"{format_amount(PaymentBatch.objects.filter(cycle=order.cycle).count())} danh sách, "
            f"{format_amount(payments.count())} khoản chi, "
            f"{format_amount(sum(payments.values_list('amount', flat=True)))} đ; "
            f"chưa đủ điều kiện chi {format_amount(due_nothing.count())} hồ sơ."
        )

    def _show_calendar(self, month: date) -> None:
        calendar = month_calendar(month=month)
        self.stdout.write(f"Chốt biến động: {calendar.changes_close_on:%d/%m/%Y}")
        self.stdout.write(f"Lập danh sách: {calendar.list_on:%d/%m/%Y}")
        self.stdout.write(f"Tiền và danh sách đến tổ chức chi trả: {calendar.hand_over_by:%d/%m/%Y}")
        self.stdout.write(f"Chi trả từ: {calendar.pay_on:%d/%m/%Y}")


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise ArgumentTypeError("tháng viết 2024-10") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError("ngày viết 2024-09-18") from error
