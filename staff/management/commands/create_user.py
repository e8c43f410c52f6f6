"""`manage.py create_user`: a member of staff with one role and one unit; the password is asked for, never an argument."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from staff.models import AdministrativeUnit, Role, User


class Command(BaseCommand):
    """Without a terminal the password is the first line of standard input."""

    help = "Tạo tài khoản cán bộ: tên đăng nhập, họ tên, vai trò, đơn vị. Mật khẩu nhập từ bàn phím hoặc đầu vào chuẩn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who it is, what they do and where."""
        parser.add_argument("username", help="tên đăng nhập")
        parser.add_argument("--name", required=True, help="họ và tên, in trên danh sách đã ký")
        parser.add_argument("--role", required=True, choices=Role.values, help="vai trò")
        parser.add_argument("--unit", required=True, help="mã đơn vị hành chính; phạm vi là đơn vị này và cấp dưới")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the user, or say what is wrong and create nothing."""
        unit = AdministrativeUnit.objects.filter(code=options["unit"]).first()
        if unit is None:
            raise CommandError(f"Không có đơn vị mã {options['unit']}.")
        if User.objects.filter(username__iexact=options["username"]).exists():
            raise CommandError("Tên đăng nhập này đã có.")
        user = User(username=options["username"], full_name=options["name"], role=options["role"], unit=unit)
        password = getpass.getpass("Mật khẩu: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
        try:
            user.username_validator(user.username)
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.set_password(password)
        user.save()
        self.stdout.write(f"Đã tạo {user.username}: {Role(user.role).label}, {unit.name}.")
