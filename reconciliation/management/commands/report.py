"""`manage.py report 2024-01 2024-09 --unit 97 --actor …`: the report of any months that are over, counted and written now."""

import os
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reconciliation.models import ReportRun
from reconciliation.reports.writing import write_report
from reconciliation.services.papers.issue_files import note_issued_paths
from reconciliation.services.papers.make_reports import make_reports
from reconciliation.services.papers.order_report import order_report
from reconciliation.services.papers.report_delivery import note_reading
from staff.errors import Refusal
from staff.models import AdministrativeUnit, User
from staff.services.free_text import without_numbers
from staff.services.labels import labelled


class Command(BaseCommand):
    """Order one report, make it, write PDF, Word, Excel and JSON."""

    help = "Lập báo cáo của một đơn vị cho các tháng tùy chọn (đã hết), ghi ra PDF, Word, Excel, JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Months, unit, actor, folder, reason."""
        parser.add_argument("from_month", help="từ tháng, dạng 2024-01")
        parser.add_argument("to_month", help="đến hết tháng, dạng 2024-09")
        parser.add_argument("--unit", required=True, help="mã đơn vị")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người yêu cầu")
        parser.add_argument("--folder", type=Path, default=Path("bao-cao"), help="thư mục để ghi")
        parser.add_argument("--reason", default="Lập theo yêu cầu", help="vì sao cần báo cáo này")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 for a draft too: its differences are named."""
        unit = AdministrativeUnit.objects.filter(code=options["unit"]).first()
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        if unit is None or actor is None:
            raise CommandError("Không có đơn vị hoặc cán bộ này.")
        from_month, to_month = (self._month(options[name]) for name in ("from_month", "to_month"))
        with labelled(actor_id=actor.pk, why="command:report"):
            try:
                run = order_report(
                    unit=unit, from_month=from_month, to_month=to_month, reason=without_numbers(options["reason"]), actor=actor, now=timezone.now()
                )  # fmt: skip
            except Refusal as refusal:
                number = f" (số {', '.join(refusal.conflicts)})" if refusal.conflicts else ""
                raise CommandError(f"{refusal.sentence}{number}") from refusal
            make_reports(holder=f"command:{os.getpid()}", clock=timezone.now, only=run.pk)
            made = ReportRun.objects.select_related("snapshot__unit").get(pk=run.pk)
            if made.snapshot is None:
                raise CommandError(f"Chưa lập được ({made.problem or made.get_status_display()}); hệ thống sẽ lập lại.")
            note_reading(run=made, reader=actor, now=timezone.now())
        paths = write_report(snapshot=made.snapshot, folder=options["folder"])
        note_issued_paths(names=made.snapshot.digest, paths=paths, now=timezone.now())
        for path in paths:
            self.stdout.write(str(path))
        for difference in made.snapshot.figures["differences"]:
            self.stdout.write(f"Chưa khớp: {difference['sentence']}")

    def _month(self, text: str) -> date:
        try:
            return date.fromisoformat(f"{text}-01")
        except ValueError as error:
            raise CommandError("Tháng phải có dạng 2024-09.") from error
