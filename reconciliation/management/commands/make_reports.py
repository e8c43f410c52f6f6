"""`manage.py make_reports [--since 2024-07-01] [--show]`: order the reports of periods that are over and make them now."""

import os
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reconciliation.models import ReportRun
from reconciliation.services.papers.make_reports import make_reports
from reconciliation.services.papers.plan_reports import plan_reports
from reconciliation.services.papers.report_progress import progress_of
from reconciliation.states import RunStatus


class Command(BaseCommand):
    """The same work the clock orders; ended at any time, it goes on where it was."""

    help = "Lập các báo cáo tháng, quý đã hết kỳ và xem tiến độ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Since when, and only to look."""
        parser.add_argument(
            "--since", type=date.fromisoformat, help="kỳ bắt đầu từ ngày này; không có: theo ANSINH_REPORTS_FROM"
        )
        parser.add_argument("--show", action="store_true", help="chỉ xem tiến độ")

    def handle(self, *args: Any, **options: Any) -> None:
        """Order, make, and say how far each level is."""
        if not options["show"]:
            ordered = plan_reports(now=timezone.now(), since=options["since"])
            self.stdout.write(f"{ordered} báo cáo mới đến kỳ.")
            make_reports(holder=f"command:{os.getpid()}", clock=timezone.now, on_report=self._tell)
        for row in progress_of(ReportRun.objects.all(), now=timezone.now()):
            steps = ", ".join(f"{count} {RunStatus(status).label.lower()}" for status, count in row.by_status.items())
            late = f"; {row.overdue} quá hạn" if row.overdue else ""
            self.stdout.write(f"{row.kind.label} đến {row.to_on:%d/%m/%Y}, {row.level}: {steps}{late}.")

    def _tell(self, run: ReportRun) -> None:
        self.stdout.write(
            f"{run.get_kind_display()} {run.to_on:%m/%Y}, {run.unit.name}: {run.get_status_display().lower()}."
        )
