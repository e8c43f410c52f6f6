"""`manage.py budget_estimate 97101 BTXH 2024 --amount 4.200.000.000 --document 3512/QĐ-UBND --on 2023-12-15 --actor ketoantruong`."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from beneficiaries.models import Programme
from payments.money import AmountUnreadable, format_amount, parse_amount
from payments.services.ledger.estimates import record_estimate
from staff.errors import Refusal
from staff.models import AdministrativeUnit, User
from staff.services.labels import labelled


class Command(BaseCommand):
    """Safe to repeat; reports of the year then show dự toán giao and tỷ lệ giải ngân (Biểu 05)."""

    help = "Ghi nhận dự toán giao cho đơn vị chi trả, theo chính sách, nguồn kinh phí và năm ngân sách."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For whom, what for, how much, by which decision."""
        parser.add_argument("unit", help="mã đơn vị chi trả, ví dụ 97101")
        parser.add_argument("programme", help="mã chính sách, ví dụ BTXH")
        parser.add_argument("year", type=int, help="năm ngân sách, ví dụ 2024")
        parser.add_argument("--amount", required=True, help="số tiền, ví dụ 4.200.000.000")
        parser.add_argument("--reduce", action="store_true", help="quyết định giảm dự toán")
        parser.add_argument("--source", default="", help="nguồn kinh phí; để trống: nguồn của chính sách")
        parser.add_argument("--document", required=True, help="số quyết định giao dự toán")
        parser.add_argument("--on", required=True, help="ngày quyết định, ví dụ 2023-12-15")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của kế toán trưởng")

    def handle(self, *args: Any, **options: Any) -> None:
        """Record it, or say why not."""
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        unit = AdministrativeUnit.objects.filter(code=options["unit"]).first()
        programme = Programme.objects.filter(code=options["programme"]).first()
        if actor is None or unit is None or programme is None:
            raise CommandError("Không có đơn vị, chính sách hoặc người dùng này.")
        try:
            amount, decided_on = parse_amount(options["amount"]), date.fromisoformat(options["on"])
        except (AmountUnreadable, ValueError) as error:
            raise CommandError("Số tiền viết 1.234.567, ngày viết 2023-12-15.") from error
        if amount <= 0 or not 2000 <= options["year"] <= 2100:
            raise CommandError("Số tiền phải lớn hơn 0; năm từ 2000 đến 2100.")
        try:
            with labelled(actor_id=actor.pk, why="manage.py budget_estimate"):
                line = record_estimate(
                    unit=unit, programme=programme, year=options["year"], amount=-amount if options["reduce"] else amount,
                    document=options["document"], decided_on=decided_on, actor=actor, now=timezone.now(), budget_source=options["source"],
                )  # fmt: skip
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(
            f"{unit.code} {programme.code} {line.budget_source} {line.year}: {format_amount(line.amount)} đ, {line.document}."
        )
