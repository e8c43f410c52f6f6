"""The mock bank as a process of its own, with its admin port and its books."""

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from banks.stripe_api import StripeTransfers

ROOT = Path(__file__).resolve().parents[2]
API_KEY = "sk_test_an_sinh"
OPENED_AT = "2024-08-05T08:00:00+07:00"
STOP_SECONDS = 10
_LIVE_DEBITS = "SELECT end_to_end_id, attempt, amount FROM debits WHERE returned_at IS NULL ORDER BY end_to_end_id"


@dataclass(frozen=True)
class BankProcess:
    """One running bank; `debits` are read from its SQLite books, never through its API."""

    base_url: str
    admin_url: str
    books: Path

    def admin(self, path: str, body: dict[str, object]) -> dict[str, Any]:
        request = Request(self.admin_url + path, data=json.dumps(body).encode())  # noqa: S310 - our own process
        with urlopen(request, timeout=10) as answer:  # noqa: S310
            document: dict[str, Any] = json.load(answer)
        return document

    def client(self) -> StripeTransfers:
        """Our client, which waits at most half a second for an answer."""
        return StripeTransfers(
            base_url=self.base_url, api_key=API_KEY, version="2024-06-20", timeout=(0.5, 0.5), concurrency=4
        )

    def settle(self) -> None:
        self.admin("/clock", {"advance_seconds": 3601})

    def live_debits(self) -> list[tuple[str, int, int]]:
        """(end-to-end id, attempt, đồng) of every debit that was not sent back."""
        with closing(sqlite3.connect(f"file:{self.books}?mode=ro", uri=True)) as books:
            return books.execute(_LIVE_DEBITS).fetchall()


@contextmanager
def running_bank(folder: Path, *, balances: dict[str, int]) -> Iterator[BankProcess]:
    """A bank that settles when its clock is moved, with money in its funding accounts."""
    command = [
        sys.executable,
        "-m",
        "mockbank",
        "--port",
        "0",
        "--admin-port",
        "0",
        "--seed",
        "7",
        "--data",
        str(folder),
    ]
    command += ["--api-key", API_KEY, "--clock", OPENED_AT, "--settle-delay", "3600"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        base_url, admin_url = re.findall(r"http://127\.0\.0\.1:\d+", process.stdout.readline())[:2]
        bank = BankProcess(base_url=base_url, admin_url=admin_url, books=folder / "bank.sqlite3")
        for account, amount in balances.items():
            bank.admin("/financial_accounts", {"id": account, "name": "UBND huyện"})
            bank.admin("/topups", {"financial_account": account, "amount": amount, "reference": f"KBNN-{account}"})
        yield bank
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
