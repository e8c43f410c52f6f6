"""A statement as data, read from the books; the formats only write it down."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mockbank.clock import bank_date, day_start
from mockbank.faults import Faults, Subject

# What the API calls a return -> ISO 20022 external status reason code. The status of the account is finer than the API.
ISO_REASONS = {
    "no_account": "AC01",
    "invalid_account_number": "AC01",
    "account_closed": "AC04",
    "account_frozen": "AC06",
    "bank_account_restricted": "AG01",
    "bank_ownership_changed": "BE06",
    "incorrect_account_holder_name": "BE01",
    "invalid_currency": "AM03",
    "declined": "MS03",
    "other": "NARR",
}
DECEASED = "MD07"


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One booking; `amount` in đồng, negative for money out."""

    id: str
    kind: str
    amount: int
    booked_on: date
    payment_id: str | None
    end_to_end_id: str | None
    message_id: str | None
    counterparty_name: str | None
    counterparty_account: str | None
    counterparty_bank: str | None
    text: str | None
    return_reason: str | None


@dataclass(frozen=True, slots=True)
class StatementHead:
    """Totals are the books' own, also when a fault drops or doubles a line: that is how a reader notices."""

    id: str
    sequence: int | None
    account_id: str
    account_name: str
    iban: str | None
    first_day: date
    last_day: date
    issued_at: int
    opening: int
    closing: int
    credit_count: int
    credit_sum: int
    debit_count: int
    debit_sum: int


_LINES = """
SELECT transactions.id, kind, transactions.amount, booked_at, payments.id, end_to_end_id, idempotency_key, holder_name,
       account_number, routing_number, coalesce(transactions.description, payments.statement_descriptor), reference,
       return_code, return_reason
FROM transactions LEFT JOIN payments ON payments.seq = payment_seq
WHERE transactions.account_no = ? AND booked_at >= ? AND booked_at < ?
ORDER BY booked_at, number
"""


def read_head(
    connection: sqlite3.Connection,
    *,
    account_no: int,
    sequence: int | None,
    first_day: date,
    last_day: date,
    issued_at: int,
) -> StatementHead:
    start, end = day_start(first_day), day_start(last_day + timedelta(days=1))
    account_id, name, iban = connection.execute(
        "SELECT id, name, iban FROM accounts WHERE no = ?", (account_no,)
    ).fetchone()
    (opening,) = connection.execute(
        "SELECT coalesce(sum(amount), 0) FROM transactions WHERE account_no = ? AND booked_at < ?", (account_no, start)
    ).fetchone()
    credit_count, credit_sum, debit_count, debit_sum = connection.execute(
        "SELECT count(*) FILTER (WHERE amount > 0), coalesce(sum(amount) FILTER (WHERE amount > 0), 0),"
        " count(*) FILTER (WHERE amount < 0), coalesce(-sum(amount) FILTER (WHERE amount < 0), 0)"
        " FROM transactions WHERE account_no = ? AND booked_at >= ? AND booked_at < ?",
        (account_no, start, end),
    ).fetchone()
    number = f"{sequence:06d}" if sequence is not None else "TAM"
    return StatementHead(
        id=f"SP{number}-{first_day:%Y%m%d}-{last_day:%Y%m%d}",
        sequence=sequence,
        account_id=account_id,
        account_name=name,
        iban=iban,
        first_day=first_day,
        last_day=last_day,
        issued_at=issued_at,
        opening=opening,
        closing=opening + credit_sum - debit_sum,
        credit_count=credit_count,
        credit_sum=credit_sum,
        debit_count=debit_count,
        debit_sum=debit_sum,
    )


def read_lines(
    connection: sqlite3.Connection, *, account_no: int, first_day: date, last_day: date, faults: Faults
) -> Iterator[StatementLine]:
    """Bookings in booking order, after the faults had their way with them."""
    span = (account_no, day_start(first_day), day_start(last_day + timedelta(days=1)))
    for row in connection.execute(_LINES, span):
        line = _line(row)
        rule = None
        if faults.rules:
            subject = Subject(
                key=line.id,
                account_number=line.counterparty_account,
                routing_number=line.counterparty_bank,
                end_to_end_id=line.end_to_end_id,
            )
            rule = faults.strike("statement", subject)
        copies = 1 if rule is None else 0 if rule.fault == "statement_drop" else 2
        for _ in range(copies):
            yield line


def _line(row: tuple[object, ...]) -> StatementLine:
    id, kind, amount, booked_at, payment_id, end_to_end_id, key, holder, account, bank, text, *rest = row
    reference, code, reason = rest
    returned = kind == "return"
    return StatementLine(
        id=str(id),
        kind=str(kind),
        amount=int(str(amount)),
        booked_on=bank_date(int(str(booked_at))),
        payment_id=_text(payment_id),
        end_to_end_id=_text(end_to_end_id) or _text(reference),
        message_id=_text(key),
        counterparty_name=_text(holder),
        counterparty_account=_text(account),
        counterparty_bank=_text(bank),
        text=_text(text),
        return_reason=(DECEASED if reason == "deceased" else ISO_REASONS.get(str(code), "NARR")) if returned else None,
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
