"""Writes a statement as the CSV Vietnamese banks let their customers download."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from mockbank.statement_lines import StatementHead, StatementLine

COLUMNS = (
    "Ngày hạch toán",
    "Số bút toán",
    "Mã giao dịch",
    "Mã đối chiếu",
    "Mã lệnh",
    "Ghi nợ",
    "Ghi có",
    "Loại tiền",
    "Tài khoản đối ứng",
    "Tên đối ứng",
    "Ngân hàng đối ứng",
    "Nội dung",
    "Mã lý do hoàn trả",
)


def write_csv(head: StatementHead, lines: Iterable[StatementLine]) -> Iterator[str]:
    """Head lines `name,value`, an empty line, the table. Starts with a byte order mark, which Excel needs."""
    yield "\ufeff"
    yield _row("Tài khoản", head.account_id)
    yield _row("Tên tài khoản", head.account_name)
    yield _row("Số sao kê", head.sequence or "")
    yield _row("Từ ngày", head.first_day.isoformat())
    yield _row("Đến ngày", head.last_day.isoformat())
    yield _row("Số dư đầu kỳ", head.opening)
    yield _row("Tổng ghi nợ", head.debit_sum)
    yield _row("Tổng ghi có", head.credit_sum)
    yield _row("Số dư cuối kỳ", head.closing)
    yield "\r\n"
    yield _row(*COLUMNS)
    for line in lines:
        yield _row(
            line.booked_on.isoformat(),
            line.id,
            line.payment_id or "",
            line.end_to_end_id or "",
            line.message_id or "",
            -line.amount if line.amount < 0 else "",
            line.amount if line.amount > 0 else "",
            "VND",
            line.counterparty_account or "",
            line.counterparty_name or "",
            line.counterparty_bank or "",
            line.text or "",
            line.return_reason or "",
        )


def _row(*values: object) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()
