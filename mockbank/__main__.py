"""`python -m mockbank`: see README.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import uvloop

from mockbank.alone import InUse, alone
from mockbank.bank import Limits, OtherSeed, open_bank
from mockbank.clock import parse_time
from mockbank.process import Ports, PortTaken, run_bank
from mockbank.truth import BadTruth, read_truth, store_truth


def read_arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mockbank", description="A bank to test against, on its own books and clock.")
    parser.add_argument("--port", type=int, required=True, help="Stripe-shaped API; 0 takes a free port")
    parser.add_argument("--admin-port", type=int, required=True, help="admin API (JSON); 0 takes a free port")
    parser.add_argument("--data", type=Path, required=True, help="directory of the books; continued when it exists")
    parser.add_argument("--seed", default="1", help="ids and chance follow from it (default 1)")
    parser.add_argument("--accounts", type=Path, help="CSV with the truth about beneficiary accounts")
    parser.add_argument("--api-key", default="sk_test_mockbank", help="the one key accepted (default sk_test_mockbank)")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--clock", type=_bank_time, help="bank time to start at, ISO 8601; only for new books")
    parser.add_argument("--frozen", action="store_true", help="with --clock: the clock stands still")
    parser.add_argument("--settle-delay", type=float, default=1.0, help="seconds from created to settled (default 1)")
    parser.add_argument("--rate-limit", type=float, default=0.0, help="requests per second, beyond that 429; 0 is off")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds every answer of the main port takes longer")
    arguments = parser.parse_args(argv)
    if arguments.frozen and arguments.clock is None:
        parser.error("--frozen goes with --clock")
    return arguments


def _bank_time(text: str) -> float:
    try:
        return parse_time(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no ISO 8601 time") from error


def main(argv: list[str]) -> int:
    arguments = read_arguments(argv)
    limits = Limits(
        requests_per_second=arguments.rate_limit,
        latency_seconds=arguments.latency,
        settle_delay_seconds=arguments.settle_delay,
    )
    try:
        with alone(arguments.data):
            keep_bank(arguments, limits)
    except (BadTruth, InUse, OtherSeed, PortTaken) as error:
        print(f"mockbank: {error}", file=sys.stderr)
        return 2
    return 0


def keep_bank(arguments: argparse.Namespace, limits: Limits) -> None:
    """Open the books and serve until told to stop. Raises BadTruth, OtherSeed, PortTaken."""
    rows = read_truth(arguments.accounts) if arguments.accounts else []
    bank = open_bank(data=arguments.data, seed=arguments.seed, api_key=arguments.api_key, limits=limits)
    if rows:
        bank.connection.execute("BEGIN IMMEDIATE")
        bank.connection.execute("DELETE FROM account_truth")
        store_truth(bank.connection, rows)
        bank.connection.execute("COMMIT")
        bank.truth.load(bank.connection)
    (bookings,) = bank.connection.execute("SELECT count(*) FROM transactions").fetchone()
    if arguments.clock is not None and not bookings:
        bank.clock.set(now=arguments.clock, frozen=arguments.frozen)
        bank.keep_clock()
    uvloop.run(run_bank(bank, Ports(host=arguments.host, main=arguments.port, admin=arguments.admin_port)))
    bank.connection.close()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
