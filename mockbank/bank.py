"""Everything one running bank shares: books, clock, ids, truth, faults and settings."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from mockbank.clock import BankClock, ClockState
from mockbank.committer import GroupCommit
from mockbank.faults import Faults
from mockbank.ids import Ids
from mockbank.schema import open_books
from mockbank.truth import AccountTruth


class OtherSeed(RuntimeError):
    """The data directory was made with another seed, so its ids would not be found."""


@dataclass(slots=True)
class Limits:
    """How the bank behaves when nothing is wrong. Zero switches a limit off."""

    requests_per_second: float = 0.0
    latency_seconds: float = 0.0
    settle_delay_seconds: float = 1.0


@dataclass(slots=True)
class Bank:
    connection: sqlite3.Connection
    commits: GroupCommit
    clock: BankClock
    ids: Ids
    truth: AccountTruth
    faults: Faults
    limits: Limits
    data: Path
    api_key: str
    keys_in_progress: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    def keep_clock(self) -> None:
        """Remember the clock; call it inside a transaction or alone."""
        state = self.clock.state()
        value = json.dumps({"offset": state.offset, "frozen_at": state.frozen_at})
        self.connection.execute("INSERT OR REPLACE INTO settings (name, value) VALUES ('clock', ?)", (value,))


def open_bank(*, data: Path, seed: str, api_key: str, limits: Limits) -> Bank:
    """Open the books under `data`, continuing where they stopped. Raises OtherSeed."""
    connection = open_books(data)
    connection.execute("INSERT OR IGNORE INTO settings (name, value) VALUES ('seed', ?)", (seed,))
    settings = dict(connection.execute("SELECT name, value FROM settings"))
    if settings["seed"] != seed:
        raise OtherSeed(f"{data} was made with seed {settings['seed']!r}")
    clock = BankClock()
    if "clock" in settings:
        clock.restore(ClockState(**json.loads(settings["clock"])))
    truth = AccountTruth()
    truth.load(connection)
    return Bank(
        connection=connection,
        commits=GroupCommit(connection),
        clock=clock,
        ids=Ids(seed),
        truth=truth,
        faults=Faults(seed),
        limits=limits,
        data=data,
        api_key=api_key,
    )
