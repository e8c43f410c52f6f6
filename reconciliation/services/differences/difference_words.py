"""What a difference is about, in words a person finds it by: never the key by which it is raised once."""

from datetime import date

from payments.money import format_amount
from reconciliation.models import Discrepancy
from reconciliation.models.discrepancies import PROVIDER_KINDS


def about(item: Discrepancy) -> str:
    """The line, list row, payment, transfer or statement in question, with its days and amount in đồng."""
    if item.line is not None:
        line = item.line
        return f"dòng sao kê số {line.ordinal}, ngày {_day(line.booked_on)}, {format_amount(line.amount)} đ{_of_statement(item)}"
    if item.result_line is not None:
        row = item.result_line
        batch = row.result_list.batch
        return f"dòng {row.row_number} của tệp kết quả tổ chức chi trả gửi, danh sách tháng {batch.cycle.month:%m/%Y}, {batch.paying_unit.name}"
    if item.payment is not None:
        paid = item.payment
        return f"khoản chi {paid.end_to_end_id}, {format_amount(paid.amount)} đ{_of_statement(item)}"
    if item.fund_transfer is not None:
        sent = item.fund_transfer
        return f"lần chuyển tiền {sent.reference}, ngày {_day(sent.booked_on)}, {format_amount(sent.amount)} đ{_of_statement(item)}"
    return _of_statement(item).removeprefix(", ") or "chưa rõ của sao kê nào"


def who_answers(item: Discrepancy) -> str:
    """Whom one asks about it: the post has no statement, and no bank knows of its list."""
    return "tổ chức chi trả" if item.kind in PROVIDER_KINDS else "ngân hàng"


def _of_statement(item: Discrepancy) -> str:
    if item.statement is None:
        return ""
    head = item.statement
    return f", sao kê {head.funding_account.code} từ {_day(head.from_on)} đến {_day(head.to_on)}"


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
