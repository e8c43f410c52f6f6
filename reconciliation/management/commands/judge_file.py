"""`manage.py judge_file USER NOW CPU MEMORY < file`: the process apart in which a file that was handed in is read; nobody calls it by hand."""

import sys
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand

from payments.errors.pdfs import PdfNotRead
from reconciliation.errors import CheckTakesTooLong, FileNotKnown
from reconciliation.services.papers.few_at_a_time import ended_after_a_minute
from reconciliation.services.papers.judge_apart import as_said
from reconciliation.services.papers.verify_file import verify_file
from staff.apart import bound_this_process, say_begun
from staff.models import User


class Command(BaseCommand):
    """Judge one file under limits."""

    help = "Tiến trình riêng của việc kiểm tra tệp gửi lên (có giới hạn bộ nhớ và thời gian); hệ thống tự gọi, không dùng bằng tay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For whom, when, and the limits: seconds of the processor, bytes of memory."""
        parser.add_argument("user", type=int)
        parser.add_argument("now", type=datetime.fromisoformat)
        parser.add_argument("cpu", type=int)
        parser.add_argument("memory", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """That it began, and one line of JSON."""
        bound_this_process(memory=options["memory"], seconds=options["cpu"])
        actor = User.objects.get(pk=options["user"])
        say_begun()
        try:
            with ended_after_a_minute():
                said = as_said(verify_file(content=sys.stdin.buffer.read(), now=options["now"], actor=actor))
        except (FileNotKnown, CheckTakesTooLong, PdfNotRead) as refusal:
            said = as_said(refusal)
        self.stdout.write(said)
