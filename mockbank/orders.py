"""What a client may order: create a payment, cancel one that is still being processed."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import dataclass

from mockbank.bank import Bank
from mockbank.books import financial_account_no, release_holds
from mockbank.errors import ApiError
from mockbank.events import record_events
from mockbank.faults import Rule
from mockbank.forms import MAX_AMOUNT, Params, integer, invalid, read_metadata, refuse_unknown, required
from mockbank.payments import CANCELED, Payment

_DATA = "destination_payment_method_data"
_BILLING = f"{_DATA}[billing_details]"
_ACCOUNT = f"{_DATA}[us_bank_account]"
_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
KNOWN = frozenset(
    {
        "amount",
        "currency",
        "financial_account",
        "description",
        "statement_descriptor",
        "destination_payment_method_options[us_bank_account][network]",
        "end_user_details[present]",
        "end_user_details[ip_address]",
        f"{_DATA}[type]",
        f"{_ACCOUNT}[routing_number]",
        f"{_ACCOUNT}[account_number]",
        f"{_ACCOUNT}[account_holder_type]",
        f"{_ACCOUNT}[account_type]",
        f"{_BILLING}[name]",
        f"{_BILLING}[email]",
        f"{_BILLING}[phone]",
    }
    | {f"{_BILLING}[address][{part}]" for part in _ADDRESS}
)
_ROUTING = re.compile(r"[0-9]{6,9}")
_ATTEMPT = re.compile(r"[0-9]{1,9}")
_NUMBER = re.compile(r"[0-9A-Za-z]{4,34}")


@dataclass(frozen=True, slots=True)
class Order:
    """A create request that can be executed; `amount` in đồng."""

    financial_account: str
    amount: int
    routing_number: str
    account_number: str
    holder_name: str
    description: str | None
    statement_descriptor: str | None
    details: str
    metadata: dict[str, str]


def read_order(params: Params) -> Order:
    """Raises ApiError for what the API would refuse before executing anything."""
    refuse_unknown(params, known=KNOWN, metadata=True)
    amount = integer(params, "amount", low=1, high=MAX_AMOUNT)
    currency = required(params, "currency")
    if currency.lower() != "vnd":
        raise ApiError(
            status=400, code="invalid_currency", message=f"Invalid currency: {currency}. Only vnd.", param="currency"
        )
    if required(params, f"{_DATA}[type]") != "us_bank_account":
        raise invalid(f"{_DATA}[type]", "Only us_bank_account is supported")
    routing = required(params, f"{_ACCOUNT}[routing_number]")
    if not _ROUTING.fullmatch(routing):
        raise ApiError(
            status=400,
            code="routing_number_invalid",
            message="The routing number is the bank's BIN: six digits.",
            param=f"{_ACCOUNT}[routing_number]",
        )
    number = required(params, f"{_ACCOUNT}[account_number]")
    if not _NUMBER.fullmatch(number):
        raise ApiError(
            status=400,
            code="account_number_invalid",
            message="An account number has 4 to 34 letters or digits.",
            param=f"{_ACCOUNT}[account_number]",
        )
    holder = required(params, f"{_BILLING}[name]")
    address = {part: params.get(f"{_BILLING}[address][{part}]") for part in _ADDRESS}
    details = {
        "billing_details": {"address": address, "email": params.get(f"{_BILLING}[email]"), "name": holder},
        "account_holder_type": params.get(f"{_ACCOUNT}[account_holder_type]", "individual"),
        "account_type": params.get(f"{_ACCOUNT}[account_type]", "checking"),
        "end_user_details": {
            "ip_address": params.get("end_user_details[ip_address]"),
            "present": params.get("end_user_details[present]") == "true",
        },
    }
    return Order(
        financial_account=required(params, "financial_account"),
        amount=amount,
        routing_number=routing,
        account_number=number,
        holder_name=holder,
        description=params.get("description") or None,
        statement_descriptor=params.get("statement_descriptor") or None,
        details=json.dumps(details, ensure_ascii=False),
        metadata=read_metadata(params),
    )


def create_payment(
    connection: sqlite3.Connection, *, bank: Bank, order: Order, idempotency_key: str | None, refusal: Rule | None
) -> int:
    """Take the order and hold the money; return the payment's seq. Raises ApiError when the money is not there."""
    account_no = financial_account_no(connection, order.financial_account, param="financial_account")
    if refusal is not None:
        raise ApiError(status=400, code="payment_refused", message="The bank refuses this payment.")
    balance, held = connection.execute("SELECT balance, held FROM accounts WHERE no = ?", (account_no,)).fetchone()
    if balance - held < order.amount:
        raise ApiError(
            status=400,
            code="insufficient_funds",
            message="Insufficient funds in the financial account.",
            param="amount",
        )
    now = bank.clock.now()
    attempt = order.metadata.get("attempt", "")
    seq = int(connection.execute("SELECT coalesce(max(seq), 0) + 1 FROM payments").fetchone()[0])
    delay = bank.limits.settle_delay_seconds
    connection.execute(
        "INSERT INTO payments"
        " (seq, id, account_no, amount, created, status, routing_number, account_number, holder_name, description,"
        " statement_descriptor, details, metadata, end_to_end_id, attempt, idempotency_key, next_step,"
        " next_at, next_wall)"
        " VALUES (?, ?, ?, ?, ?, 'processing', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'settle', ?, ?)",
        (
            seq,
            bank.ids.make("obp", seq),
            account_no,
            order.amount,
            int(now),
            order.routing_number,
            order.account_number,
            order.holder_name,
            order.description,
            order.statement_descriptor,
            order.details,
            json.dumps(order.metadata, ensure_ascii=False),
            order.metadata.get("end_to_end_id"),
            int(attempt) if _ATTEMPT.fullmatch(attempt) else None,
            idempotency_key,
            now + delay,
            bank.clock.wall() + delay,
        ),
    )
    connection.execute("UPDATE accounts SET held = held + ? WHERE no = ?", (order.amount, account_no))
    record_events(connection, [("created", int(now), seq)])
    return seq


def cancel_payment(connection: sqlite3.Connection, *, payment: Payment, now: int) -> None:
    """Only what is still processing can be cancelled; the held money is free again."""
    if payment.next_step != "settle":
        raise ApiError(
            status=400,
            code="outbound_payment_not_cancelable",
            message=f"This OutboundPayment is {payment.status} and can no longer be canceled.",
        )
    at = max(now, payment.created)
    connection.execute(
        "UPDATE payments SET status = ?, canceled_at = ?, next_step = NULL, next_at = NULL, next_wall = NULL"
        " WHERE seq = ?",
        (CANCELED, at, payment.seq),
    )
    release_holds(connection, [(payment.account_no, payment.amount)])
    record_events(connection, [("canceled", at, payment.seq)])
