"""What can be read through the API: payments, the financial account, its transactions, events."""

from __future__ import annotations

import sqlite3
from typing import Any

from mockbank.bank import Bank
from mockbank.books import financial_account_no
from mockbank.errors import missing_resource
from mockbank.events import SELECT_EVENT, render_event
from mockbank.faults import ONE_ORDER, Subject
from mockbank.forms import Params, invalid, refuse_unknown, required
from mockbank.ids import Ids
from mockbank.paging import PAGE_PARAMS, Listing, Position, as_list, fetch_page
from mockbank.payments import SELECT_PAYMENT, STATUSES, Payment, find_payment, render_payment

_SELECT_TRANSACTION = """
SELECT transactions.number, transactions.id, accounts.id, transactions.kind, payments.id, transactions.amount,
       booked_at, reference, transactions.description
FROM transactions JOIN accounts ON accounts.no = transactions.account_no
LEFT JOIN payments ON payments.seq = transactions.payment_seq
"""
_FLOW_TYPES = {
    "debit": "outbound_payment",
    "return": "outbound_payment",
    "topup": "received_credit",
    "transfer": "outbound_transfer",
}


def get_payment(bank: Bank, id: str) -> Payment:
    payment = find_payment(bank.connection, bank.ids, id)
    if payment is None:
        raise missing_resource(kind="outbound_payment", id=id)
    return payment


def list_payments(bank: Bank, params: Params) -> dict[str, Any]:
    refuse_unknown(params, known=PAGE_PARAMS | {"financial_account", "status"})
    where, args = "payments.account_no = ?", [_account(bank, params)]
    if "status" in params:
        if params["status"] not in STATUSES:
            raise invalid("status", f"Invalid status: must be one of {', '.join(STATUSES)}")
        where += " AND status = ?"
        args.append(params["status"])

    subject = Subject(key=params["financial_account"], on="read")
    late = bank.faults.strike("listing", subject, fault="list_late")
    if late is not None:
        # Only the orders the rule names are late; without names, all.
        named = [(name, late.match[name]) for name in ONE_ORDER if name in late.match]
        those = "".join(f" AND coalesce(payments.{name}, '') = ?" for name, _ in named)
        where += f" AND NOT (payments.created > ?{those})"
        args += [int(bank.clock.now() - late.seconds), *(value for _, value in named)]

    def locate(id: str) -> Position | None:
        payment = find_payment(bank.connection, bank.ids, id)
        return None if payment is None else (payment.created, payment.seq)

    listing = Listing(
        select=SELECT_PAYMENT,
        newest=("payments.created", "payments.seq"),
        locate=locate,
        kind="outbound_payment",
    )
    rows, has_more = fetch_page(bank.connection, listing=listing, params=params, where=where, args=args)
    data = [render_payment(Payment._make(row), bank.ids) for row in rows]
    if "starting_after" in params and bank.faults.strike("listing", subject, fault="page_changes"):
        # As of a bank that pages by position: something new came in front, and the last entry of the page before slips into this one.
        data = [render_payment(get_payment(bank, params["starting_after"]), bank.ids), *data]
        limit = int(params.get("limit", "10"))
        data, has_more = data[:limit], has_more or len(data) > limit
    return as_list(data, has_more=has_more, url="/v1/treasury/outbound_payments")


def _account(bank: Bank, params: Params) -> Any:
    return financial_account_no(bank.connection, required(params, "financial_account"), param="financial_account")


def get_financial_account(bank: Bank, id: str) -> dict[str, Any]:
    row = bank.connection.execute(
        "SELECT id, name, created, balance, held FROM accounts WHERE id = ? AND kind = 'financial'", (id,)
    ).fetchone()
    if row is None:
        raise missing_resource(kind="financial_account", id=id)
    account_id, name, created, balance, held = row
    return {
        "id": account_id,
        "object": "treasury.financial_account",
        "active_features": ["outbound_payments.us_domestic_wire"],
        "balance": {"cash": {"vnd": balance - held}, "inbound_pending": {"vnd": 0}, "outbound_pending": {"vnd": held}},
        "country": "VN",
        "created": created,
        "financial_addresses": [],
        "livemode": False,
        "metadata": {},
        "nickname": name,
        "pending_features": [],
        "restricted_features": [],
        "status": "open",
        "status_details": {"closed": None},
        "supported_currencies": ["vnd"],
    }


def _render_transaction(row: tuple[Any, ...]) -> dict[str, Any]:
    _, id, account, kind, payment_id, amount, booked_at, reference, description = row
    return {
        "id": id,
        "object": "treasury.transaction",
        "amount": amount,
        "balance_impact": {"cash": amount, "inbound_pending": 0, "outbound_pending": 0},
        "created": booked_at,
        "currency": "vnd",
        "description": description or reference or "",
        "entries": None,
        "financial_account": account,
        "flow": payment_id or reference,
        "flow_details": None,
        "flow_type": _FLOW_TYPES[kind],
        "livemode": False,
        "status": "posted",
        "status_transitions": {"posted_at": booked_at, "void_at": None},
    }


def _find_transaction(connection: sqlite3.Connection, ids: Ids, id: str) -> tuple[Any, ...] | None:
    number = ids.number("txn", id)
    row: tuple[Any, ...] | None = connection.execute(
        _SELECT_TRANSACTION + "WHERE transactions.number = ?", (number,)
    ).fetchone()
    return row


def get_transaction(bank: Bank, id: str) -> dict[str, Any]:
    row = _find_transaction(bank.connection, bank.ids, id)
    if row is None:
        raise missing_resource(kind="transaction", id=id)
    return _render_transaction(row)


def list_transactions(bank: Bank, params: Params) -> dict[str, Any]:
    """Bookings only: money that is merely held is not on the statement and not in this list."""
    refuse_unknown(params, known=PAGE_PARAMS | {"financial_account", "order_by"})
    if params.get("order_by", "created") not in ("created", "posted_at"):
        raise invalid("order_by", "Invalid order_by: must be created or posted_at")

    def locate(id: str) -> Position | None:
        row = _find_transaction(bank.connection, bank.ids, id)
        return None if row is None else (row[6], row[0])

    listing = Listing(
        select=_SELECT_TRANSACTION,
        newest=("transactions.booked_at", "transactions.number"),
        locate=locate,
        kind="transaction",
    )
    rows, has_more = fetch_page(
        bank.connection,
        listing=listing,
        params=params,
        where="transactions.account_no = ?",
        args=[_account(bank, params)],
    )
    data = [_render_transaction(row) for row in rows]
    return as_list(data, has_more=has_more, url="/v1/treasury/transactions")


def get_event(bank: Bank, id: str) -> dict[str, Any]:
    number = bank.ids.number("evt", id)
    row = bank.connection.execute(SELECT_EVENT + "WHERE events.seq = ?", (number,)).fetchone()
    if row is None:
        raise missing_resource(kind="event", id=id)
    return render_event(row, bank.ids)


def list_events(bank: Bank, params: Params) -> dict[str, Any]:
    refuse_unknown(params, known=PAGE_PARAMS | {"type"})
    where, args = "1", []
    if "type" in params:
        where, args = "events.type = ?", [params["type"]]

    def locate(id: str) -> Position | None:
        number = bank.ids.number("evt", id)
        row = bank.connection.execute("SELECT created, seq FROM events WHERE seq = ?", (number,)).fetchone()
        return None if row is None else (row[0], row[1])

    listing = Listing(select=SELECT_EVENT, newest=("events.created", "events.seq"), locate=locate, kind="event")
    rows, has_more = fetch_page(bank.connection, listing=listing, params=params, where=where, args=args)
    return as_list([render_event(row, bank.ids) for row in rows], has_more=has_more, url="/v1/events")
