"""The outbound payment: how it is stored, and how it looks to a client of the API."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, NamedTuple

from mockbank.books import transaction_number
from mockbank.ids import Ids

PROCESSING, POSTED, FAILED, CANCELED, RETURNED = "processing", "posted", "failed", "canceled", "returned"
STATUSES = (PROCESSING, POSTED, FAILED, CANCELED, RETURNED)

RETURN_CODES = (
    "account_closed",
    "account_frozen",
    "bank_account_restricted",
    "bank_ownership_changed",
    "declined",
    "incorrect_account_holder_name",
    "invalid_account_number",
    "invalid_currency",
    "no_account",
    "other",
)

SELECT_PAYMENT = """
SELECT payments.seq, payments.id, payments.account_no, accounts.id, amount, payments.created, status, routing_number,
       account_number, holder_name, description, statement_descriptor, details, metadata, end_to_end_id,
       idempotency_key,       posted_at, failed_at, canceled_at, returned_at, return_code, next_step, next_at
FROM payments JOIN accounts ON accounts.no = payments.account_no
"""


class Payment(NamedTuple):
    """A row of `payments`; `amount` in đồng, times in epoch seconds of the bank's clock."""

    seq: int
    id: str
    account_no: int
    financial_account: str
    amount: int
    created: int
    status: str
    routing_number: str
    account_number: str
    holder_name: str
    description: str | None
    statement_descriptor: str | None
    details: str
    metadata: str
    end_to_end_id: str | None
    idempotency_key: str | None
    posted_at: int | None
    failed_at: int | None
    canceled_at: int | None
    returned_at: int | None
    return_code: str | None
    next_step: str | None
    next_at: float | None


def find_payment(connection: sqlite3.Connection, ids: Ids, id: str) -> Payment | None:
    seq = ids.number("obp", id)
    return None if seq is None else payment_by_seq(connection, seq)


def payment_by_seq(connection: sqlite3.Connection, seq: int) -> Payment | None:
    row = connection.execute(SELECT_PAYMENT + "WHERE payments.seq = ?", (seq,)).fetchone()
    return None if row is None else Payment._make(row)


def as_of(payment: Payment, stage: str) -> Payment:
    """The payment as it was right after `stage`: what an event of that type, or a stored reply, has to show."""
    if stage == "created":
        return payment._replace(
            status=PROCESSING, posted_at=None, failed_at=None, canceled_at=None, returned_at=None, return_code=None
        )
    if stage == POSTED:
        return payment._replace(status=POSTED, returned_at=None, return_code=None)
    return payment


def render_payment(payment: Payment, ids: Ids) -> dict[str, Any]:
    """The `treasury.outbound_payment` object of the API."""
    returned = payment.status == RETURNED
    details = json.loads(payment.details)
    return {
        "id": payment.id,
        "object": "treasury.outbound_payment",
        "amount": payment.amount,
        "cancelable": payment.status == PROCESSING,
        "created": payment.created,
        "currency": "vnd",
        "customer": None,
        "description": payment.description,
        "destination_payment_method": None,
        "destination_payment_method_details": {
            "billing_details": details["billing_details"],
            "type": "us_bank_account",
            "us_bank_account": {
                "account_holder_type": details["account_holder_type"],
                "account_type": details["account_type"],
                "bank_name": None,
                "fingerprint": ids.digest(f"{payment.routing_number}:{payment.account_number}"),
                "last4": payment.account_number[-4:],
                "network": "ach",
                "routing_number": payment.routing_number,
            },
        },
        "end_user_details": details["end_user_details"],
        "expected_arrival_date": payment.created,
        "financial_account": payment.financial_account,
        "hosted_regulatory_receipt_url": None,
        "livemode": False,
        "metadata": json.loads(payment.metadata),
        "returned_details": {
            "code": payment.return_code,
            "transaction": ids.make("txn", transaction_number("return", payment.seq)),
        }
        if returned
        else None,
        "statement_descriptor": payment.statement_descriptor,
        "status": payment.status,
        "status_transitions": {
            "canceled_at": payment.canceled_at,
            "failed_at": payment.failed_at,
            "posted_at": payment.posted_at,
            "returned_at": payment.returned_at,
        },
        "tracking_details": None,
        "transaction": ids.make("txn", transaction_number("debit", payment.seq)),
    }
