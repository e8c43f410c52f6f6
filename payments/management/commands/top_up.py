"""`manage.py top_up TKCT-971 --amount 1.234.567 --reference CAP-202410-971 --on 2024-10-03 --actor ketoantruong`: money from the Treasury."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments.models import FundingAccount
from payments.money import AmountUnreadable, format_amount, parse_amount
from payments.services.ledger.funding import record_top_up
from staff.errors import Refusal
from staff.models import User
from staff.services.labels import labelled


class Command(BaseCommand):
    """Safe to repeat; the statement must show the same amount under the same reference."""

    help = "Ghi nhận tiền Kho bạc cấp vào tài khoản chi trả, để đối chiếu với sao kê."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which account, how much, as what."""
        parser.add_argument("account", help="mã tài khoản chi trả, ví dụ TKCT-971")
        parser.add_argument("--amount", required=True, help="số tiền, ví dụ 1.234.567")
        parser.add_argument("--reference", required=True, help="mã tham chiếu trên sao kê")
        parser.add_argument("--on", required=True, help="ngày ghi có, ví dụ 2024-10-03")
        parser.add_argument("--document", default="", help="số, ngày chứng từ của Kho bạc")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của kế toán trưởng")

    def handle(self, *args: Any, **options: Any) -> None:
        """Record it, or say why not."""
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        account = FundingAccount.objects.select_related("paying_unit").filter(code=options["account"]).first()
        if actor is None or account is None:
            raise CommandError("Không có tài khoản chi trả hoặc người dùng này.")
        try:
            amount, booked_on = parse_amount(options["amount"]), date.fromisoformat(options["on"])
        except (AmountUnreadable, ValueError) as error:
            raise CommandError("Số tiền viết 1.234.567, ngày viết 2024-10-03.") from error
        if amount <= 0:
            raise CommandError("Số tiền phải lớn hơn 0.")
        try:
            with labelled(actor_id=actor.pk, why="manage.py top_up"):
                top_up = record_top_up(
                    account=account,
                    reference=options["reference"],
                    amount=amount,
                    booked_on=booked_on,
                    actor=actor,
                    now=timezone.now(),
                    document=options["document"],
                )
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{account.code}: {format_amount(top_up.amount)} đ ngày {booked_on:%d/%m/%Y}.")
