"""`manage.py verify_audit --expect DIGEST`: is the sealed history as it was? Exit 1 if not."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from staff.errors import SealKeyMissing
from staff.services.verifying import verify_history


class Command(BaseCommand):
    """Verify chain, signatures and rows."""

    help = "Kiểm tra nhật ký đã niêm phong; thoát mã 1 nếu có dòng bị sửa, xóa, chèn, hoặc chuỗi bị cắt, dựng lại."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The seal known from paper."""
        parser.add_argument("--expect", default="", help="mã niêm phong in ở cuối một báo cáo (từ 12 ký tự)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print and judge."""
        try:
            found = verify_history(expect=options["expect"])
        except SealKeyMissing as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(
            f"{found.seals} niêm phong, {found.sealed_rows} dòng đã niêm phong; mã cuối: {found.last_digest or '-'}"
        )
        self.stdout.write(f"{found.unsealed_rows} dòng chưa niêm phong (chưa được bảo vệ).")
        for finding in found.findings:
            self.stdout.write(f"✗ {finding}")
        if found.findings:
            raise CommandError(f"{len(found.findings)} điểm không đúng.")
        self.stdout.write("✓ Nhật ký đã niêm phong còn nguyên vẹn.")
