"""`manage.py changepassword`: Django's own leaves tokens of programs alive; whoever stole one would keep it."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from staff.models import User
from staff.services.closed_doors import give_password
from staff.services.labels import labelled


class Command(BaseCommand):
    """Without a terminal the password is the first line of standard input."""

    help = "Đặt lại mật khẩu cho cán bộ quên hoặc lộ mật khẩu; mọi phiên và mã truy cập của người đó thoát ngay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("username", help="tên đăng nhập")

    def handle(self, *args: Any, **options: Any) -> None:
        """Set it, or say what is wrong and change nothing."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError("Không có tài khoản này.")
        password = getpass.getpass("Mật khẩu mới: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
        try:
            with labelled(actor_id=None, why="lệnh trên máy chủ: manage.py changepassword"):
                ended = give_password(user=user, password=password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Đã đặt lại mật khẩu của {user.username}; {ended} phiên, mã truy cập đã thoát.")
