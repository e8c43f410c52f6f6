"""Accounts the bank opens on request, and whose an account is. One request is one row; it is decided on the bank's own clock."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from dataclasses import dataclass
from typing import Any

from mockbank.bank import Bank
from mockbank.clock import bank_date, iso
from mockbank.errors import missing_resource
from mockbank.faults import Rule
from mockbank.forms import Params, invalid, read_metadata, refuse_unknown, required
from mockbank.paging import PAGE_PARAMS, Listing, as_list, fetch_page
from mockbank.truth import OPEN, TruthRow, store_truth

OPENINGS = "/v1/treasury/account_openings"
HOLDER_ENQUIRIES = "/v1/treasury/holder_enquiries"
PENDING, OPENED, REFUSED = "pending", "opened", "refused"
KNOWN = frozenset({"routing_number", "holder[name]", "holder[identity_number]", "holder[birth_date]"})
ENQUIRY = frozenset({"routing_number", "account_number"})
_IDENTITY = re.compile(r"[0-9]{12}")
# Truth about an account -> what a bank tells whoever asks; why an account is restricted it does not say.
HOLDING_OF_STATUS = {
    "open": "open",
    "declined": "open",
    "name_mismatch": "open",
    "ownership_changed": "open",
    "closed": "closed",
    "frozen": "restricted",
    "restricted": "restricted",
    "deceased": "restricted",
}
_COLUMNS = "seq, created, due, routing_number, holder_name, identity_number, request_id, attempt, status, account_number, decided, refusal_code"
SELECT = f"SELECT {_COLUMNS} FROM account_openings"  # our own constant


@dataclass(frozen=True, slots=True)
class Application:
    """A request that can be executed."""

    routing_number: str
    holder_name: str
    identity_number: str
    metadata: dict[str, str]


def read_application(params: Params) -> Application:
    """Raises ApiError for what is refused before anything is written."""
    refuse_unknown(params, known=KNOWN, metadata=True)
    routing = required(params, "routing_number")
    if not re.fullmatch(r"[0-9]{6}", routing):
        raise invalid("routing_number", "The routing number is the bank's BIN: six digits.")
    identity = required(params, "holder[identity_number]")
    if not _IDENTITY.fullmatch(identity):
        raise invalid("holder[identity_number]", "An identity number has twelve digits.")
    return Application(routing, required(params, "holder[name]"), identity, read_metadata(params))


def take_application(
    connection: sqlite3.Connection, *, bank: Bank, application: Application, refusal: Rule | None
) -> int:
    """Write the request down; it is decided when its time has come. Returns its seq."""
    now = bank.clock.now()
    seq = int(connection.execute("SELECT coalesce(max(seq), 0) + 1 FROM account_openings").fetchone()[0])
    connection.execute(
        f"INSERT INTO account_openings ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)",
        (
            seq,
            int(now),
            now + bank.limits.settle_delay_seconds,
            application.routing_number,
            as_printed(application.holder_name),
            application.identity_number,
            application.metadata.get("request_id"),
            application.metadata.get("attempt"),
            REFUSED if refusal else PENDING,
            int(now) if refusal else None,
            "customer_not_accepted" if refusal else None,
        ),
    )
    return seq


def decide_due(connection: sqlite3.Connection, *, bank: Bank) -> int:
    """Open every account whose time has come, within the caller's transaction. Returns how many."""
    now = bank.clock.now()
    due = connection.execute(f"{SELECT} WHERE status = 'pending' AND due <= ? ORDER BY seq", (now,)).fetchall()
    for row in due:
        seq, routing = row[0], row[3]
        number = f"88{seq:010d}"
        connection.execute(
            "UPDATE account_openings SET status = 'opened', account_number = ?, decided = ? WHERE seq = ?",
            (number, int(row[2]), seq),
        )
        if len(bank.truth):  # without any truth every account is open anyway, and one row would make all others missing
            store_truth(connection, [TruthRow(routing, number, row[4], OPEN, iso(row[2])[:10])])
    if due and len(bank.truth):
        bank.truth.load(connection)
    return len(due)


def render_opening(row: tuple[Any, ...], bank: Bank) -> dict[str, Any]:
    """The `treasury.account_opening` object of the API."""
    seq, created, _, routing, holder, _, request_id, attempt, status, number, decided, refusal = row
    metadata = {name: value for name, value in (("request_id", request_id), ("attempt", attempt)) if value}
    return {
        "id": bank.ids.make("aco", seq),
        "object": "treasury.account_opening",
        "account_number": number,
        "created": created,
        "holder_name": holder,
        "livemode": False,
        "metadata": metadata,
        "opened_on": iso(decided)[:10] if status == OPENED else None,
        "refusal_code": refusal,
        "routing_number": routing,
        "status": status,
    }


def opening_by_seq(connection: sqlite3.Connection, seq: int) -> tuple[Any, ...]:
    row: tuple[Any, ...] = connection.execute(f"{SELECT} WHERE seq = ?", (seq,)).fetchone()
    return row


def get_opening(bank: Bank, id: str) -> dict[str, Any]:
    """Raises ApiError 404 for an id that is not one of ours."""
    seq = bank.ids.number("aco", id)
    row = None if seq is None else opening_by_seq(bank.connection, seq)
    if row is None:
        raise missing_resource(kind="account_opening", id=id)
    return render_opening(row, bank)


def list_openings(bank: Bank, params: Params) -> dict[str, Any]:
    """Newest first, paged as Stripe pages."""
    refuse_unknown(params, known=PAGE_PARAMS)

    def locate(id: str) -> tuple[int, int] | None:
        seq = bank.ids.number("aco", id)
        row = None if seq is None else opening_by_seq(bank.connection, seq)
        return None if row is None else (row[1], row[0])

    listing = Listing(select=SELECT, newest=("created", "seq"), locate=locate, kind="account_opening")
    rows, has_more = fetch_page(bank.connection, listing=listing, params=params, where="1 = 1", args=[])
    return as_list([render_opening(row, bank) for row in rows], has_more=has_more, url=OPENINGS)


def answer_enquiry(bank: Bank, params: Params) -> dict[str, Any]:
    """Whose an account is, as this bank prints it; an account it never heard of is `no_account`."""
    refuse_unknown(params, known=ENQUIRY)
    routing, number = required(params, "routing_number"), required(params, "account_number")
    today = bank_date(bank.clock.now()).isoformat()
    found = (
        bank.connection.execute(
            "SELECT holder_name, status FROM account_truth WHERE routing_number = ? AND account_number = ? AND from_date <= ?"
            " ORDER BY from_date DESC LIMIT 1",
            (routing, number, today),
        ).fetchone()
        or bank.connection.execute(
            "SELECT holder_name, 'open' FROM account_openings WHERE routing_number = ? AND account_number = ?",
            (routing, number),
        ).fetchone()
    )
    return {
        "object": "treasury.holder_enquiry",
        "livemode": False,
        "status": HOLDING_OF_STATUS[found[1]] if found else "no_account",
        "holder_name": as_printed(found[0]) if found else None,
    }


def as_printed(name: str) -> str:
    """Capitals without marks, single spaces, at most thirty letters."""
    plain = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).upper().split())[:30]
