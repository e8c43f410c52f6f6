"""Money that moves on a financial account beside payments: in from the Treasury, and out by an order of its holder, as a lump sum to a provider."""

from __future__ import annotations

import sqlite3
from typing import Any

from mockbank.bank import Bank
from mockbank.books import Booking, book, financial_account_no, next_number, transaction_number
from mockbank.errors import ApiError
from mockbank.schema import TREASURY_NO

MAX_AMOUNT = 10**15


async def book_movement(
    bank: Bank, *, kind: str, account_id: str, amount: int, reference: str | None, description: str | None
) -> dict[str, Any]:
    """`kind`: "topup" comes in, "transfer" goes out, `amount` in đồng without sign; every call is one movement.

    Never more goes out than stands on the account and is not held for payments: 409 `insufficient_funds`.
    """
    if not 0 < amount <= MAX_AMOUNT:
        raise ApiError(status=400, code="bad_request", message=f"amount must be 1 to {MAX_AMOUNT} đồng", param="amount")

    def execute(connection: sqlite3.Connection) -> dict[str, Any]:
        account_no = financial_account_no(connection, account_id, param="financial_account", status=404)
        if kind == "transfer":
            _require_money(connection, account_no, amount)
        number = transaction_number(kind, next_number(connection, kind))
        line = Booking(
            number=number,
            id=bank.ids.make("txn", number),
            account_no=account_no,
            kind=kind,
            payment_seq=None,
            amount=amount if kind == "topup" else -amount,
            booked_at=int(bank.clock.now()),
            reference=reference,
            description=description,
            contra_no=TREASURY_NO,
        )
        book(connection, [line])
        return {"transaction": line.id, "booked_at": line.booked_at, "amount": line.amount, "reference": reference}

    return await bank.commits.submit(execute)


def _require_money(connection: sqlite3.Connection, account_no: int, amount: int) -> None:
    (free,) = connection.execute("SELECT balance - held FROM accounts WHERE no = ?", (account_no,)).fetchone()
    if amount > free:
        message = f"The account has {free} đồng that are not held for payments."
        raise ApiError(status=409, code="insufficient_funds", message=message, param="amount")
