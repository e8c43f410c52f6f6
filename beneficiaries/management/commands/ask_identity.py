"""`manage.py ask_identity --unit 97101 --actor nguoilap --purpose "…"`: ask the platform, or write the list for the police with `--out FILE`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from beneficiaries.models import VerdictSource
from beneficiaries.services.identity.ask_platform import ask_platform, the_platform
from beneficiaries.services.identity.enquiries import ask, write_list
from staff.errors import Refusal
from staff.models import AdministrativeUnit, User
from staff.services.free_text import without_numbers


class Command(BaseCommand):
    """Everyone due is asked about once."""

    help = "Xác minh thông tin từng người: gửi nền tảng, hoặc lập danh sách Excel gửi công an."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where, who, why, and how."""
        parser.add_argument("--unit", required=True, help="mã đơn vị")
        parser.add_argument("--actor", required=True, help="tên đăng nhập")
        parser.add_argument("--purpose", required=True, help="mục đích, ghi vào danh sách và nhật ký")
        parser.add_argument("--only-doubtful", action="store_true", help="chỉ người chưa khớp đúng")
        parser.add_argument("--out", type=Path, help="tệp .xlsx để gửi; bỏ trống thì hỏi nền tảng")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask; exit 1 if nobody is due or the platform is silent."""
        unit = AdministrativeUnit.objects.filter(code=options["unit"]).first()
        actor = User.objects.filter(username=options["actor"]).first()
        if unit is None or actor is None:
            raise CommandError("Không có đơn vị hoặc người dùng này; mời kiểm tra --unit và --actor.")
        if options["out"] is None and not settings.PLATFORM_URL:
            raise CommandError("Chưa đặt ANSINH_PLATFORM_URL; mời đặt, hoặc lập danh sách bằng --out.")
        source = VerdictSource.POLICE_LIST if options["out"] else VerdictSource.PLATFORM
        now = timezone.now()
        try:
            asked = ask(
                unit=unit,
                source=source,
                purpose=without_numbers(options["purpose"]),
                only_doubtful=options["only_doubtful"],
                actor=actor,
                now=now,
            )
            if options["out"]:
                options["out"].write_bytes(write_list(enquiry=asked.enquiry, actor=actor, now=now))
                self.stdout.write(
                    f"Danh sách số {asked.enquiry.pk}: {asked.people} người, ghi vào {options['out'].name}."
                )
                return
            replied = ask_platform(enquiry=asked.enquiry, platform=the_platform(), actor=actor, now=now)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Danh sách số {asked.enquiry.pk}: đã hỏi {replied.asked}, có kết quả {replied.answered}.")
        for why, count in replied.without_effect.items():
            self.stdout.write(f"{count} kết quả: {why}")
        if replied.silent:
            raise CommandError("Nền tảng không trả lời; người chưa có kết quả sẽ được hỏi lại.")
