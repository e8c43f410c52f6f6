"""Statements measured beside their floors: `make bench-reconciliation [ENTRIES=300000] [GROWTH=1000000]`.

Parsing camt.053 beside an lxml SAX target that does nothing, matching beside polars from the same rows of the database (and beside its join alone),
and what makes a match durable beside an UPDATE of an indexed status. Interleaved rounds, medians, floor and product in one run. Memory is that of a
fresh process.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from lxml import etree

from benches.reconciliation_matching import measure_matching
from benches.statement_memory import parse
from mockbank.camt053 import write_camt053
from mockbank.statement_lines import StatementHead, StatementLine

DAY = date(2024, 8, 5)
CHUNK = 1024 * 1024
MIN_OF_FLOOR, MAX_OF_JOIN, MIN_OF_UPDATE, MAX_GROWTH_MB = 0.12, 3.5, 3.0, 200


class Nothing:
    """An lxml target that looks at every event and keeps none."""

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def data(self, text: str) -> None: ...
    def close(self) -> None: ...


def write_statement(path: Path, *, entries: int) -> None:
    """A camt.053 with so many debits, by the mock bank's own writer."""
    total = entries * 500_000
    head = StatementHead(
        id="SP1", sequence=1, account_id="fa_971", account_name="Phong LDTBXH 971", iban=None, first_day=DAY, last_day=DAY,
        issued_at=1_725_127_200, opening=total, closing=0, credit_count=0, credit_sum=0, debit_count=entries, debit_sum=total,
    )  # fmt: skip
    with path.open("w", encoding="utf-8") as file:
        file.writelines(write_camt053(head, _debits(entries)))


def _debits(entries: int) -> Iterator[StatementLine]:
    for at in range(1, entries + 1):
        yield StatementLine(
            id=f"txn_{at:020d}", kind="debit", amount=-500_000, booked_on=DAY, payment_id=f"obp_{at:020d}", end_to_end_id=f"a1b2c3d4{at:06d}",
            message_id=f"a1b2c3d4{at:06d}-1", counterparty_name="NGUYEN VAN AN", counterparty_account=f"5550{at:08d}", counterparty_bank="970405",
            text="Tro cap thang 08/2024", return_reason=None,
        )  # fmt: skip


def parse_nothing(path: Path) -> None:
    """The floor."""
    parser = etree.XMLParser(target=Nothing(), resolve_entities=False, no_network=True)
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            parser.feed(chunk)
    parser.close()


def seconds(work: Callable[[], object]) -> float:
    """Processor time it takes: both sides are one thread that waits for nothing, and the machine may be shared."""
    began = time.process_time()
    work()
    return time.process_time() - began


def growth_mb(path: Path) -> int:
    """By how much a fresh process grows while it reads the file."""
    asked = [sys.executable, "-m", "benches.statement_memory", str(path)]
    return int(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)


def verdict(name: str, figure: float, *, holds: bool, budget: str) -> bool:
    """One line of the result."""
    print(f"{name:58} {figure:8.2f}   budget {budget:8} {'ok' if holds else 'MISSED'}", flush=True)
    return holds


def measure_parsing(*, entries: int, growth: int, rounds: int) -> bool:
    """Parsing's budgets; prints, returns whether they hold."""
    with tempfile.TemporaryDirectory() as folder:
        path, large = Path(folder) / "camt.xml", Path(folder) / "large.xml"
        write_statement(path, entries=entries)
        floors, ours = [], []
        for _ in range(rounds):
            floors.append(seconds(lambda: parse_nothing(path)))
            ours.append(seconds(lambda: parse(path)))
        floor, our = statistics.median(floors), statistics.median(ours)
        print(f"{entries:,} entries: floor {entries / floor:,.0f} /s, ours {entries / our:,.0f} /s")
        fast = verdict(
            "parse camt.053, of an empty SAX target",
            floor / our,
            holds=floor / our >= MIN_OF_FLOOR,
            budget=f"≥ {MIN_OF_FLOOR}",
        )
        small_mb = growth_mb(path)
        write_statement(large, entries=growth)
        large_mb = growth_mb(large)
        lean = verdict(
            f"memory, {entries:,} entries, MB", small_mb, holds=small_mb <= MAX_GROWTH_MB, budget=f"≤ {MAX_GROWTH_MB}"
        )
        flat = verdict(f"memory, {growth:,} entries, MB", large_mb, holds=large_mb <= small_mb + 20, budget="flat")
    return fast and lean and flat


def main() -> int:
    """Measure; the exit code says whether every budget holds."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--entries", type=int, default=300_000)
    options.add_argument("--growth", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--only", choices=["parse", "match"])
    given = options.parse_args()
    holds = True
    if given.only != "match":
        holds = measure_parsing(entries=given.entries, growth=given.growth, rounds=given.rounds)
    if given.only != "parse":
        found = measure_matching(rows=given.entries, rounds=given.rounds)
        print(
            f"{given.entries:,} × {given.entries:,}: "
            + ", ".join(f"{name} {value:.2f} s" for name, value in found.items())
        )
        join, durable = found["match"] / found["polars_reading"], found["update"] / found["durable"]
        holds &= verdict(
            "match, times polars from the same rows", join, holds=join <= MAX_OF_JOIN, budget=f"≤ {MAX_OF_JOIN}"
        )
        print(f"  beside polars' join of rows it holds in memory already: {found['match'] / found['polars']:.2f}")
        holds &= verdict(
            "match to durable, times quicker than an UPDATE",
            durable,
            holds=durable >= MIN_OF_UPDATE,
            budget=f"≥ {MIN_OF_UPDATE}",
        )
        print(f"  the same in the database's processor time: {found['update_cpu'] / found['durable_cpu']:.2f}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
