"""What a bank's API lists, while it is read: kept in a file without a name, so that a million bookings take no memory of ours."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta

from banks.transactions import BankTransaction
from staff.time_zone import VIETNAM

# In the order in which a statement shows them.
_MAKE = """
CREATE TABLE booking (transaction_id TEXT PRIMARY KEY, amount INTEGER NOT NULL, booked_at REAL NOT NULL, flow_type TEXT NOT NULL,
                      flow TEXT NOT NULL, description TEXT NOT NULL) WITHOUT ROWID
"""
_WITHIN = """
SELECT transaction_id, amount, booked_at, flow_type, flow, description FROM booking WHERE booked_at >= ? AND booked_at < ?
ORDER BY booked_at, transaction_id
"""
CACHE_KIB = 8 * 1024


class FetchedBookings(AbstractContextManager["FetchedBookings"]):
    """One reading of a bank's list; gone when it is left. A booking told twice, as pages move, counts once: as it was told last.

    `told` counts what was told, repetitions included. Days are Vietnam's.
    """

    def __init__(self) -> None:
        self.told = 0
        self._rows = sqlite3.connect("", isolation_level=None)  # on disk, and nobody else's: it has no name
        self._rows.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        self._rows.execute("PRAGMA temp_store = FILE")
        self._rows.execute(_MAKE)
        self._rows.execute("BEGIN")

    def __exit__(self, *error: object) -> None:
        """See the class."""
        self._rows.close()

    def keep(self, page: Iterable[BankTransaction]) -> None:
        """Add what a page tells."""
        told = [
            (one.transaction_id, one.amount, one.booked_at.timestamp(), one.flow_type, one.flow, one.description)
            for one in page
        ]
        self.told += len(told)
        self._rows.executemany("INSERT OR REPLACE INTO booking VALUES (?, ?, ?, ?, ?, ?)", told)

    def total(self, *, from_on: date = date.min, to_on: date = date.max) -> int:
        """Σ amounts in đồng of these days, both included."""
        asked = "SELECT amount FROM booking WHERE booked_at >= ? AND booked_at < ?"
        return sum(amount for (amount,) in self._rows.execute(asked, _bounds(from_on, to_on)))

    def within(self, *, from_on: date, to_on: date) -> Iterator[BankTransaction]:
        """The bookings of these days, both included, as they follow each other."""
        for transaction_id, amount, booked_at, flow_type, flow, description in self._rows.execute(
            _WITHIN, _bounds(from_on, to_on)
        ):
            moment = datetime.fromtimestamp(booked_at, tz=UTC)
            yield BankTransaction(transaction_id, amount, moment, flow_type, flow, description)

    def digest(self) -> bytes:
        """The same for two readings that say the same."""
        said = hashlib.sha256()
        for row in self._rows.execute("SELECT * FROM booking ORDER BY transaction_id"):
            said.update(repr(row).encode())
        return said.digest()


def _bounds(from_on: date, to_on: date) -> tuple[float, float]:
    """The moments between which a day is: of the first and last date there are, before and after everything."""
    first = float("-inf") if from_on == date.min else _start(from_on)
    return first, float("inf") if to_on == date.max else _start(to_on + timedelta(days=1))


def _start(day: date) -> float:
    return datetime.combine(day, time.min, tzinfo=VIETNAM).timestamp()
