"""`manage.py monthly_lists 2024-09`: the month's lists of every commune as PDF and workbook."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments.states import Channel
from reconciliation.reports.rolls.changes import changes_roll
from reconciliation.reports.rolls.monthly import monthly_rolls
from reconciliation.reports.rolls.unpaid import unpaid_roll
from reconciliation.reports.rolls.writing import write_rolls
from staff.models import AdministrativeUnit


class Command(BaseCommand):
    """Write the lists of one month."""

    help = "Ghi danh sách chi trả hằng tháng (chuyển khoản, tiền mặt), tổng hợp biến động và danh sách chưa nhận, mỗi danh sách một PDF và một Excel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Month, unit, folder, processes."""
        parser.add_argument("month", help="tháng, dạng 2024-09")
        parser.add_argument("--unit", required=True, help="mã đơn vị; gồm mọi xã, phường bên dưới")
        parser.add_argument("--folder", type=Path, required=True, help="thư mục để ghi")
        parser.add_argument("--processes", type=int, default=2, help="số tiến trình chạy song song")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write and say how many."""
        try:
            month = date.fromisoformat(f"{options['month']}-01")
            unit = AdministrativeUnit.objects.get(code=options["unit"])
        except ValueError as error:
            raise CommandError("Tháng phải có dạng 2024-09.") from error
        except AdministrativeUnit.DoesNotExist as error:
            raise CommandError(f"Không có đơn vị {options['unit']}.") from error
        now = timezone.now()
        rolls = [
            roll for channel in Channel for roll in monthly_rolls(unit=unit, month=month, channel=channel, now=now)
        ]
        if not rolls:
            raise CommandError(f"Không có danh sách nào của tháng {options['month']}.")
        rolls += [changes_roll(unit=unit, month=month, now=now), unpaid_roll(unit=unit, month=month, now=now)]
        paths = write_rolls(rolls=rolls, folder=options["folder"], processes=max(1, options["processes"]))
        self.stdout.write(
            f"Đã ghi {len(rolls)} danh sách, {len(paths)} tệp, {sum(len(roll.cells) for roll in rolls)} dòng."
        )
