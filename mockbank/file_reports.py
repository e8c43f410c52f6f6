"""Cuts the reports on files when there is something to say: pain.002 on files and refused orders, camt.054 on bookings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from mockbank.bank import Bank
from mockbank.camt054 import TYPE as CAMT054
from mockbank.camt054 import Booked, write_camt054
from mockbank.file_books import report_path
from mockbank.pain002 import TYPE as PAIN002
from mockbank.pain002 import Rejected, Verdict, write_pain002

BOOKINGS_PER_REPORT = 10_000
REFUSED_LATER = "MS03"

_BOOKED = """
SELECT transactions.id, transactions.kind, transactions.amount, booked_at, payments.id, message_id, idempotency_key,
       end_to_end_id, return_code, return_reason, payments.seq
FROM file_news JOIN payments ON payments.seq = file_news.payment_seq
JOIN transactions ON transactions.number = payments.seq * 4 + (stage = 'return')
JOIN file_payments ON file_payments.payment_seq = payments.seq JOIN messages ON messages.no = message_no
WHERE stage <> 'failed' AND payments.account_no = ? ORDER BY file_news.payment_seq, stage LIMIT ?
"""


def cut_reports(connection: sqlite3.Connection, *, bank: Bank) -> int:
    """Write every report that is due and return how many; inside the transaction that marks them as given."""
    return _on_files(connection, bank) + _on_refusals(connection, bank) + _on_bookings(connection, bank)


def _on_files(connection: sqlite3.Connection, bank: Bank) -> int:
    due = connection.execute(
        "SELECT no, account_no, message_id, status, reason, count, total FROM messages WHERE report_due_wall <= ?",
        (bank.clock.wall(),),
    ).fetchall()
    for no, account_no, message_id, status, reason, count, total in due:
        rejections = connection.execute(
            "SELECT instruction_id, end_to_end_id, amount, code FROM file_rejections WHERE message_no = ?", (no,)
        )
        _give_verdict(
            connection, bank, account_no=account_no, message_id=message_id, status=status, reason=reason, count=count,
            total=total, rejections=map(Rejected._make, rejections),
        )  # fmt: skip
        connection.execute("UPDATE messages SET report_due_wall = NULL WHERE no = ?", (no,))
    return len(due)


def _on_refusals(connection: sqlite3.Connection, bank: Bank) -> int:
    """Orders of an accepted file that another bank declined afterwards; said only after the file itself was answered."""
    refused = connection.execute(
        "SELECT messages.no, messages.account_no, message_id, count, total, payments.seq, idempotency_key, end_to_end_id,"
        " payments.amount FROM file_news JOIN payments ON payments.seq = file_news.payment_seq"
        " JOIN file_payments ON file_payments.payment_seq = payments.seq JOIN messages ON messages.no = message_no"
        " WHERE stage = 'failed' AND report_due_wall IS NULL ORDER BY messages.no, payments.seq"
    ).fetchall()
    by_message: dict[tuple[int, int, str, int, int], list[tuple[int, str, str, int]]] = {}
    for row in refused:
        by_message.setdefault(row[:5], []).append(row[5:])
    for (_, account_no, message_id, count, total), orders in by_message.items():
        _give_verdict(
            connection, bank, account_no=account_no, message_id=message_id, status="PART", reason=None, count=count,
            total=total, rejections=(Rejected(*order[1:], code=REFUSED_LATER) for order in orders),
        )  # fmt: skip
        _forget(connection, [(order[0], "failed") for order in orders])
    return len(by_message)


def _on_bookings(connection: sqlite3.Connection, bank: Bank) -> int:
    reports = 0
    accounts = connection.execute(
        "SELECT DISTINCT accounts.no, accounts.id FROM file_news JOIN payments ON payments.seq = payment_seq"
        " JOIN accounts ON accounts.no = payments.account_no WHERE stage <> 'failed' ORDER BY accounts.no"
    ).fetchall()
    for account_no, account_id in accounts:
        while rows := connection.execute(_BOOKED, (account_no, BOOKINGS_PER_REPORT)).fetchall():
            sequence, created = _next(connection, bank, account_no=account_no, type=CAMT054)
            bookings = [Booked._make(row[:-1]) for row in rows]
            pieces = write_camt054(id=f"BC{sequence:08d}", account_id=account_id, created=created, bookings=bookings)
            _keep(bank, sequence, CAMT054, pieces)
            _forget(connection, [(row[-1], row[1]) for row in rows])
            reports += 1
    return reports


def _give_verdict(
    connection: sqlite3.Connection, bank: Bank, *, account_no: int | None, message_id: str, status: str,
    reason: str | None, count: int | None, total: int | None, rejections: Iterable[Rejected],
) -> None:  # fmt: skip
    sequence, created = _next(connection, bank, account_no=account_no, type=PAIN002)
    verdict = Verdict(f"TT{sequence:08d}", message_id, created, status, reason, count, total)
    _keep(bank, sequence, PAIN002, write_pain002(verdict, rejections))


def _next(connection: sqlite3.Connection, bank: Bank, *, account_no: int | None, type: str) -> tuple[int, int]:
    created = int(bank.clock.now())
    (sequence,) = connection.execute(
        "INSERT INTO reports (account_no, type, created) VALUES (?, ?, ?) RETURNING sequence",
        (account_no, type, created),
    ).fetchone()
    return int(sequence), created


def _keep(bank: Bank, sequence: int, type: str, pieces: Iterable[str]) -> None:
    path = report_path(bank.data, sequence, type)
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as file:
        file.writelines(pieces)
    unfinished.replace(path)


def _forget(connection: sqlite3.Connection, news: list[tuple[int, str]]) -> None:
    connection.executemany("DELETE FROM file_news WHERE payment_seq = ? AND stage = ?", news)
