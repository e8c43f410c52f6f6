"""Paying under fire: a bank that fails on purpose, processes that die, a broker that forgets. `python -m tests.e2e.fault_run N`.

Ends with 0 only when the bank's own books show every transfer exactly once and the month is proven; prints what it counted.
"""

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass

import redis
import requests

from config.demo.processes import Processes
from config.embedded.homes import home_of, socket_directory
from config.embedded.postgres import ensure_postgres
from config.embedded.redis import ensure_redis
from tests.e2e import oracles
from tests.e2e.conftest import new_sandbox
from tests.e2e.paying_run import PayingRun, paying_month
from tests.e2e.sandbox import Sandbox

KILLS = 5
OUTAGE_SECONDS = 1.0
# Shares of the calls; a lost answer costs the client its whole read time-out, so there are few of those.
FAULTS = [
    {"fault": "timeout_after_accept", "seconds": 12, "match": {"probability": 0.001}},
    {"fault": "accept_late", "seconds": 12, "match": {"probability": 0.001}},
    {"fault": "reset_mid_body", "match": {"probability": 0.01}},
    {"fault": "truncated_json", "match": {"probability": 0.01}},
    {"fault": "error_500_after_execute", "match": {"probability": 0.01}},
    {"fault": "error_500_before", "match": {"probability": 0.01}},
    {"fault": "rate_limit", "on": "create", "match": {"probability": 0.02}},
    {"fault": "outage", "status": 503, "on": "create", "match": {"probability": 0.01}},
    {"fault": "fail", "match": {"probability": 0.005}},
    {"fault": "return", "match": {"probability": 0.01}},
    {"fault": "webhook_duplicate", "match": {"probability": 0.05}},
    {"fault": "webhook_drop", "match": {"probability": 0.05}},
    {"fault": "webhook_reorder", "match": {"probability": 0.05}},
]
CARRIED = """
SELECT p.end_to_end_id, p.status, p.attempt, sum(e.amount)::bigint FROM payments_payment p
JOIN payments_paymentbatch b ON b.id = p.batch_id JOIN payments_entitlement e ON e.payment_id = p.id
WHERE b.channel = 'ACCOUNT' GROUP BY p.id
"""
KEPT = {"POSTED": 1, "RETURNED": 0, "FAILED": 0}


class CrowdRun(PayingRun):
    """As many transfers as asked for, and nothing else."""

    steps = "crowd_steps"
    latency = 0.02

    def __init__(self, sandbox: Sandbox, running: Processes, environment: dict[str, str]) -> None:
        super().__init__(sandbox, running, environment)
        # Lists, returns, statement and proof of 20,000 take longer than a command of a small month may.
        self.patience = max(self.patience, int(environment["ANSINH_CROWD"]) / 10)

    def make_list(self) -> None:
        """People, accounts, lists; then the bank begins to fail."""
        self.release_lists()
        self.fail_on_purpose()

    def fail_on_purpose(self) -> None:
        """Rules do not survive a restart of the bank."""
        answer = requests.post(f"{self.environment['BANK_STATEMENTS_BASE']}/faults", json={"rules": FAULTS}, timeout=30)
        answer.raise_for_status()

    def flush_redis(self) -> None:
        """The broker lives on and has forgotten everything."""
        home = home_of(service="redis", var_dir=self.sandbox.var.resolve())
        folder = socket_directory(home=home, service="redis", var_dir=self.sandbox.var.resolve())
        with redis.Redis(unix_socket_path=str(folder / "redis.sock")) as broker:
            broker.flushall()


@dataclass(frozen=True)
class Outcome:
    """What a run came to; `problems` are sentences, empty when every promise was kept."""

    statuses: dict[str, int]
    retried: int
    seconds: float
    problems: list[str]

    def __str__(self) -> str:
        counts = ", ".join(f"{status} {count}" for status, count in sorted(self.statuses.items()))
        verdict = "; ".join(self.problems) or "0 double, 0 lost, all explained, proven"
        total = sum(self.statuses.values())
        return f"{total} payments ({counts}; {self.retried} under a second key) in {self.seconds:.0f} s: {verdict}"


def run_under_fire(people: int, *, kills: int = KILLS) -> Outcome:
    """Pay `people` once each while worker and PostgreSQL are killed `kills` times each, Redis flushed and killed, the bank killed."""
    with new_sandbox() as sandbox, paying_month(sandbox, CrowdRun, ANSINH_CROWD=str(people)) as run:
        assert isinstance(run, CrowdRun)
        began = time.monotonic()
        run.start_workers()
        for kill in range(1, kills + 1):
            run.wait_until_orders(people * (2 * kill - 1) // (2 * kills + 2))
            run.kill("worker")
            run.flush_redis()
            run.start_worker()
            run.wait_until_orders(people * 2 * kill // (2 * kills + 2))
            run.kill_postgres()
            time.sleep(OUTAGE_SECONDS)
            ensure_postgres(run.sandbox.var)
        run.kill_redis()
        run.kill("bank")
        time.sleep(OUTAGE_SECONDS)
        ensure_redis(run.sandbox.var)
        run.start_bank()
        run.fail_on_purpose()
        run.wait_until_final()
        seconds = time.monotonic() - began
        run.step("finish")
        return _judge(run, seconds=seconds)


def _judge(run: CrowdRun, *, seconds: float) -> Outcome:
    """By the bank's books alone: each payment debited at most once ever, kept exactly if we say so, with its amount."""
    carried = {key: (status, attempt, amount) for key, status, attempt, amount in run.sandbox.ask(CARRIED)}
    debited, kept = Counter(oracles.debits(run.sandbox.books)), oracles.live_debits(run.sandbox.books)
    problems = [f"{key} was debited {count} times" for key, count in debited.items() if count > 1]
    problems += [f"{key} is not ours" for key in debited if key not in carried]
    for key, (status, _, amount) in carried.items():
        if len(kept.get(key, [])) != KEPT.get(status, -1):
            problems.append(f"{key} is {status}, the bank holds {kept.get(key, [])}")
        elif kept.get(key, [amount]) != [amount]:
            problems.append(f"{key}: {kept[key]} instead of {amount}")
    return Outcome(
        statuses=dict(Counter(status for status, _, _ in carried.values())),
        retried=sum(attempt > 1 for _, attempt, _ in carried.values()),
        seconds=seconds,
        problems=problems,
    )


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.fault_run", description=__doc__.splitlines()[0])
    parser.add_argument("people", type=int, nargs="?", default=20_000)
    outcome = run_under_fire(parser.parse_args().people)
    print(outcome)
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
