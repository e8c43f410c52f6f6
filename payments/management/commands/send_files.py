"""Send by files what waits, and show how far each list has come."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments.errors.outcomes import BooksNotCompared, BooksNotRead
from payments.models import FundingAccount, PaymentFile
from payments.services.files import send_files
from payments.services.files.progress import file_progress
from payments.services.sending.bank import the_bank, the_files
from payments.services.sending.books import Standing
from payments.services.sending.books_started import compared_since_start
from payments.services.sending.sending_way import set_sending_way
from payments.states import SendsBy
from staff.errors import Refusal
from staff.models import User
from staff.services.labels import labelled


class Command(BaseCommand):
    """`manage.py send_files [--account CODE --by FILE|API|LIST --actor NAME] [--show]`."""

    help = "Gửi các danh sách đã duyệt chi theo tệp ISO 20022 và đọc báo cáo của ngân hàng."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--account", help="mã tài khoản chi trả cần đổi cách gửi")
        parser.add_argument("--by", choices=SendsBy.values, help="cách gửi mới của tài khoản đó")
        parser.add_argument("--actor", help="tên đăng nhập của chủ tài khoản đổi cách gửi")
        parser.add_argument("--show", action="store_true", help="chỉ xem tiến độ các tệp, không gửi")

    def handle(self, *args: Any, **options: Any) -> None:
        given = [bool(options[name]) for name in ("account", "by", "actor")]
        if any(given):
            if not all(given):
                raise CommandError("Cần cả --account, --by và --actor.")
            self._change_way(options["account"], way=SendsBy(options["by"]), actor_name=options["actor"])
            return
        if not options["show"]:
            # Without a worker nobody else compares them after a start of the server, and nothing would go.
            compared_since_start(bank=the_bank(), now=timezone.now())
            sent = send_files(bank=the_files(), clock=timezone.now, on_file=self._tell)
            self.stdout.write(
                f"{sent.files} tệp, {sent.payments} khoản chi; chờ tra soát {sent.unknown} tệp; "
                f"{sent.moved} khoản có kết quả mới."
            )
            if sent.books is not Standing.READ:
                raise CommandError(
                    BooksNotCompared.sentence if sent.books is Standing.NOT_COMPARED else BooksNotRead.sentence
                )
        for line in file_progress():
            self.stdout.write(line.sentence)

    def _change_way(self, code: str, *, way: SendsBy, actor_name: str) -> None:
        account = FundingAccount.objects.select_related("paying_unit").filter(code=code).first()
        actor = User.objects.select_related("unit").filter(username=actor_name).first()
        if account is None or actor is None:
            raise CommandError(f"Không có tài khoản chi trả {code}." if account is None else "Không có cán bộ này.")
        try:
            with labelled(actor_id=actor.pk, why="đổi cách gửi"):
                set_sending_way(account=account, way=way, actor=actor)
        except Refusal as refusal:
            raise CommandError(f"{refusal.sentence} {', '.join(refusal.conflicts)}".strip()) from refusal
        self.stdout.write(f"Tài khoản {code} gửi {way.label.lower()}.")

    def _tell(self, file: PaymentFile) -> None:
        self.stdout.write(f"{file.message_id}: {file.count} khoản")
