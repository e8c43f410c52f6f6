"""`manage.py assign_role`: a dated role for a user, by a document; the roles that do not go with it are refused."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from staff.errors import Refusal
from staff.models import AdministrativeUnit, Role, User
from staff.services.role_assignments import apply_roles, assign_role, day_before, end_role


class Command(BaseCommand):
    """Without arguments of a person it only brings roles to what holds today; run it so once a day."""

    help = "Phân vai trò có thời hạn cho cán bộ; vai trò không được kiêm nhiệm bị từ chối. Không nêu cán bộ: chỉ áp dụng vai trò đến hạn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, what, where, from when."""
        parser.add_argument("username", nargs="?", help="tên đăng nhập của người được phân vai trò")
        parser.add_argument("--role", choices=Role.values, help="vai trò mới")
        parser.add_argument("--unit", help="mã đơn vị hành chính")
        parser.add_argument("--from", dest="valid_from", type=date.fromisoformat, help="từ ngày, dạng 2026-11-21")
        parser.add_argument("--to", dest="valid_to", type=date.fromisoformat, help="đến hết ngày; bỏ trống: chưa định")
        parser.add_argument("--document", default="", help="số văn bản")
        parser.add_argument("--actor", help="tên đăng nhập của người có thẩm quyền phân")
        parser.add_argument("--end-present", action="store_true", help="kết thúc vai trò hiện tại vào hôm trước")

    def handle(self, *args: Any, **options: Any) -> None:
        """Assign, then apply what holds today; or say why not and change nothing."""
        if options["username"]:
            self._assign(options)
        changed = apply_roles(on=timezone.localdate())
        self.stdout.write(f"Đã áp dụng vai trò đến hạn: {changed} tài khoản thay đổi.")

    def _assign(self, options: dict[str, Any]) -> None:
        if not all(options[name] for name in ("role", "unit", "valid_from", "document", "actor")):
            raise CommandError("Cần đủ --role, --unit, --from, --document và --actor.")
        users = User.objects.select_related("unit")
        user, actor = (users.filter(username=options[name]).first() for name in ("username", "actor"))
        unit = AdministrativeUnit.objects.filter(code=options["unit"]).first()
        if user is None or actor is None or unit is None:
            raise CommandError("Không có cán bộ hoặc đơn vị này.")
        now, document = timezone.now(), options["document"]
        try:
            if options["end_present"]:
                end_role(
                    user=user,
                    last_day=day_before(options["valid_from"]),
                    document_number=document,
                    actor=actor,
                    now=now,
                )
            assign_role(
                user=user,
                role=options["role"],
                unit=unit,
                valid_from=options["valid_from"],
                valid_to=options["valid_to"],
                document_number=document,
                actor=actor,
                now=now,
            )
        except Refusal as refusal:
            raise CommandError(f"{refusal.sentence} {', '.join(refusal.conflicts)}".strip()) from refusal
