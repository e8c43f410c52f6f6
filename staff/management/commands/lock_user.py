"""`manage.py lock_user`: somebody left, or others know their password: no log-in any more, from this moment on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from staff.errors import Refusal
from staff.models import User
from staff.services.closed_doors import lock_user, unlock_user
from staff.services.labels import labelled


class Command(BaseCommand):
    """The document stands in the history beside the change."""

    help = "Khóa ngay tài khoản của cán bộ (nghỉ việc, lộ mật khẩu): mọi phiên và mã truy cập thoát ngay. --unlock: mở lại."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, by what and by whom."""
        parser.add_argument("username", help="tên đăng nhập của người bị khóa")
        parser.add_argument("--document", required=True, help="số văn bản hoặc lý do, ghi vào nhật ký")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người có thẩm quyền phân vai trò")
        parser.add_argument("--unlock", action="store_true", help="mở lại")

    def handle(self, *args: Any, **options: Any) -> None:
        """Lock or unlock, or say why not and change nothing."""
        users = User.objects.select_related("unit")
        user, actor = (users.filter(username=options[name]).first() for name in ("username", "actor"))
        if user is None or actor is None:
            raise CommandError("Không có tài khoản này.")
        with labelled(actor_id=actor.pk, why=f"manage.py lock_user, {options['document']}"):
            try:
                if options["unlock"]:
                    unlock_user(user=user, actor=actor)
                    self.stdout.write(f"Đã mở lại tài khoản {user.username}.")
                else:
                    ended = lock_user(user=user, actor=actor)
                    self.stdout.write(f"Đã khóa tài khoản {user.username}; {ended} phiên, mã truy cập đã thoát.")
            except Refusal as refusal:
                raise CommandError(refusal.sentence) from refusal
