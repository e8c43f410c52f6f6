"""`manage.py after_restore --actor chutaikhoan`: before a worker is started on restored books, the bank says what had left (ADR 93)."""

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments.money import format_amount
from payments.services.learning.after_restore import Reread, books_end_at, keys_open_the_numbers, reread_bank
from payments.services.sending.bank import the_bank
from payments.services.sending.books import Standing, books_place, books_standing, note_books_read, reading_begins
from payments.services.sending.books_started import compared_since_start
from staff.errors import Refusal
from staff.models import User
from staff.services.labels import labelled

SHOWN = 50


class Command(BaseCommand):
    """Exit 1 while something is not known: then nothing is sent, whoever starts a worker (ADR 94)."""

    help = "Sau khi khôi phục cơ sở dữ liệu từ bản sao lưu: đọc lại sổ của ngân hàng trước khi cho gửi tiền."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Since when, and who."""
        parser.add_argument("--actor", required=True, help="tên đăng nhập của kế toán trưởng hoặc chủ tài khoản")
        parser.add_argument(
            "--unknown-orders", type=int, default=0, help="số lệnh không có trong sổ, khi đã biết ai được chi"
        )
        parser.add_argument("--document", default="", help="văn bản kết luận về các lệnh ấy, ví dụ 12/BB-SNV")
        parser.add_argument("--since", type=_moment, help="đọc từ trước đó nữa, ví dụ 2026-11-21T02:00")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, and say what was found."""
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
        # A database made with the rights of a new one lets the program rewrite signatures.
        self.check(databases=["default"])
        if not keys_open_the_numbers():
            raise CommandError(
                "Khóa dữ liệu không mở được số tài khoản trong sổ; đặt lại đúng ANSINH_DATA_KEYS, ANSINH_DIGEST_KEY."
            )
        self._compare_first()
        place, since = books_place(), books_end_at() or timezone.now()
        earlier = min(since, options["since"] or since)
        try:
            since = reading_begins(place=place, since=earlier, actor=actor, now=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Đọc các lệnh ngân hàng nhận từ một tháng trước {timezone.localtime(since):%H:%M %d/%m/%Y}.")
        try:
            with labelled(actor_id=actor.pk, why="đọc lại sổ ngân hàng sau khi khôi phục"):
                accounts, paused = reread_bank(actor=actor, since=since, bank=the_bank(), clock=timezone.now)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        for account in accounts:
            self._tell(account)
        for batch in paused:
            self.stdout.write(
                f"Danh sách {batch.pk} gửi theo tệp, qua tổ chức chi trả hoặc chi tiền mặt: đã tạm dừng. Nạp sao kê đến hôm qua, khoản đã ghi Nợ "
                "sẽ được giữ lại; hỏi tổ chức chi trả đã nhận danh sách chưa; xong mới cho gửi tiếp."
            )
        if silent := [account.code for account in accounts if not account.read]:
            raise CommandError(f"Chưa được gửi tiền: {', '.join(silent)}; ngân hàng chưa trả lời hết, mời chạy lại.")
        self._agree(accounts, place=place, actor=actor, unknown=options["unknown_orders"], document=options["document"])
        self.stdout.write("Đã khớp với sổ ngân hàng; khởi động các tiến trình được.")

    def _compare_first(self) -> None:
        """Before anything is taken in: a reading that breaks off makes old books know the newest orders, and they would pass for whole at the next start."""
        compared_since_start(bank=the_bank(), now=timezone.now())
        if books_standing() is Standing.NOT_COMPARED:
            raise CommandError(
                "Chưa đọc gì, chưa được gửi tiền: ngân hàng chưa trả lời về các lệnh mới nhất, hoặc một tiến trình khác đang hỏi; mời chạy lại sau ít phút."
            )

    def _agree(self, accounts: Sequence[Reread], *, place: str, actor: User, unknown: int, document: str) -> None:
        """Who sends goes on. What the bank has and our books have not is explained by a paper, order by order counted."""
        codes = [account.code for account in accounts if account.strangers]
        strangers = sum(len(account.strangers) for account in accounts)
        if strangers != unknown or (strangers and not document.strip()):
            raise CommandError(
                f"Chưa được gửi tiền: {', '.join(codes) or 'không có lệnh nào ngoài sổ'}. Khi đã có văn bản kết luận ai được chi theo các lệnh "
                f"ngoài sổ: chạy lại với --unknown-orders {strangers} --document SỐ-VĂN-BẢN."
            )
        if books_place() != place:
            raise CommandError("Cơ sở dữ liệu vừa chuyển chỗ trong lúc đọc; mời chạy lại.")
        note_books_read(
            place=place,
            actor=actor,
            now=timezone.now(),
            unknown_orders=strangers,
            document=document.strip() if strangers else "",
            read_until=max((account.newest_at for account in accounts if account.newest_at), default=None),
        )

    def _tell(self, account: Reread) -> None:
        if not account.read:
            self.stdout.write(f"{account.code}: ngân hàng chưa trả lời hết, mời chạy lại.")
        self.stdout.write(
            f"{account.code}: {account.orders} lệnh; {account.set_out} khoản sổ ghi chờ chuyển mà ngân hàng đã nhận; "
            f"{account.moved} khoản có kết quả mới; {account.held} khoản giữ lại chờ xem."
        )
        for order in account.strangers[:SHOWN]:
            self.stdout.write(
                f"  không có trong sổ: {order.end_to_end_id or order.bank_reference}, {format_amount(order.amount)} đ, "
                f"ngày {timezone.localtime(order.created_at):%d/%m/%Y}"
            )
        if len(account.strangers) > SHOWN:
            self.stdout.write(f"  và {len(account.strangers) - SHOWN} lệnh nữa")
        if account.strangers:
            money = format_amount(sum(order.amount for order in account.strangers))
            self.stdout.write(
                f"  {len(account.strangers)} lệnh, {money} đ là của danh sách lập sau bản sao lưu: khôi phục bản mới hơn; "
                "không có thì tra bản in đã ký, không lập lại tháng ấy trước khi biết ai đã nhận."
            )


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else timezone.make_aware(found)
