"""`manage.py verify_audit [--expect DIGEST] [--actor NAME]`: is the sealed history as it was? Kept with its outcome; exit 1 if not."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from staff.errors import SealKeyMissing
from staff.models import User
from staff.services.checking import check_history


class Command(BaseCommand):
    """Verify chain, signatures and rows."""

    help = "Kiểm tra nhật ký đã niêm phong; thoát mã 1 nếu có dòng bị sửa, xóa, chèn, hoặc chuỗi bị cắt, dựng lại."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The seal known from paper."""
        parser.add_argument("--expect", default="", help="mã niêm phong in ở cuối một báo cáo (từ 12 ký tự)")
        parser.add_argument("--actor", default="", help="tên đăng nhập của người kiểm tra, ghi cùng kết quả")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print and judge."""
        actor = User.objects.filter(username=options["actor"]).first()
        if options["actor"] and actor is None:
            raise CommandError("Không có cán bộ này.")
        try:
            found = check_history(now=timezone.now(), expect=options["expect"], actor=actor)
        except SealKeyMissing as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(
            f"{found.seals} niêm phong, {found.sealed_rows} dòng nhật ký và {found.sealed_table_rows} dòng sổ chỉ ghi thêm "
            f"đã niêm phong; mã cuối: {found.last_digest or '-'}"
        )
        self.stdout.write(
            f"{found.unsealed_rows} dòng nhật ký và {found.unsealed_table_rows} dòng sổ chưa niêm phong (chưa được bảo vệ)."
        )
        for finding in found.findings:
            self.stdout.write(f"✗ {finding}")
        if found.findings:
            raise CommandError(f"{found.finding_count} điểm không đúng.")
        self.stdout.write("✓ Nhật ký và sổ đã niêm phong còn nguyên vẹn.")
