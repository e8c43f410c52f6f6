"""What must come out of a run, from sources that are not the product's: the sample's truth, the raw files, the bank's books."""

import json
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from tests.e2e.sandbox import Sandbox
from tests.independent.recompute import recompute

Figures = dict[str, Any]
VIETNAM = timezone(timedelta(hours=7))
_COUNTS = ("beneficiaries", "paid_cashless", "account_money", "cash_money")
_GAP = ("people", "paid_in_cash", "unpaid")


def truth_of(sample: Path) -> Figures:
    """What the generator wrote down while it made the province."""
    truth: Figures = json.loads((sample / "truth" / "truth.json").read_text(encoding="utf-8"))
    return truth


def report_of(sandbox: Sandbox) -> Figures:
    """The figures of the one report the run left, as JSON."""
    (path,) = sandbox.demo.glob("bao-cao-*.json")
    figures: Figures = json.loads(path.read_text(encoding="utf-8"))["figures"]
    return figures


def recomputed(sandbox: Sandbox, *, sample: Path, scratch: Path) -> Figures:
    """The headline from raw files, the bank's books and the signed cash lists."""
    for folder in sandbox.demo.glob("tien-mat-*"):
        shutil.copytree(folder, scratch / folder.name)
    return recompute(sample, sandbox.books, scratch)


def headline_of_truth(truth: Figures) -> Figures:
    """In the words of the recomputation."""
    headline, gap = truth["headline"], truth["not_paid_through_account"]
    return {name: value for name, value in headline.items() if not name.endswith("_percent")} | {
        "not_paid_through_account": gap["people"],
        "of_those_paid_in_cash": gap["paid_in_cash"],
        "of_those_unpaid": gap["unpaid"],
    }


def headline_of_report(figures: Figures) -> Figures:
    """In the words of the recomputation."""
    headline, gap = figures["headline"], figures["gap"]
    return {name: headline[name] for name in _COUNTS} | {
        "accounts_opened": headline["accounts"],
        "accounts_by_holder": {kind: headline[f"accounts_{kind}"] for kind in ("own", "guardian", "authorised")},
        "not_paid_through_account": gap["people"],
        "of_those_paid_in_cash": gap["paid_in_cash"],
        "of_those_unpaid": gap["unpaid"],
    }


def gap_of_report(figures: Figures) -> Figures:
    """Why people with an account were not paid through it, as the truth says it."""
    gap = figures["gap"]
    return {name: gap[name] for name in _GAP} | {
        "by_account_reason": {
            row["reason"]: {"people": row["people"], "cash": row["paid_in_cash"], "unpaid": row["unpaid"]}
            for row in gap["reasons"]
        },
        "unpaid_by_reason": {row["reason"]: row["people"] for row in gap["unpaid_by_reason"]},
    }


def communes_of_report(figures: Figures) -> Figures:
    """Communes with anybody in them, as the truth says them."""
    names = (*_COUNTS, "accounts_own", "accounts_guardian", "accounts_authorised", "paid_in_cash", "unpaid")
    return {
        row["code"]: {name: row[name] for name in names} | {"accounts_opened": row["accounts"]}
        for row in figures["units"]
        if row["kind"] == "COMMUNE" and row["beneficiaries"]
    }


def programmes_of_report(figures: Figures) -> Figures:
    """By programme, what the report says of each."""
    return {
        row["code"]: {name: row[name] for name in _COUNTS} | {"accounts_opened": row["accounts"]}
        for row in figures["programmes"]
    }


def programmes_of_truth(truth: Figures) -> Figures:
    """By programme, what the report says of each."""
    names = (*_COUNTS, "accounts_opened")
    return {code: {name: row[name] for name in names} for code, row in truth["programmes"].items()}


def outcomes_in_books(books: Path) -> dict[str, dict[str, int]]:
    """By month, how many transfers the bank kept as credited, returned or failed."""
    with closing(sqlite3.connect(f"file:{books}?mode=ro", uri=True)) as connection:
        debits = connection.execute("SELECT debited_at, returned_at IS NULL FROM debits").fetchall()
        refused = connection.execute("SELECT created FROM payments WHERE status = 'failed'").fetchall()
    months: dict[str, Counter[str]] = {}
    for at, kept in debits:
        months.setdefault(_month(at), Counter())["CREDITED" if kept else "RETURNED"] += 1
    for (at,) in refused:
        months.setdefault(_month(at), Counter())["FAILED"] += 1
    return {month: dict(counts) for month, counts in months.items()}


def outcomes_in_truth(truth: Figures) -> dict[str, dict[str, int]]:
    """By month, how many transfers the truth has as credited, returned or failed."""
    return {
        month: {
            outcome: row["payments"]
            for outcome, row in figures["outcomes"].items()
            if outcome in ("CREDITED", "RETURNED", "FAILED")
        }
        for month, figures in truth["months"].items()
    }


def live_debits(books: Path) -> dict[str, list[int]]:
    """By end-to-end id, every amount (đồng) the bank took and did not give back."""
    found: dict[str, list[int]] = {}
    with closing(sqlite3.connect(f"file:{books}?mode=ro", uri=True)) as connection:
        for reference, amount in connection.execute(
            "SELECT end_to_end_id, amount FROM debits WHERE returned_at IS NULL"
        ):
            found.setdefault(reference, []).append(amount)
    return found


def debits(books: Path) -> list[str]:
    """The end-to-end id of every debit the bank ever booked, given back or not."""
    with closing(sqlite3.connect(f"file:{books}?mode=ro", uri=True)) as connection:
        return [reference for (reference,) in connection.execute("SELECT end_to_end_id FROM debits")]


def ordered(books: Path) -> set[str]:
    """The end-to-end id of every order the bank took."""
    with closing(sqlite3.connect(f"file:{books}?mode=ro", uri=True)) as connection:
        return {reference for (reference,) in connection.execute("SELECT end_to_end_id FROM payments")}


def _month(at: int) -> str:
    return datetime.fromtimestamp(at, VIETNAM).strftime("%Y-%m")
