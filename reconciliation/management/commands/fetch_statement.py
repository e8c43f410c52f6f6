"""`manage.py fetch_statement --account TKCT-971 --from 2024-08-01 --to 2024-08-31 --actor ketoan`: take a statement from the bank's API."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from banks.errors import BankError
from payments.models import FundingAccount
from payments.services.sending.bank import the_transactions
from reconciliation.management.commands.import_statement import said
from reconciliation.services.statements.fetch_statement import fetch_statement
from staff.errors import Refusal
from staff.models import User
from staff.services.database_clock import database_now


class Command(BaseCommand):
    """One account, some days that are over."""

    help = "Lấy giao dịch của ngân hàng qua API làm sao kê và đối chiếu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which account, which days, who."""
        parser.add_argument("--account", required=True, help="mã tài khoản chi trả")
        parser.add_argument(
            "--from", required=True, type=date.fromisoformat, dest="from_on", help="ngày đầu, dạng 2024-08-01"
        )
        parser.add_argument("--to", required=True, type=date.fromisoformat, dest="to_on", help="ngày cuối, đã qua")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của kế toán")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fetch; exit 1 when nothing could be taken in."""
        actor = User.objects.filter(username=options["actor"]).first()
        account = FundingAccount.objects.select_related("paying_unit").filter(code=options["account"]).first()
        if actor is None or account is None:
            raise CommandError("Không có người dùng hoặc tài khoản chi trả này; mời kiểm tra --actor, --account.")
        try:
            intake = fetch_statement(
                account=account,
                from_on=options["from_on"],
                to_on=options["to_on"],
                bank=the_transactions(),
                actor=actor,
                now=database_now(),
            )
        except Refusal as error:
            raise CommandError(error.sentence) from error
        except BankError as error:
            raise CommandError(
                "Ngân hàng không trả lời hoặc trả lời không đọc được; chưa ghi gì, mời thử lại."
            ) from error
        Console().print(said(intake, name=account.code))
