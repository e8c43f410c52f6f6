"""`manage.py close_report 17 --note "Ngân hàng trả lời…" --actor ketoantruong`: a report of the bank that was wrong stands in nobody's way any more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments.models import BankReport
from payments.services.files.wrong_reports import close_report
from staff.errors import Refusal
from staff.models import User
from staff.services.free_text import without_numbers
from staff.services.labels import labelled


class Command(BaseCommand):
    """The number stands in the alarm: `bank-report:17`."""

    help = "Đóng một báo cáo của ngân hàng sai quy cách hoặc sai tổng, sau khi ngân hàng đã trả lời."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which report, why, who."""
        parser.add_argument("report", type=int, help="số của báo cáo, như trong cảnh báo ở trang đầu")
        parser.add_argument("--note", required=True, help="ngân hàng trả lời thế nào, văn bản số mấy")
        parser.add_argument("--actor", required=True, help="tên đăng nhập")

    def handle(self, *args: Any, **options: Any) -> None:
        """Close it, or say why not."""
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
        if not options["note"].strip():
            raise CommandError("Mời ghi ngân hàng trả lời thế nào.")
        try:
            with labelled(actor_id=actor.pk, why="manage.py close_report"):
                close_report(
                    report_id=options["report"], note=without_numbers(options["note"]), actor=actor, now=timezone.now()
                )
        except BankReport.DoesNotExist as error:
            raise CommandError("Không có báo cáo mang số này.") from error
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write("Đã đóng báo cáo này.")
