"""`manage.py export_all --order 3 --out DIR`: write everything the order allows; stopped, it goes on when called again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console

from payments.money import format_amount
from reconciliation.services.export.order import note_written, ready_export
from reconciliation.services.export.write import NotTheSameOrder, write_export
from staff.errors import ExportNotReady


class Command(BaseCommand):
    """Hand everything over."""

    help = "Xuất toàn bộ dữ liệu ra Excel theo lệnh đã lập ở trang Xuất dữ liệu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which order, and where to."""
        parser.add_argument("--order", type=int, required=True, help="số của lệnh, như trên trang Xuất dữ liệu")
        parser.add_argument(
            "--out", type=Path, required=True, help="thư mục trống, hoặc thư mục đang xuất dở của chính lệnh này"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, then say in the order that it is written."""
        console = Console()
        folder: Path = options["out"].resolve()
        try:
            export = ready_export(options["order"])
            written = write_export(
                folder=folder,
                order=export.pk,
                document=export.document,
                with_numbers=export.with_numbers,
                now=timezone.now(),
                tell=lambda title, rows: console.print(f"✓ {title}: {format_amount(rows)} dòng", highlight=False),
            )
            note_written(export_id=export.pk, folder=folder, written=written, now=timezone.now())
        except (ExportNotReady, NotTheSameOrder) as error:
            raise CommandError(str(error)) from error
        console.print(
            f"Đã xuất {format_amount(written.row_total)} dòng vào {written.files} tệp ở {folder}. "
            f"Mã toàn vẹn bản kê: {written.manifest_digest}",
            highlight=False,
            soft_wrap=True,
        )
