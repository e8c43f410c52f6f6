"""`manage.py import_verdicts --enquiry 12 --actor nguoilap FILE`: take in the list of an enquiry as it came back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from beneficiaries.models import IdentityEnquiry
from beneficiaries.parsers.workbook import read_file
from beneficiaries.services.identity.import_verdicts import import_verdicts
from staff.errors import Refusal
from staff.models import User

PROBLEMS_SHOWN = 20


class Command(BaseCommand):
    """Safe to repeat."""

    help = "Nạp kết quả xác minh từng người từ danh sách gửi lại."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which enquiry, who, which file."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--enquiry", type=int, required=True, help="số danh sách")
        parser.add_argument("--actor", required=True, help="tên đăng nhập")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import; exit 1 if a row could not be taken."""
        enquiry = IdentityEnquiry.objects.select_related("unit").filter(pk=options["enquiry"]).first()
        actor = User.objects.filter(username=options["actor"]).first()
        if enquiry is None or actor is None:
            raise CommandError("Không có danh sách hoặc người dùng này; mời kiểm tra --enquiry và --actor.")
        try:
            content = read_file(options["file"])
            taken = import_verdicts(content=content, enquiry=enquiry, actor=actor, now=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        except OSError as error:
            raise CommandError("Không mở được tệp; mời kiểm tra đường dẫn.") from error
        if taken.effect is None:
            self.stdout.write("Nội dung này đã nạp trước đây, không có gì thay đổi.")
            return
        done = taken.effect
        self.stdout.write(
            f"{taken.answered} dòng có kết quả, ghi mới {done.recorded}: khớp đúng {done.confirmed}, phải xác minh {done.doubted}; "
            f"việc cần xử lý mới {done.cases_opened}."
        )
        for sentence in taken.idle[:PROBLEMS_SHOWN]:
            self.stdout.write(sentence)
        for problem in taken.problems[:PROBLEMS_SHOWN]:
            self.stdout.write(problem)
        if taken.problems:
            raise CommandError(f"{len(taken.problems)} dòng không nhận; mời sửa rồi nạp lại tệp.")
