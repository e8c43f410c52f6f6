"""`manage.py load_days_off --actor lanhdao [FILE]`: the public holidays and swapped working days of one or more years."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from staff.errors import Refusal
from staff.models import User
from staff.services.days_off import SHIPPED, load_days_off


class Command(BaseCommand):
    """Safe to repeat. The years the file names become what it says; other years stay."""

    help = "Nạp ngày nghỉ lễ, ngày nghỉ hoán đổi và ngày làm bù của từng năm; mọi thay đổi ghi vào nhật ký."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, and who answers for it."""
        parser.add_argument(
            "file", nargs="?", type=Path, default=SHIPPED, help="tệp CSV: on,kind,name; bỏ trống: tệp kèm phần mềm"
        )
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người chịu trách nhiệm")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it, or say which line is wrong and change nothing."""
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError("Không có cán bộ này.")
        try:
            loaded = load_days_off(content=options["file"].read_text(encoding="utf-8-sig"), actor=actor)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError("Không đọc được tệp.") from error
        except Refusal as refusal:
            where = f" Dòng {', '.join(refusal.conflicts)}." if refusal.conflicts else ""
            raise CommandError(refusal.sentence + where) from refusal
        years = ", ".join(map(str, loaded.years))
        self.stdout.write(
            f"Năm {years}: {loaded.days} ngày khác thường lệ; bỏ {loaded.removed} ngày không còn trong tệp."
        )
