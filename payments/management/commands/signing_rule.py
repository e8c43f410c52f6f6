"""`manage.py signing_rule`: who signs lists, with which title, and from which amount on a further signature is needed."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments.money import parse_amount
from payments.services.signing.signing_rules import propose_signing_rule
from payments.states import Step
from staff.errors import Refusal
from staff.models import User


class Command(BaseCommand):
    """For lists made on that day or later; three different people sign whatever is set here."""

    help = "Đặt chức danh ký và mức tiền cần thêm chữ ký, áp dụng cho danh sách lập từ ngày hiệu lực."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which step, what is printed, from which amount and day."""
        parser.add_argument("step", choices=Step.values, help="bước ký")
        parser.add_argument("--title", required=True, help="chức danh in trên danh sách")
        parser.add_argument(
            "--above",
            type=parse_amount,
            help="từ bao nhiêu đồng, ví dụ 5.000.000.000; 0: mọi danh sách; bỏ trống: không cần",
        )
        parser.add_argument("--from", dest="valid_from", required=True, type=date.fromisoformat, help="ngày hiệu lực")
        parser.add_argument("--document", required=True, help="số văn bản")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của chủ tài khoản cấp tỉnh")

    def handle(self, *args: Any, **options: Any) -> None:
        """Set the rule, or say why not."""
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError("Không có cán bộ này.")
        try:
            change = propose_signing_rule(
                step=Step(options["step"]),
                title=options["title"],
                from_amount=options["above"],
                valid_from=options["valid_from"],
                document_number=options["document"],
                actor=actor,
                now=timezone.now(),
            )
        except Refusal as refusal:
            raise CommandError(f"{refusal.sentence} {', '.join(refusal.conflicts)}".strip()) from refusal
        self.stdout.write(f"Đề nghị {change.pk}: chờ người ở vai trò khác xác nhận.")
