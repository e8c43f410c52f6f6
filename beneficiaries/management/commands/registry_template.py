"""`manage.py registry_template TCXH --to mau.xlsx`: a blank list for one programme, with its catalogue and drop-down choices."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from beneficiaries.models import Programme
from beneficiaries.services.intake.registry_template import registry_template


class Command(BaseCommand):
    """One programme, one workbook."""

    help = "Tạo mẫu danh sách trống của một chính sách."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which programme, where to."""
        parser.add_argument("programme", help="mã chính sách, ví dụ TCXH")
        parser.add_argument("--to", type=Path, help="tệp sẽ ghi; mặc định mau-<mã>.xlsx")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it; an unknown code is named with those there are."""
        programme = Programme.objects.filter(code=options["programme"].upper()).first()
        if programme is None:
            known = ", ".join(Programme.objects.order_by("code").values_list("code", flat=True))
            raise CommandError(f"Không có chính sách này; có: {known}.")
        path = options["to"] or Path(f"mau-{programme.code}.xlsx")
        path.write_bytes(registry_template(programme=programme))
        self.stdout.write(f"✓ {path}")
