"""`manage.py verify_report FILE`: is this the report we issued, and would we count the same today; exit 1 if not."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reconciliation.reports.verify import NotAReport, verify_report


class Command(BaseCommand):
    """Verify one file."""

    help = "Kiểm tra một tệp báo cáo (PDF, Word, Excel, JSON) với số liệu đã chốt và tính lại từ dữ liệu; thoát mã 1 nếu có khác biệt."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was found."""
        try:
            verdict = verify_report(options["file"].read_bytes())
        except OSError as error:
            raise CommandError("Không mở được tệp.") from error
        except NotAReport as error:
            raise CommandError(str(error)) from error
        snapshot = verdict.snapshot
        self.stdout.write(
            f"Báo cáo {snapshot.figures['unit']['name']}, {snapshot.from_on:%d/%m/%Y} – {snapshot.to_on:%d/%m/%Y}, mã số liệu {snapshot.digest[:12]}"
        )
        self.stdout.write(
            "Tệp: đúng bản hệ thống đã phát hành."
            if verdict.original
            else "Tệp: đã sửa hoặc ghi lại bằng phần mềm khác."
        )
        for line in verdict.signers:
            self.stdout.write(line)
        for line in verdict.differences:
            self.stdout.write(f"✗ {line}")
        for line in verdict.recount:
            self.stdout.write(f"✗ tính lại: {line}")
        if not verdict.holds:
            raise CommandError(f"{len(verdict.differences)} khác biệt trong tệp, {len(verdict.recount)} khi tính lại.")
        self.stdout.write("✓ Mọi số liệu trong tệp khớp với số liệu đã chốt và với kết quả tính lại.")
