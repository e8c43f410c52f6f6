"""Takes the orders of a file into the books: all of them at once, except those it refuses and names."""

from __future__ import annotations

import json
import sqlite3

from mockbank.bank import Bank
from mockbank.faults import Subject
from mockbank.pain001 import FileOrder, OrderFile

NO_MONEY, NO_SUCH_DEBTOR = "AM04", "AC02"
_DETAILS = {
    "account_holder_type": "individual",
    "account_type": "checking",
    "end_user_details": {"ip_address": None, "present": False},
}


def refuse_file(connection: sqlite3.Connection, *, bank: Bank, message_no: int, code: str) -> None:
    """The whole file is refused: none of its orders is in the books, and the report says so."""
    connection.execute(
        "UPDATE messages SET status = 'RJCT', reason = ?, report_due_wall = ? WHERE no = ?",
        (code, _report_at(bank, message_no), message_no),
    )


def take_orders(connection: sqlite3.Connection, *, bank: Bank, message_no: int, file: OrderFile) -> None:
    """Hold the money of every order that can be executed, first come first served; the others are rejections to report."""
    row = connection.execute(
        "SELECT no, balance - held FROM accounts WHERE id = ? AND kind = 'financial'", (file.financial_account,)
    ).fetchone()
    if row is None:
        refuse_file(connection, bank=bank, message_no=message_no, code=NO_SUCH_DEBTOR)
        return
    account_no, available = row
    taken: list[FileOrder] = []
    rejected: list[tuple[object, ...]] = []
    for order in file.orders:
        code = order.refusal or _struck(bank, order) or (NO_MONEY if order.amount > available else None)
        if code is None:
            taken.append(order)
            available -= order.amount
        else:
            rejected.append((message_no, order.instruction_id, order.end_to_end_id, order.amount, code))
    _write(connection, bank=bank, message_no=message_no, account_no=account_no, orders=taken)
    connection.executemany(
        "INSERT INTO file_rejections (message_no, instruction_id, end_to_end_id, amount, code) VALUES (?, ?, ?, ?, ?)",
        rejected,
    )
    status = "RJCT" if not taken else "PART" if rejected else "ACTC"
    connection.execute(
        "UPDATE messages SET account_no = ?, count = ?, total = ?, status = ?, report_due_wall = ? WHERE no = ?",
        (account_no, file.count, file.total, status, _report_at(bank, message_no), message_no),
    )


def _write(
    connection: sqlite3.Connection, *, bank: Bank, message_no: int, account_no: int, orders: list[FileOrder]
) -> None:
    now, wall, delay = bank.clock.now(), bank.clock.wall(), bank.limits.settle_delay_seconds
    (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM payments").fetchone()
    numbered = list(enumerate(orders, start=last + 1))
    connection.executemany(
        "INSERT INTO payments"
        " (seq, id, account_no, amount, created, status, routing_number, account_number, holder_name, description,"
        " details, metadata, end_to_end_id, attempt, idempotency_key, next_step, next_at, next_wall)"
        " VALUES (?, ?, ?, ?, ?, 'processing', ?, ?, ?, ?, ?, ?, ?, ?, ?, 'settle', ?, ?)",
        (
            (seq, bank.ids.make("obp", seq), account_no, order.amount, int(now), order.routing_number,
             order.account_number, order.holder_name, order.description, _details(order), _metadata(order),
             order.end_to_end_id, order.attempt, order.instruction_id, now + delay, wall + delay)
            for seq, order in numbered
        ),
    )  # fmt: skip
    connection.executemany(
        "INSERT INTO file_payments (payment_seq, message_no) VALUES (?, ?)", ((seq, message_no) for seq, _ in numbered)
    )
    held = sum(order.amount for order in orders)
    connection.execute("UPDATE accounts SET held = held + ? WHERE no = ?", (held, account_no))


def _details(order: FileOrder) -> str:
    billing: dict[str, object] = {"address": {}, "email": None, "name": order.holder_name}
    return json.dumps({"billing_details": billing, **_DETAILS}, ensure_ascii=False)


def _metadata(order: FileOrder) -> str:
    attempt = {} if order.attempt is None else {"attempt": str(order.attempt)}
    return json.dumps({"end_to_end_id": order.end_to_end_id, **attempt}, ensure_ascii=False)


def _struck(bank: Bank, order: FileOrder) -> str | None:
    """A fault's refusal of one order."""
    if not bank.faults.rules:
        return None
    subject = Subject(
        key=order.instruction_id,
        account_number=order.account_number,
        routing_number=order.routing_number,
        end_to_end_id=order.end_to_end_id,
        on="file",
    )
    rule = bank.faults.strike("file", subject, fault="file_reject")
    return None if rule is None else rule.code if len(rule.code) == 4 else "AC04"


def _report_at(bank: Bank, message_no: int) -> float:
    rule = bank.faults.strike("file", Subject(key=str(message_no), on="file"), fault="report_late")
    return bank.clock.wall() + (0.0 if rule is None else rule.seconds)
