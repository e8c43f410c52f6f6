"""`manage.py verify_report FILE`: is this the report we issued, and would we count the same today; exit 1 if not."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments.errors.pdfs import PdfNotRead
from reconciliation.errors import FileNotKnown
from reconciliation.services.papers.verify_file import verify_file


class Command(BaseCommand):
    """Verify one file."""

    help = "Kiểm tra tệp báo cáo (PDF, Word, Excel, JSON), danh sách tháng, hồ sơ, quá trình hưởng với bản đã lập và tính lại; thoát mã 1 nếu khác."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was found."""
        try:
            verdict = verify_file(content=options["file"].read_bytes(), now=timezone.now())
        except OSError as error:
            raise CommandError("Không mở được tệp.") from error
        except (FileNotKnown, PdfNotRead) as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(verdict.told)
        self.stdout.write(
            "Tệp: đúng bản hệ thống đã phát hành."
            if verdict.original
            else "Tệp không đúng từng byte bản đã phát hành: đã sửa, ghi lại bằng phần mềm khác, hoặc phát hành từ trước khi hệ thống ghi dấu từng tệp."
        )
        for line in (*verdict.signers, *verdict.received, *verdict.definitions):
            self.stdout.write(line)
        for line in verdict.differences:
            self.stdout.write(f"✗ {line}")
        for line in verdict.recount:
            self.stdout.write(f"✗ tính lại: {line}")
        if not verdict.holds:
            raise CommandError(f"{len(verdict.differences)} khác biệt trong tệp, {len(verdict.recount)} khi tính lại.")
        self.stdout.write("✓ Mọi số liệu trong tệp khớp với số liệu đã chốt và với kết quả tính lại.")
