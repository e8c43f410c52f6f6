"""`manage.py match --actor nguoilap`: compare everyone not matched yet with identity data."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from beneficiaries.services.identity.order_matching import order_matching, work_on_match_orders
from beneficiaries.services.identity.words import rule_in_words
from staff.errors import Refusal
from staff.models import User

STEPS = 4


class Command(BaseCommand):
    """Matching; a second run changes nothing."""

    help = "Đối khớp đối tượng với dữ liệu dân cư."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who."""
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người chạy")

    def handle(self, *args: Any, **options: Any) -> None:
        """Order, run and print the counts."""
        actor = User.objects.filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
        try:
            order = order_matching(actor=actor, now=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        steps = iter(range(1, STEPS + 1))
        try:
            work_on_match_orders(
                clock=timezone.now,
                order_id=order.pk,
                progress=lambda step: self.stdout.write(f"[{next(steps)}/{STEPS}] {step} …"),
            )
        except KeyboardInterrupt as stopped:
            raise CommandError("Đã dừng, chưa ghi gì; lần chạy sau hoặc tiến trình nền làm lại từ đầu.") from stopped
        order.refresh_from_db()
        if order.run is None:
            raise CommandError(order.problem)
        found = order.run.manifest
        for rule, count in found["rules"].items():
            self.stdout.write(f"  {rule_in_words(rule)}: {count}")
        self.stdout.write(
            f"Khớp đúng {found['matched']}; việc cần xử lý mới: xác minh {found['cases']}, nghi trùng {found['duplicates']}."
        )
