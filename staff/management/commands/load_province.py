"""`manage.py load_province 01`: a real province with its communes, the units before 1 July 2025 and what became of them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from staff.national_units import national_units
from staff.services.former_units import load_province


class Command(BaseCommand):
    """Safe to repeat."""

    help = "Nạp đơn vị hành chính của tỉnh (sau 01/7/2025), đơn vị cũ và đơn vị kế thừa."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The code of the province; an installation has one."""
        parser.add_argument("province", help="mã tỉnh sau 01/7/2025, ví dụ 01")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it; an unknown code loads nothing."""
        known = national_units().provinces.get(options["province"])
        if known is None:
            raise CommandError("Không có mã tỉnh này.")
        self.stdout.write(f"{known.name}: thêm {load_province(province=known.code)} đơn vị.")
