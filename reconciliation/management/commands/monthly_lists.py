"""`manage.py monthly_lists 2024-09`: the month's lists of every commune as PDF and workbook."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reconciliation.services.papers.write_lists import write_lists
from staff.errors import Refusal
from staff.models import AdministrativeUnit, User


class Command(BaseCommand):
    """Write the lists of one month."""

    help = "Ghi danh sách chi trả hằng tháng (chuyển khoản, tiền mặt), tổng hợp biến động và danh sách chưa nhận, mỗi danh sách một PDF và một Excel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Month, unit, folder, processes."""
        parser.add_argument("month", help="tháng, dạng 2024-09")
        parser.add_argument("--unit", required=True, help="mã đơn vị; gồm mọi xã, phường bên dưới")
        parser.add_argument("--folder", type=Path, required=True, help="thư mục để ghi")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người lấy danh sách")
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
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError("Không có cán bộ này.")
        try:
            paths = write_lists(
                unit=unit, month=month, folder=options["folder"], processes=max(1, options["processes"]), actor=actor, now=timezone.now()
            )  # fmt: skip
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(
            f"Đã ghi {sum(path.suffix == '.pdf' for path in paths)} danh sách và một bảng kê, {len(paths)} tệp."
        )
