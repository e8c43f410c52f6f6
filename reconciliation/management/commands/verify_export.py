"""`manage.py verify_export DIR`: count everything that was handed over again; exit 1 if anything does not agree."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from payments.money import format_amount
from reconciliation.services.export.verify import verify_export
from reconciliation.services.export.write import MANIFEST, digest_of


class Command(BaseCommand):
    """Check what was handed over."""

    help = "Kiểm tra thư mục đã xuất: đủ tệp, đúng mã toàn vẹn, số dòng, tổng tiền, sổ cân; thoát mã 1 nếu sai."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where it lies."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--database", action="store_true", help="so cả số dòng với cơ sở dữ liệu bây giờ")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print and judge."""
        found = verify_export(folder=options["folder"], with_database=options["database"])
        for fault in found.faults:
            self.stderr.write(fault)
        if not found.holds:
            raise CommandError(f"{len(found.faults)} điểm không khớp.")
        self.stdout.write(
            f"Khớp: {format_amount(found.rows)} dòng trong {found.files} tệp. "
            f"Mã toàn vẹn bản kê: {digest_of(options['folder'] / MANIFEST)}"
        )
