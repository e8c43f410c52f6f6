"""`manage.py after_restore --actor chutaikhoan`: before a worker is started on restored books, the bank says what had left (ADR 93)."""

from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments.money import format_amount
from payments.services.learning.after_restore import (
    Reread,
    books_end_at,
    keys_open_the_numbers,
    pause_lists_of,
    reread_bank,
)
from payments.services.sending.bank import the_bank
from payments.services.sending.books import (
    Standing,
    books_are_read,
    books_place,
    books_standing,
    note_books_read,
    reading_begins,
)
from payments.services.sending.books_started import compared_since_start
from payments.services.sending.unread_accounts import REFUSED, note_unread, unread_accounts
from staff.errors import Refusal
from staff.models import User
from staff.services.labels import labelled

SHOWN = 50


class Command(BaseCommand):
    """Exit 1 while something is not known: then nothing is sent, whoever starts a worker (ADR 94), unless the books agreed before; the words say which."""

    help = "Sau khi khôi phục cơ sở dữ liệu từ bản sao lưu: đọc lại sổ của ngân hàng trước khi cho gửi tiền."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Since when, and who."""
        parser.add_argument("--actor", required=True, help="tên đăng nhập của kế toán trưởng hoặc chủ tài khoản")
        parser.add_argument(
            "--unknown-orders", type=int, default=0, help="số lệnh không có trong sổ, khi đã biết ai được chi"
        )
        parser.add_argument(
            "--refused",
            action="append",
            default=[],
            metavar="TÀI-KHOẢN",
            help="tài khoản nguồn ngân hàng từ chối cho xem, khi đã có văn bản ai được chi từ đó; ghi lại cho từng tài khoản",
        )
        parser.add_argument(
            "--document", default="", help="văn bản kết luận về các lệnh hoặc tài khoản ấy, ví dụ 12/BB-SNV"
        )
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
        refused, document = set(options["refused"]), options["document"].strip()
        self._compare_first(refused=refused, document=document)
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
        if silent := [account.code for account in accounts if not account.read and account.refused is None]:
            raise CommandError(f"{_not_yet()}: {', '.join(silent)}; ngân hàng chưa trả lời hết, mời chạy lại.")
        unseen = {account.code: f"mã {account.refused}" for account in accounts if account.refused is not None}
        self._explained(unseen, refused=refused, document=document)
        if wrong := refused - set(unseen):
            raise CommandError(
                f"{_not_yet()}: ngân hàng không từ chối {', '.join(sorted(wrong))}; mời bỏ khỏi --refused."
            )
        for batch in pause_lists_of(codes=sorted(unseen), actor=actor, now=timezone.now()):
            self.stdout.write(
                f"Danh sách {batch.pk} chi từ tài khoản ngân hàng không cho xem: đã tạm dừng. Khi ngân hàng cho xem lại, chạy lại lệnh này trước "
                "khi cho gửi tiếp."
            )
        self._agree(accounts, place=place, actor=actor, unknown=options["unknown_orders"], document=document)
        besides = f", trừ {', '.join(sorted(unseen))} theo {document}" if unseen else ""
        self.stdout.write(f"Đã khớp với sổ ngân hàng{besides}; khởi động các tiến trình được.")

    def _compare_first(self, *, refused: set[str], document: str) -> None:
        """Before anything is taken in: a reading that breaks off makes old books know the newest orders, and they would pass for whole at the next start."""
        compared_since_start(bank=the_bank(), now=timezone.now())
        if books_standing() is not Standing.NOT_COMPARED:
            return
        unread = unread_accounts()
        if not unread or not all(one.refused for one in unread):
            raise CommandError(
                "Chưa đọc gì, chưa được gửi tiền: ngân hàng chưa trả lời về các lệnh mới nhất"
                + "".join(f" của {one.code}" for one in unread if not one.refused)
                + ", hoặc một tiến trình khác đang hỏi; mời chạy lại sau ít phút."
            )
        self._explained(
            {one.code: f"mã {one.why.removeprefix(REFUSED)}" for one in unread}, refused=refused, document=document
        )

    def _explained(self, unseen: Mapping[str, str], *, refused: set[str], document: str) -> None:
        """What left an account the bank does not show is known by a paper, or nothing leaves any: it may wait again on a list of another (ADR 104)."""
        if not unseen or (set(unseen) <= refused and document):
            return
        named = ", ".join(f"{code} ({why})" for code, why in sorted(unseen.items()))
        again = " ".join(f"--refused {code}" for code in sorted(unseen))
        raise CommandError(
            f"{_not_yet()}: ngân hàng từ chối cho xem các lệnh của {named}. Mời ngân hàng cho xem lại rồi chạy lại; "
            f"không được thì khi đã có văn bản của ngân hàng về những ai được chi từ đó: chạy lại với {again} --document SỐ-VĂN-BẢN."
        )

    def _agree(self, accounts: Sequence[Reread], *, place: str, actor: User, unknown: int, document: str) -> None:
        """Who sends goes on. What the bank has and our books have not is explained by a paper, order by order counted."""
        codes = [account.code for account in accounts if account.strangers]
        strangers = sum(len(account.strangers) for account in accounts)
        if strangers != unknown or (strangers and not document):
            raise CommandError(
                f"{_not_yet()}: {', '.join(codes) or 'không có lệnh nào ngoài sổ'}. Khi đã có văn bản kết luận ai được chi theo các lệnh "
                f"ngoài sổ: chạy lại với --unknown-orders {strangers} --document SỐ-VĂN-BẢN."
            )
        unseen = [account.code for account in accounts if not account.read]
        if books_place() != place:
            raise CommandError("Cơ sở dữ liệu vừa chuyển chỗ trong lúc đọc; mời chạy lại.")
        note_books_read(
            place=place,
            actor=actor,
            now=timezone.now(),
            unknown_orders=strangers,
            document=f"{document}; không đọc {', '.join(unseen)}"[:100] if unseen else document if strangers else "",
            # Nobody judged what an unread account shows when it is read again: then it is news.
            read_until=None
            if unseen
            else max((account.newest_at for account in accounts if account.newest_at), default=None),
        )
        note_unread({}, now=timezone.now())

    def _tell(self, account: Reread) -> None:
        if account.refused is not None:
            self.stdout.write(f"{account.code}: ngân hàng từ chối cho xem (mã {account.refused}).")
            return
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


def _not_yet() -> str:
    """What is so while this reading has not ended: books that agreed when the server was started go on sending, whoever reads the bank again."""
    if books_are_read():
        return "Lần đọc này chưa kết thúc; sổ đã khớp từ trước nên tiền vẫn được gửi, muốn ngừng thì dùng trang Tạm ngừng chi"
    return "Chưa được gửi tiền"


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else timezone.make_aware(found)
