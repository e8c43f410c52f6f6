"""`manage.py close_ring 17 --note "Ngân hàng trả lời…" --actor ketoantruong`: a ring the bank tells nothing of is asked about no more."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments.models import BankEvent
from payments.services.learning.rings import close_ring
from staff.errors import Refusal
from staff.models import User
from staff.services.free_text import without_numbers
from staff.services.labels import labelled


class Command(BaseCommand):
    """The number stands in the alarm: `ring:17`."""

    help = "Thôi tra một tin báo mà ngân hàng không cho biết lệnh nào, sau khi đã hỏi ngân hàng bằng cách khác."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which ring, why, who."""
        parser.add_argument("ring", type=int, help="số của tin báo, như trong cảnh báo ring:…")
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
            with labelled(actor_id=actor.pk, why="manage.py close_ring"):
                close_ring(
                    event_id=options["ring"], note=without_numbers(options["note"]), actor=actor, now=timezone.now()
                )
        except BankEvent.DoesNotExist as error:
            raise CommandError("Không có tin báo mang số này.") from error
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write("Đã thôi tra tin báo này.")
