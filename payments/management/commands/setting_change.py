"""`manage.py setting_change accept 12 --actor ketoantruong`: the second person's yes or no to a change of a setting."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments.models import SettingChange
from payments.services.setting_changes import accept_change, changes_in_reach, decline_change
from staff.errors import Refusal
from staff.models import User
from staff.services.labels import labelled

STEPS = {"accept": accept_change, "decline": decline_change}


class Command(BaseCommand):
    """Funding accounts and signing rules are proposed by one and put in force by another in another role."""

    help = "Xem, xác nhận hoặc không chấp nhận đề nghị thay đổi tài khoản chi trả, quy định ký."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which step, which proposals, who."""
        parser.add_argument("step", choices=("list", *STEPS))
        parser.add_argument("ids", nargs="*", type=int, help="số của đề nghị")
        parser.add_argument("--waiting", action="store_true", help="mọi đề nghị đang chờ trong phạm vi địa bàn")
        parser.add_argument("--actor", required=True, help="tên đăng nhập")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the step on each, or say why not; what was accepted before a refusal stays accepted."""
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
        waiting = changes_in_reach(unit=actor.unit).filter(accepted__isnull=True).order_by("pk")
        chosen = waiting if options["waiting"] or options["step"] == "list" else waiting.filter(pk__in=options["ids"])
        for change in list(chosen):
            if options["step"] == "list":
                self.stdout.write(_line(change))
                continue
            try:
                with labelled(actor_id=actor.pk, why="manage.py setting_change"):
                    STEPS[options["step"]](change_id=change.pk, actor=actor, now=timezone.now())
            except Refusal as refusal:
                raise CommandError(
                    f"{change.pk}: {refusal.sentence} {', '.join(refusal.conflicts)}".strip()
                ) from refusal
            self.stdout.write(_line(change))


def _line(change: SettingChange) -> str:
    said = ", ".join(str(value) for value in change.said.values() if value is not None)
    return f"{change.pk}. {change.get_kind_display()} ({change.unit.name}): {said}; {change.document}."
