"""`manage.py funding_account TKCT-971 --unit 971 --bank-account fa_971 --actor chutaikhoan`: the account a paying unit pays from."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from payments.services.funding import open_funding_account
from staff.errors import Refusal
from staff.models import AdministrativeUnit, User
from staff.services.labels import labelled


class Command(BaseCommand):
    """Safe to repeat."""

    help = "Khai báo tài khoản chi trả của một đơn vị."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which account, whose, who."""
        parser.add_argument("code", help="mã tài khoản chi trả, ví dụ TKCT-971")
        parser.add_argument("--unit", required=True, help="mã đơn vị chi trả")
        parser.add_argument("--bank-account", required=True, help="mã tài khoản tại ngân hàng")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của chủ tài khoản")

    def handle(self, *args: Any, **options: Any) -> None:
        """Register it, or say why not."""
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        unit = AdministrativeUnit.objects.filter(code=options["unit"]).first()
        if actor is None or unit is None:
            raise CommandError("Không có đơn vị hoặc người dùng này; mời kiểm tra --unit và --actor.")
        try:
            with labelled(actor_id=actor.pk, why="manage.py funding_account"):
                account = open_funding_account(
                    code=options["code"], bank_account_id=options["bank_account"], unit=unit, actor=actor
                )
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{account.code}: {unit.name}.")
