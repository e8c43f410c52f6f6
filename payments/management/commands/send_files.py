"""Send by files what waits, and show how far each list has come."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments.models import FundingAccount, PaymentFile
from payments.services.bank import the_files
from payments.services.files import send_files
from payments.services.files.progress import file_progress
from payments.states import SendsBy


class Command(BaseCommand):
    """`manage.py send_files [--account CODE --by FILE|API] [--show]`."""

    help = "Gửi các danh sách đã duyệt chi theo tệp ISO 20022 và đọc báo cáo của ngân hàng."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--account", help="mã tài khoản chi trả cần đổi cách gửi")
        parser.add_argument("--by", choices=SendsBy.values, help="cách gửi mới của tài khoản đó")
        parser.add_argument("--show", action="store_true", help="chỉ xem tiến độ các tệp, không gửi")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["account"]) != bool(options["by"]):
            raise CommandError("Cần cả --account và --by.")
        if options["account"]:
            changed = FundingAccount.objects.filter(code=options["account"]).update(sends_by=options["by"])
            if not changed:
                raise CommandError(f"Không có tài khoản chi trả {options['account']}.")
            self.stdout.write(f"Tài khoản {options['account']} gửi {SendsBy(options['by']).label.lower()}.")
            return
        if not options["show"]:
            sent = send_files(bank=the_files(), clock=timezone.now, on_file=self._tell)
            self.stdout.write(
                f"{sent.files} tệp, {sent.payments} khoản chi; chờ tra soát {sent.unknown} tệp; "
                f"{sent.moved} khoản có kết quả mới."
            )
        for line in file_progress():
            self.stdout.write(line.sentence)

    def _tell(self, file: PaymentFile) -> None:
        self.stdout.write(f"{file.message_id}: {file.count} khoản")
