"""`manage.py erase_overdue`: what may be kept no longer; one orders, another allows, then it is erased in steps."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from payments.money import format_amount
from payments.services.erasure import decide_erasure, erase, order_erasure, what_is_due
from staff.errors import Refusal
from staff.models import ErasureOrder, User
from staff.services.database_clock import database_now
from staff.services.free_text import without_numbers
from staff.services.labels import labelled

SHOWN = 20


class Command(BaseCommand):
    """Names nobody: it says how many."""

    help = "Dữ liệu ngoài sổ sách đã quá thời hạn giữ: xem (show), lập lệnh (order), đồng ý (approve), từ chối (decline), xóa (run)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is to be done; nothing given: show."""
        parser.add_argument("step", nargs="?", default="show", choices=["show", "order", "approve", "decline", "run"])
        parser.add_argument("number", nargs="?", type=int, help="số lệnh, với approve, decline, run")
        parser.add_argument("--document", default="", help="văn bản làm căn cứ, với order")
        parser.add_argument("--actor", default="", help="tên đăng nhập, với order, approve, decline")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what became of it, or say why not and change nothing."""
        step, number = options["step"], options["number"]
        if (step in ("show", "order")) != (number is None):
            raise CommandError("approve, decline, run cần số lệnh, ví dụ: manage.py erase_overdue run 3")
        try:
            self._do(step, number, options)
        except ErasureOrder.DoesNotExist as error:
            raise CommandError("Không có lệnh xóa mang số này; xem: manage.py erase_overdue") from error
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal

    def _do(self, step: str, number: int, options: dict[str, Any]) -> None:
        now = database_now()
        if step == "show":
            self._show()
        elif step == "run":
            count = erase(order_id=number, now=now)
            self.stdout.write(
                f"Lệnh {number}: đã xóa {format_amount(count)} số điện thoại; sổ sách và nhật ký giữ nguyên."
            )
        elif step == "order":
            if not (document := without_numbers(options["document"].strip())):
                raise CommandError("Mời ghi văn bản làm căn cứ: --document 12/QĐ-SNV")
            actor = _actor(options["actor"])
            with labelled(actor_id=actor.pk, why="manage.py erase_overdue order"):
                order = order_erasure(document=document, actor=actor, now=now)
            self.stdout.write(
                f"Đã lập lệnh {order.pk}: {format_amount(order.due_total)} số điện thoại thôi dùng trước ngày {order.before:%d/%m/%Y}. "
                f"Chờ người thứ hai: manage.py erase_overdue approve {order.pk} --actor …"
            )
        else:
            actor = _actor(options["actor"])
            with labelled(actor_id=actor.pk, why=f"manage.py erase_overdue {step}"):
                decide_erasure(order_id=number, accepted=step == "approve", actor=actor, now=now)
            self.stdout.write(
                f"Lệnh {number}: đã đồng ý. Xóa bằng: manage.py erase_overdue run {number}"
                if step == "approve"
                else f"Lệnh {number}: đã từ chối, không xóa gì."
            )

    def _show(self) -> None:
        due = what_is_due(now=database_now())
        self.stdout.write(
            f"Thôi dùng trước ngày {due.before:%d/%m/%Y}: {format_amount(due.total)} số điện thoại "
            f"({format_amount(due.wants_none)} của người không muốn nhận tin, {format_amount(due.draws_nothing)} của người không còn hưởng)."
        )
        for order in ErasureOrder.objects.select_related("ordered_by", "decided_by").order_by("-pk")[:SHOWN]:
            self.stdout.write(f"Lệnh {order.pk}, {order.document}, {order.ordered_by.full_name} lập: {_where(order)}")


def _where(order: ErasureOrder) -> str:
    if order.decided_by is None:
        return f"chờ người thứ hai, {format_amount(order.due_total)} số"
    if not order.accepted:
        return f"{order.decided_by.full_name} từ chối"
    done = f"đã xóa {format_amount(order.erased_total)} trên {format_amount(order.due_total)} số"
    return f"{order.decided_by.full_name} đồng ý, {done}{'' if order.finished_at else ', chưa xong'}"


def _actor(username: str) -> User:
    actor = User.objects.select_related("unit").filter(username=username).first()
    if actor is None:
        raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
    return actor
