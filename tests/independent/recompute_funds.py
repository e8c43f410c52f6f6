"""Recompute where the money went, Biểu 05, for any whole months: from the bank's own books and the signed cash lists. Shares no code with the product."""

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

from tests.independent.raw_files import all_rows

_VIETNAM = timezone(timedelta(hours=7))
_QUERY = "SELECT a.id, t.kind, t.amount, t.booked_at FROM transactions t JOIN accounts a ON a.no = t.account_no WHERE a.kind = 'financial'"
_NAMES = {"topup": "received", "debit": "paid", "return": "returned", "transfer": "forwarded"}


def recompute_funds(bank_db: Path, *, months: set[str]) -> dict[str, dict[str, int]]:
    """Per account of the bank, đồng of the months (`2024-08`): opening, received, paid, returned, forwarded, closing."""
    sums: dict[str, Counter[str]] = {}
    with closing(sqlite3.connect(f"file:{bank_db}?mode=ro", uri=True)) as books:
        for account, kind, amount, booked_at in books.execute(_QUERY):
            month = datetime.fromtimestamp(int(booked_at), _VIETNAM).strftime("%Y-%m")
            at = sums.setdefault(account, Counter())
            if month < min(months):
                at["opening"] += amount
            if month <= max(months):
                at["closing"] += amount
            if month in months:
                at[_NAMES[kind]] += abs(amount)
    keys = ("opening", *_NAMES.values(), "closing")
    return {account: {key: at[key] for key in keys} for account, at in sums.items()}


def recompute_cash(cash_dir: Path, *, months: set[str]) -> int:
    """What people signed for on the lists of the months, đồng; a month's lists lie in a folder named after it."""
    return sum(
        int(row["Tổng số được nhận"].replace(".", ""))
        for path, row in all_rows(cash_dir)
        if row["Kết quả"] == "Đã nhận" and any(month in path.parent.name for month in months)
    )
