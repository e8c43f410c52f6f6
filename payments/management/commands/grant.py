"""`manage.py grant`: a grant paid once (trợ cấp một lần, quà) to everyone of a policy or to households, by decision."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from beneficiaries.models import Programme
from beneficiaries.parsers.workbook import read_file
from payments.money import parse_amount
from payments.services.once.grants import everyone_of, grant_to
from payments.services.once.household_list import read_households
from payments.services.once.one_off import Order, open_one_off
from staff.errors import Refusal
from staff.models import User


class Command(BaseCommand):
    """Opens the grant with `--open`, and grants it once to each person, whatever is sent again."""

    help = "Ghi khoản chi một lần (trợ cấp một lần, quà) theo quyết định."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The grant, its decision, and whom it goes to."""
        parser.add_argument("code", help="mã khoản chi, ví dụ QUA-2-9")
        parser.add_argument("--open", dest="name", help="mở khoản chi mới với tên này; kèm --amount và --source")
        parser.add_argument("--amount", type=parse_amount, help="đồng mỗi người, ví dụ 300.000")
        parser.add_argument("--source", help="nguồn kinh phí")
        parser.add_argument("--number", required=True, help="số quyết định")
        parser.add_argument("--signed-on", required=True, type=date.fromisoformat, help="ngày ký, 2024-07-10")
        parser.add_argument("--signer", required=True, help="họ tên, chức vụ người ký quyết định")
        parser.add_argument("--month", required=True, help="kỳ chi trả, 2024-09")
        parser.add_argument("--everyone-of", help="mã chính sách: mọi người đang hưởng trong địa bàn")
        parser.add_argument("--households", type=Path, help="Excel: Mã hộ, Mã hồ sơ hưởng, Chủ hộ (x)")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người lập cấp tỉnh")

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant it, or say why not."""
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError("Không có cán bộ này.")
        try:
            month = date.fromisoformat(f"{options['month']}-01")
        except ValueError as error:
            raise CommandError("Kỳ chi trả viết dạng 2024-09.") from error
        order = Order(number=options["number"], signed_on=options["signed_on"], signer=options["signer"], month=month)
        try:
            granted = self._grant(order=order, actor=actor, options=options)
        except Refusal as refusal:
            raise CommandError(f"{refusal.sentence} {', '.join(refusal.conflicts)}".strip()) from refusal
        self.stdout.write(f"Đã ghi {granted} người mới.")

    @transaction.atomic
    def _grant(self, *, order: Order, actor: User, options: dict[str, Any]) -> int:
        if options["name"]:
            if not options["amount"] or not options["source"]:
                raise CommandError("Mở khoản chi mới cần cả --amount và --source.")
            open_one_off(
                code=options["code"],
                name=options["name"],
                amount=options["amount"],
                budget_source=options["source"],
                order=order,
                actor=actor,
            )
        programme = Programme.objects.filter(code=options["code"], kind=Programme.Kind.ONE_OFF).first()
        if programme is None:
            raise CommandError(f"Không có khoản chi một lần {options['code']}.")
        of = Programme.objects.filter(code=options["everyone_of"]).first() if options["everyone_of"] else None
        if options["everyone_of"] and of is None:
            raise CommandError(f"Không có chính sách {options['everyone_of']}.")
        people = everyone_of(programme=of, month=order.month, actor=actor) if of else []
        file = options["households"]
        households = read_households(content=read_file(file), actor=actor) if file else []
        return grant_to(
            programme=programme,
            people=people,
            households=households,
            newcomers=[],
            order=order,
            actor=actor,
            now=timezone.now(),
        ).granted
