"""Double-entry books: every booking is two entries that sum to zero, and every balance is the sum of its entries."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from mockbank.errors import missing_resource

_KIND_DIGIT = {"debit": 0, "return": 1, "topup": 2, "transfer": 3}


class Booking(NamedTuple):
    """One line on a financial account; `amount` in đồng, negative for money out. The other entry is on `contra_no`."""

    number: int
    id: str
    account_no: int
    kind: str
    payment_seq: int | None
    amount: int
    booked_at: int
    reference: str | None
    description: str | None
    contra_no: int


def transaction_number(kind: str, source: int) -> int:
    """A payment has at most one debit and one return: the number is made of both, and it is the primary key."""
    return source * 4 + _KIND_DIGIT[kind]


def book(connection: sqlite3.Connection, bookings: list[Booking]) -> None:
    """Write transactions, both entries of each, and the balances they change."""
    changes: defaultdict[int, int] = defaultdict(int)
    entries = []
    for line in bookings:
        entries.append((line.number, line.account_no, line.amount))
        entries.append((line.number, line.contra_no, -line.amount))
        changes[line.account_no] += line.amount
        changes[line.contra_no] -= line.amount
    connection.executemany(
        "INSERT INTO transactions"
        " (number, id, account_no, kind, payment_seq, amount, booked_at, reference, description)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [line[:-1] for line in bookings],
    )
    connection.executemany("INSERT INTO entries (transaction_number, account_no, amount) VALUES (?, ?, ?)", entries)
    connection.executemany(
        "UPDATE accounts SET balance = balance + ? WHERE no = ?", [(amount, no) for no, amount in changes.items()]
    )


def release_holds(connection: sqlite3.Connection, holds: Iterable[tuple[int, int]]) -> None:
    """`holds` are (account_no, đồng) of payments that are no longer processing."""
    released: defaultdict[int, int] = defaultdict(int)
    for account_no, amount in holds:
        released[account_no] += amount
    connection.executemany(
        "UPDATE accounts SET held = held - ? WHERE no = ?", [(amount, no) for no, amount in released.items()]
    )


def open_financial_account(connection: sqlite3.Connection, *, id: str, name: str, iban: str | None, now: int) -> None:
    """Open the account, or rename it when it exists; its money stays."""
    connection.execute(
        "INSERT INTO accounts (kind, id, name, iban, created) VALUES ('financial', ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, iban = excluded.iban WHERE kind = 'financial'",
        (id, name, iban, now),
    )


def financial_account_no(connection: sqlite3.Connection, id: str, *, param: str, status: int = 400) -> int:
    row = connection.execute("SELECT no FROM accounts WHERE id = ? AND kind = 'financial'", (id,)).fetchone()
    if row is None:
        raise missing_resource(kind="financial_account", id=id, param=param, status=status)
    return int(row[0])


def beneficiary_account_no(connection: sqlite3.Connection, *, routing: str, number: str, name: str, now: int) -> int:
    id = f"{routing}:{number}"
    row = connection.execute("SELECT no FROM accounts WHERE id = ?", (id,)).fetchone()
    if row is None:
        row = connection.execute(
            "INSERT INTO accounts (kind, id, name, created) VALUES ('beneficiary', ?, ?, ?) RETURNING no",
            (id, name, now),
        ).fetchone()
    return int(row[0])


def next_number(connection: sqlite3.Connection, kind: str) -> int:
    """Top-ups and transfers are counted apart, each from 1."""
    row = connection.execute(
        "INSERT INTO settings (name, value) VALUES (?, '1')"
        " ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
        (f"{kind}s",),
    ).fetchone()
    return int(row[0])


def verify_books(connection: sqlite3.Connection) -> list[str]:
    """Every sentence names one thing that is wrong; an empty list means the books are sound."""
    checks = {
        "a transaction's entries do not sum to zero": (
            "SELECT transaction_number FROM entries"
            " GROUP BY transaction_number HAVING sum(amount) <> 0 OR count(*) <> 2"
        ),
        "a transaction has no entries": (
            "SELECT number FROM transactions LEFT JOIN entries ON transaction_number = number"
            " AND entries.account_no = transactions.account_no AND entries.amount = transactions.amount"
            " WHERE entries.amount IS NULL"
        ),
        "a balance differs from the sum of its entries": (
            "SELECT id FROM accounts LEFT JOIN (SELECT account_no, sum(amount) AS booked FROM entries"
            " GROUP BY account_no) ON account_no = no WHERE balance <> coalesce(booked, 0)"
        ),
        "a hold differs from the payments being processed": (
            "SELECT id FROM accounts LEFT JOIN (SELECT account_no, sum(amount) AS processing FROM payments"
            " WHERE status = 'processing' GROUP BY account_no) ON account_no = no WHERE held <> coalesce(processing, 0)"
        ),
        "a payment's bookings do not fit its status": (
            "SELECT payments.id FROM payments"
            " LEFT JOIN transactions AS debit ON debit.number = payments.seq * 4"
            " LEFT JOIN transactions AS credit ON credit.number = payments.seq * 4 + 1"
            " WHERE (debit.number IS NOT NULL) <> (status IN ('posted', 'returned'))"
            " OR (credit.number IS NOT NULL) <> (status = 'returned')"
            " OR debit.amount + credit.amount <> 0"
        ),
    }
    faults = []
    for sentence, query in checks.items():
        wrong = [str(row[0]) for row in connection.execute(f"{query} LIMIT 20")]
        if wrong:
            faults.append(f"{sentence}: {', '.join(wrong)}")
    return faults
