"""`manage.py funding_account TKCT-971 --unit 971 --bank-account fa_971 --document 12/QĐ --actor chutaikhoan`: the account a unit pays from."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments.models import FundingAccount
from payments.services.ledger.funding import propose_account, propose_closing
from staff.errors import Refusal
from staff.models import AdministrativeUnit, User
from staff.services.labels import labelled


class Command(BaseCommand):
    """Proposed here, put in force by `setting_change accept` of another person in another role."""

    help = "Đề nghị mở (hoặc --close: đóng) tài khoản chi trả của một đơn vị; người thứ hai xác nhận."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which account, whose, by which paper, who."""
        parser.add_argument("code", help="mã tài khoản chi trả, ví dụ TKCT-971")
        parser.add_argument("--unit", help="mã đơn vị chi trả")
        parser.add_argument("--bank-account", help="mã tài khoản tại ngân hàng")
        parser.add_argument("--close", action="store_true", help="đề nghị đóng tài khoản này")
        parser.add_argument("--document", required=True, help="số, ngày văn bản")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của chủ tài khoản hoặc kế toán trưởng")

    def handle(self, *args: Any, **options: Any) -> None:
        """Propose it, or say why not."""
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
        given = {"document": options["document"], "actor": actor, "now": timezone.now()}
        try:
            with labelled(actor_id=actor.pk, why="manage.py funding_account"):
                if options["close"]:
                    account = FundingAccount.objects.select_related("paying_unit").filter(code=options["code"]).first()
                    if account is None:
                        raise CommandError("Không có tài khoản chi trả này.")
                    change = propose_closing(account=account, **given)
                else:
                    unit = AdministrativeUnit.objects.filter(code=options["unit"]).first()
                    if unit is None or not options["bank_account"]:
                        raise CommandError("Cần --bank-account và --unit của một đơn vị có trong hệ thống.")
                    change = propose_account(
                        code=options["code"], bank_account_id=options["bank_account"], unit=unit, **given
                    )
        except Refusal as refusal:
            raise CommandError(f"{refusal.sentence} {', '.join(refusal.conflicts)}".strip()) from refusal
        self.stdout.write(f"Đề nghị {change.pk}, {change.unit.name}: chờ người ở vai trò khác xác nhận.")
