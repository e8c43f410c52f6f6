"""Sending through the API of the mock bank: as fast as it goes, with a slow bank, and with one that limits us."""

import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from urllib.request import urlopen

from benches.payments import one_task_each, senders
from benches.payments.rounds import Line, in_turn
from benches.payments.world import released_payments
from payments.models import Payment
from tests.payments.bank_process import BankProcess

LATENCY = 0.2  # seconds
LIMITS = {25: 400, 100: 1600}  # calls per second: payments per round, sixteen seconds of them
OURS, BARE, EACH = "an sinh", "bare requests", "a Celery task per payment"
SPARED_SECONDS = 1.5
POLL_SECONDS = 0.02
WORKER_SECONDS = 60


@dataclass(frozen=True)
class Load:
    """How many go out at once: processes × threads."""

    processes: int
    threads: int
    free: int
    slow: int
    each: int

    @property
    def at_once(self) -> int:
        return self.processes * self.threads


LOAD = Load(processes=2, threads=8, free=2000, slow=1200, each=200)


def measure(*, rounds: int) -> list[Line]:
    """All three, over one released list that is long enough for every round."""
    load = LOAD
    people = (rounds + 1) * (load.free + load.slow + load.each + 400) + rounds * sum(LIMITS.values()) + 4000
    with released_payments("ansinh_bench_send", people=people) as bank, _processes(load) as run:
        return [
            *_free(bank, run, load, rounds=rounds),
            *_slow(bank, run, load, rounds=rounds),
            *_limited(bank, run, replace(load, processes=1), rounds=rounds),
        ]


Run = Callable[..., float]


@contextmanager
def _processes(load: Load) -> Iterator[Run]:
    """Runs one of `senders` in all processes at once and gives the rate they reach together."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(load.processes)
    with ProcessPoolExecutor(load.processes, mp_context=context, initializer=senders.join, initargs=(barrier,)) as pool:

        def run(work: Callable[..., senders.Sent], *given: object) -> float:
            return senders.rate_of(
                [future.result() for future in [pool.submit(work, *given) for _ in range(load.processes)]]
            )

        yield run


def _free(bank: BankProcess, run: Run, load: Load, *, rounds: int) -> list[Line]:
    names = (f"f{number}x" for number in count())
    share = load.free // load.processes
    with _workers(bank, load):
        reached = in_turn(
            {
                OURS: lambda: run(senders.send_ours, bank.base_url, load.threads, share),
                BARE: lambda: run(senders.send_bare, bank.base_url, load.threads, share, next(names)),
                EACH: lambda: _one_task_each(load.each),
            },
            rounds=rounds,
        )
    return [
        reached.line(
            f"send, free bank, {load.processes} × {load.threads} calls, beside bare `requests`", OURS, BARE, 0.8
        ),
        reached.line("… beside a Celery task per payment", OURS, EACH, 3),
    ]


def _slow(bank: BankProcess, run: Run, load: Load, *, rounds: int) -> list[Line]:
    names = (f"s{number}x" for number in count())
    share = load.slow // load.processes
    bank.admin("/limits", {"latency_seconds": LATENCY})
    reached = in_turn(
        {
            OURS: lambda: run(senders.send_ours, bank.base_url, load.threads, share),
            BARE: lambda: run(senders.send_bare, bank.base_url, load.threads, share, next(names)),
        },
        rounds=rounds,
    )
    bank.admin("/limits", {"latency_seconds": 0})
    in_flight = reached.median(OURS) * LATENCY
    share = in_flight / load.at_once
    return [
        reached.line("send, a bank of 200 ms, beside bare `requests`", OURS, BARE, 0.8),
        Line("… in flight (rate × 200 ms) of what is configured", f"{in_flight:.1f}", str(load.at_once), share, 0.9),
    ]


def _limited(bank: BankProcess, run: Run, load: Load, *, rounds: int) -> list[Line]:
    """Nobody tells us the limit: it is found from the refusals. The bank's first second of burst is not counted as reached, and had in every round."""
    lines: list[Line] = []
    with _processes(load) as run_one:
        for limit, payments in LIMITS.items():
            bank.admin("/limits", {"requests_per_second": limit})
            before = _refused(bank)
            reached = in_turn(
                {OURS: lambda: _rested(run_one, bank.base_url, load.threads, payments)},  # noqa: B023 - called at once
                rounds=rounds,
                warm_up=False,
            )
            rate = reached.median(OURS) * (payments - limit) / payments
            refused = (_refused(bank) - before) / (rounds * payments)
            bank.admin("/limits", {"requests_per_second": 0})
            lines += [
                Line(f"send, a bank that takes {limit}/s untold", f"{rate:.1f}/s", f"{limit}/s", rate / limit, 0.95),
                Line("… answers 429 per payment", f"{refused:.3f}", "–", refused, 0.05, at_most=True),
            ]
    return lines


def _rested(run: Run, base_url: str, threads: int, payments: int) -> float:
    """After as long as the bank takes to have a second's calls to spare again: what the last round left is no part of this one."""
    time.sleep(SPARED_SECONDS)
    return run(senders.send_ours, base_url, threads, payments)


def _refused(bank: BankProcess) -> int:
    with urlopen(bank.admin_url + "/stats", timeout=10) as answer:  # noqa: S310 - our own process
        return int(json.load(answer)["counts"].get("refused_rate_limit", 0))


def _one_task_each(payments: int) -> float:
    """From the first bell until the last answer is noted."""
    ids = list(Payment.objects.filter(status="READY").order_by("-pk").values_list("pk", flat=True)[:payments])
    began = time.perf_counter()
    for pk in ids:
        one_task_each.send_one.delay(pk)
    while Payment.objects.filter(pk__in=ids, status__in=("READY", "SENT")).exists():
        time.sleep(POLL_SECONDS)
    return payments / (time.perf_counter() - began)


@contextmanager
def _workers(bank: BankProcess, load: Load) -> Iterator[None]:
    """As many processes and threads as ours has, waiting for tasks."""
    command = [sys.executable, "-W", "ignore", "-m", "celery", "-A", "benches.payments.one_task_each", "worker"]
    command += ["--pool", "threads", "--concurrency", str(load.threads), "--loglevel", "ERROR"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    environment = {**os.environ, one_task_each.BANK: bank.base_url}
    running = [
        subprocess.Popen([*command, "-n", f"bench{number}@%h"], env=environment, stdout=subprocess.DEVNULL)
        for number in range(load.processes)
    ]
    try:
        yield
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(WORKER_SECONDS)
