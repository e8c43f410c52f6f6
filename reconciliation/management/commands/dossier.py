"""`manage.py dossier 2024-09 --unit 97101 --actor …`: everything about the month of a unit, bound in one PDF."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reconciliation.services.papers.write_dossier import bind_dossier
from staff.errors import Refusal
from staff.models import AdministrativeUnit, User


class Command(BaseCommand):
    """Bind one dossier and say what is missing."""

    help = "Đóng hồ sơ chi trả của một tháng (danh sách, quyết định, chữ ký, lệnh chi, sao kê, kết quả, hoàn trả, biên bản) thành một PDF có mục lục."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Month, unit, file, actor."""
        parser.add_argument("month", help="tháng, dạng 2024-09")
        parser.add_argument("--unit", required=True, help="mã đơn vị")
        parser.add_argument("--file", type=Path, required=True, help="tệp PDF để ghi")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người lấy hồ sơ")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 although something is missing: a dossier grows over the month; each missing piece is named."""
        try:
            month = date.fromisoformat(f"{options['month']}-01")
        except ValueError as error:
            raise CommandError("Tháng phải có dạng 2024-09.") from error
        unit = AdministrativeUnit.objects.filter(code=options["unit"]).first()
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        if unit is None or actor is None:
            raise CommandError("Không có đơn vị hoặc cán bộ này.")
        try:
            pdf, dossier, paper = bind_dossier(unit=unit, month=month, actor=actor, now=timezone.now(), tell=self._tell)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        path: Path = options["file"]
        path.touch(mode=0o600)
        path.write_bytes(pdf)
        paper.save()
        self.stdout.write(
            f"Đã đóng hồ sơ {len(dossier.pieces)} thành phần, {paper.lines} dòng, mã số liệu {paper.digest[:12]}."
        )
        for sentence in dossier.missing:
            self.stdout.write(f"Thiếu: {sentence}")

    def _tell(self, done: int, total: int) -> None:
        self.stderr.write(f"{done}/{total}", ending="\r")
