"""`manage.py coverage --on 2024-09-30 [--unit 97] [--by commune]`: who has an account, by one break-down, and how far opening has come."""

from argparse import ArgumentParser
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from beneficiaries.services.accounts.coverage import BreakDown, coverage, funnel
from staff.models import AdministrativeUnit


class Command(BaseCommand):
    """Figures only; groups under five people stand together."""

    help = "Tỷ lệ có tài khoản theo phân tổ, tại một ngày."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which day, where, by what."""
        parser.add_argument("--on", required=True, type=date.fromisoformat, help="ngày chốt số liệu, 2024-09-30")
        parser.add_argument("--unit", default="", help="mã đơn vị; bỏ trống là toàn tỉnh")
        parser.add_argument("--by", default=BreakDown.COMMUNE.value, choices=[part.value for part in BreakDown])

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the rows with numerator, denominator and rate, then the funnel."""
        found = (
            AdministrativeUnit.objects.filter(code=options["unit"])
            if options["unit"]
            else AdministrativeUnit.objects.filter(kind="PROVINCE")
        )
        unit = found.first()
        if unit is None:
            raise CommandError("Không có đơn vị này; mời kiểm tra --unit.")
        self.stdout.write(f"Số liệu chốt đến hết ngày {options['on']:%d/%m/%Y}, {unit.name}")
        for row in coverage(unit=unit, on=options["on"], by=BreakDown(options["by"]), whole=False):
            rate = (Decimal(row.accounts) * 100 / row.beneficiaries).quantize(Decimal("0.01"), ROUND_HALF_UP)
            self.stdout.write(f"{row.name}: {row.accounts}/{row.beneficiaries} = {str(rate).replace('.', ',')}%")
        steps = funnel(unit=unit, on=options["on"])
        self.stdout.write("Tiến độ: " + ", ".join(f"{step} {people}" for step, people in steps.items()))
