"""What is true of the beneficiary accounts at other banks, day by day: the truth our own system has to discover."""

from __future__ import annotations

import csv
import io
import sqlite3
from bisect import bisect_right
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

OPEN, DECLINED, MISSING = "open", "declined", "missing"

# Account status -> returned_details.code. `deceased` has no code of its own in the API; the statement says MD07.
RETURN_CODES = {
    MISSING: "no_account",
    "closed": "account_closed",
    "frozen": "account_frozen",
    "restricted": "bank_account_restricted",
    "ownership_changed": "bank_ownership_changed",
    "name_mismatch": "incorrect_account_holder_name",
    "deceased": "other",
}
STATUSES = frozenset(RETURN_CODES) - {MISSING} | {OPEN, DECLINED}
COLUMNS = ("routing_number", "account_number", "holder_name", "status", "from_date")


class BadTruth(ValueError):
    """A row of the accounts file that cannot be read; says which and why."""


class TruthRow(NamedTuple):
    routing_number: str
    account_number: str
    holder_name: str
    status: str
    from_date: str


def read_truth(path: Path) -> list[TruthRow]:
    """Rows of the CSV (UTF-8, header of `COLUMNS`). Raises BadTruth: no such file, an unknown status or date."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadTruth(f"{path}: {error}") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = set(COLUMNS) - set(reader.fieldnames or ())
    if missing:
        raise BadTruth(f"{path}: missing columns {sorted(missing)}")
    return check_rows(TruthRow(*((row[column] or "").strip() for column in COLUMNS)) for row in reader)


def check_rows(rows: Iterable[TruthRow]) -> list[TruthRow]:
    checked = []
    for number, row in enumerate(rows, start=1):
        if row.status not in STATUSES:
            raise BadTruth(f"row {number}: unknown status {row.status!r}")
        try:
            date.fromisoformat(row.from_date)
        except ValueError as error:
            raise BadTruth(f"row {number}: from_date {row.from_date!r} is not a date") from error
        checked.append(row)
    return checked


def store_truth(connection: sqlite3.Connection, rows: Iterable[TruthRow]) -> None:
    connection.executemany(
        "INSERT INTO account_truth (routing_number, account_number, holder_name, status, from_date)"
        " VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET holder_name = excluded.holder_name, status = excluded.status",
        rows,
    )


class AccountTruth:
    """Answers what an account's status is on a day. Without any rows every account is open."""

    def __init__(self) -> None:
        self._history: dict[tuple[str, str], tuple[list[str], list[str]]] = {}

    def load(self, connection: sqlite3.Connection) -> None:
        history: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
        for routing, account, day, status in connection.execute(
            "SELECT routing_number, account_number, from_date, status FROM account_truth"
            " ORDER BY routing_number, account_number, from_date"
        ):
            days, statuses = history.setdefault((routing, account), ([], []))
            days.append(day)
            statuses.append(status)
        self._history = history

    def __len__(self) -> int:
        return len(self._history)

    def status(self, *, routing_number: str, account_number: str, on: date) -> str:
        """`MISSING` when the account is unknown, or not yet opened on that day."""
        if not self._history:
            return OPEN
        known = self._history.get((routing_number, account_number))
        if known is None:
            return MISSING
        days, statuses = known
        position = bisect_right(days, on.isoformat())
        return statuses[position - 1] if position else MISSING
