"""Events of the API. A row names payment and type; the snapshot is the payment as it was at that stage."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from mockbank.ids import Ids
from mockbank.payments import SELECT_PAYMENT, Payment, as_of, render_payment

API_VERSION = "2024-06-20"
PREFIX = "treasury.outbound_payment."

SELECT_EVENT = SELECT_PAYMENT.replace("SELECT", "SELECT events.seq, events.type, events.created,", 1) + (
    "JOIN events ON events.payment_seq = payments.seq "
)


def record_events(connection: sqlite3.Connection, events: Iterable[tuple[str, int, int]]) -> None:
    """`events` are (stage, bank time, payment's seq), in the order in which they happened."""
    connection.executemany(
        "INSERT INTO events (type, created, payment_seq) VALUES (?, ?, ?)",
        [(PREFIX + stage, at, seq) for stage, at, seq in events],
    )


def render_event(row: tuple[Any, ...], ids: Ids) -> dict[str, Any]:
    """The `event` object for a row of SELECT_EVENT."""
    seq, type, created = row[:3]
    payment = as_of(Payment._make(row[3:]), type.removeprefix(PREFIX))
    return {
        "id": ids.make("evt", seq),
        "object": "event",
        "api_version": API_VERSION,
        "created": created,
        "data": {"object": render_payment(payment, ids)},
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": None, "idempotency_key": payment.idempotency_key},
        "type": type,
    }
