"""`manage.py budget_codes 97101 BTXH 2024 --chapter 800 --section 370-398 --item 7150-7199 --budget-user 1234567 --actor ketoantruong`."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from beneficiaries.models import Programme
from payments.models import BudgetCode
from payments.services.lists.budget_codes import record_codes
from staff.errors import Refusal
from staff.models import AdministrativeUnit, User
from staff.services.labels import labelled


class Command(BaseCommand):
    """Safe to repeat; lists of the year are then printed with these codes."""

    help = "Ghi mục lục ngân sách (chương, loại - khoản, mục - tiểu mục, mã ĐVQHNS) của một chính sách, in trên danh sách chi trả."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For whom, what for, which codes."""
        parser.add_argument("unit", help="mã đơn vị, ví dụ 97101; đơn vị dưới không có mã riêng thì dùng mã này")
        parser.add_argument("programme", help="mã chính sách, ví dụ BTXH")
        parser.add_argument("year", type=int, help="năm ngân sách, ví dụ 2024")
        parser.add_argument("--chapter", required=True, help="chương, 3 chữ số")
        parser.add_argument("--section", required=True, help="loại - khoản, ví dụ 370-398")
        parser.add_argument("--item", required=True, help="mục - tiểu mục, ví dụ 7150-7199")
        parser.add_argument("--budget-user", required=True, help="mã đơn vị quan hệ ngân sách, 7 chữ số")
        parser.add_argument("--source", default="", help="nguồn kinh phí; để trống: nguồn của chính sách")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của kế toán trưởng")

    def handle(self, *args: Any, **options: Any) -> None:
        """Record them, or say what is wrong."""
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        unit = AdministrativeUnit.objects.filter(code=options["unit"]).first()
        programme = Programme.objects.filter(code=options["programme"]).first()
        if actor is None or unit is None or programme is None:
            raise CommandError("Không có đơn vị, chính sách hoặc người dùng này.")
        codes = {name: options[name] for name in ("chapter", "section", "item", "budget_user")}
        try:
            BudgetCode(year=options["year"], **codes).clean_fields(exclude=["unit", "programme", "budget_source", "recorded_by", "recorded_at"])  # fmt: skip
        except ValidationError as error:
            raise CommandError("Chương 3 chữ số; loại - khoản dạng 370-398; mục - tiểu mục dạng 7150-7199; mã ĐVQHNS 7 chữ số.") from error  # fmt: skip
        try:
            with labelled(actor_id=actor.pk, why="manage.py budget_codes"):
                line = record_codes(
                    unit=unit, programme=programme, year=options["year"], actor=actor, now=timezone.now(), budget_source=options["source"], **codes
                )  # fmt: skip
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(
            f"{unit.code} {programme.code} {line.budget_source} {line.year}: chương {line.chapter}, loại-khoản {line.section}, "
            f"mục-tiểu mục {line.item}, mã ĐVQHNS {line.budget_user}."
        )
