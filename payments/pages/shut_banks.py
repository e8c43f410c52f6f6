"""Why what may leave does not: in words beside "Chờ chuyển", for a list and for one payment."""

from django.db.models import QuerySet

from beneficiaries.services.accounts.banks import bank_name
from payments.models import Payment
from payments.money import format_amount
from payments.services.sending.lanes import EVERY_BANK
from payments.services.sending.waiting_for_banks import WaitsForBank, waiting_for_banks
from staff.services.database_clock import database_now


def shut_banks(payments: QuerySet[Payment]) -> list[str]:
    """A sentence for each bank that takes nothing now and is waited for."""
    return [_said(one) for one in waiting_for_banks(payments, now=database_now())]


def _said(waits: WaitsForBank) -> str:
    much = f"{format_amount(waits.people)} khoản ({format_amount(waits.amount)} đ) đang chờ chuyển"
    if waits.bank_bin == EVERY_BANK:
        return (
            f"Ngân hàng chuyển tiền đang ngoài giờ nhận lệnh: {much}, tự gửi khi ngân hàng mở lại; không phải làm gì."
        )
    if waits.silent:
        return (
            f"{bank_name(waits.bank_bin)} không trả lời, tạm ngừng gửi đến ngân hàng này: {much}, cứ vài phút tự thử lại và tự gửi "
            "khi ngân hàng trả lời; không phải làm gì, trừ khi kéo dài: mời hỏi ngân hàng."
        )
    return (
        f"{bank_name(waits.bank_bin)} đang ngoài giờ nhận lệnh: {much}, tự gửi khi ngân hàng mở lại; không phải làm gì."
    )
