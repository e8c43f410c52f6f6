"""A month being paid by real processes, each of which a test may kill by its id."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

from config.demo import processes
from config.demo.environment import WEB_PORT, prepare
from config.demo.memory import process_tree
from config.embedded.homes import home_of
from config.embedded.processes import servants_of
from tests.e2e.sandbox import Sandbox

SCALE, SEED = "0.05", 11
LATENCY_SECONDS = 0.1  # paying takes long enough to be hit in the middle
LEASE_SECONDS = 10
PATIENCE_SECONDS = 150
POLL_SECONDS = 0.05
COMMAND_SECONDS = 300
_OPEN = """
SELECT count(*) FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
WHERE b.channel = 'ACCOUNT' AND p.status IN ('DRAFT', 'READY', 'SENT', 'PROCESSING')
"""


class PayingRun:
    """Lists released, bank and web running; `start_workers` begins the paying."""

    steps = "paying_steps"
    latency = LATENCY_SECONDS
    patience = PATIENCE_SECONDS

    def __init__(self, sandbox: Sandbox, running: processes.Processes, environment: dict[str, str]) -> None:
        self.sandbox, self.running, self.environment = sandbox, running, environment

    def make_list(self) -> None:
        """Everything up to the release of the lists of July, with bank and web running."""
        self.command("-m", "config.sample_province", "--out", str(self.sandbox.var / "sample"), "--scale", SCALE)
        self.release_lists()

    def release_lists(self) -> None:
        """The lists of July, with bank and web running."""
        self.start_bank()
        self.running.start("web", *processes.web(self.environment[WEB_PORT]))
        self.running.wait_for("web", f"http://127.0.0.1:{self.environment[WEB_PORT]}/")
        self.step("make_list")

    def command(self, *command: str) -> None:
        """Run one of our commands to its good end."""
        done = self.sandbox.run(*command, seconds=max(COMMAND_SECONDS, self.patience), **self.environment)
        assert done.returncode == 0, done.stderr

    def step(self, name: str) -> None:
        """Run one step of this run's steps in the product's own process."""
        self.command("manage.py", "shell", "-v", "0", "-c", f"from tests.e2e.{self.steps} import {name}; {name}()")

    def start_bank(self) -> None:
        """Start the bank, on its kept books when there are any."""
        command = processes.mock_bank(
            api=self.environment["BANK_API_BASE"],
            admin=self.environment["BANK_STATEMENTS_BASE"],
            data=self.sandbox.books.parent,
            seed=SEED,
            api_key=self.environment["BANK_API_KEY"],
            accounts=accounts if (accounts := self.sandbox.var / "sample" / "bank" / "accounts.csv").exists() else None,
            clock="2024-07-01T07:00:00+07:00",
            latency=self.latency,
        )
        self.running.start("bank", *command)
        self.running.wait_for("bank", f"{self.environment['BANK_STATEMENTS_BASE']}/health")

    def start_worker(self) -> None:
        """Start the worker that sends."""
        self.running.start("worker", *processes.worker(name="e2e", concurrency=2))

    def start_workers(self) -> None:
        """Start the worker and the clock that rings it."""
        self.start_worker()
        self.running.start("beat", *processes.beat())

    def kill(self, name: str) -> None:
        """kill -9 of a process and of all it started."""
        for pid in process_tree(self.running.running[name].pid):
            os.kill(pid, signal.SIGKILL)
        self.running.running[name].wait()

    def kill_postgres(self) -> None:
        """kill -9 of every process of the run's own PostgreSQL."""
        data = home_of(service="pg", var_dir=self.sandbox.var.resolve()).data
        for pid in servants_of(directory=data, program="postgres"):
            with suppress(ProcessLookupError):  # it ended with its parent
                os.kill(pid, signal.SIGKILL)

    def kill_redis(self) -> None:
        """kill -9 of the run's own Redis: every message is lost."""
        data = home_of(service="redis", var_dir=self.sandbox.var.resolve()).data
        for pid in servants_of(directory=data, program="redis-server"):
            with suppress(ProcessLookupError):  # it ended with its parent
                os.kill(pid, signal.SIGKILL)

    def orders_at_bank(self) -> int:
        """How many orders the bank has in its books."""
        with closing(sqlite3.connect(f"file:{self.sandbox.books}?mode=ro", uri=True)) as books:
            (count,) = books.execute("SELECT count(*) FROM payments").fetchone()
        return int(count)

    def open_payments(self) -> int:
        """How many transfers have no final answer yet, by our own view."""
        ((count,),) = self.sandbox.ask(_OPEN)
        return int(count)

    def wait_until_orders(self, count: int) -> None:
        """Wait until the bank has taken this many orders."""
        wait_until(lambda: self.orders_at_bank() >= count, patience=self.patience)

    def wait_until_final(self) -> None:
        """Wait until every transfer is final."""
        wait_until(lambda: self.open_payments() == 0, patience=self.patience)


@contextmanager
def paying_month(sandbox: Sandbox, kind: type[PayingRun] = PayingRun, **settings: str) -> Iterator[PayingRun]:
    """A run whose lists are released; whatever still runs at the end is ended. `settings` are environment variables."""
    environment = prepare(var=sandbox.var) | {
        "ANSINH_VAR": str(sandbox.var),
        "SEND_LEASE_SECONDS": str(LEASE_SECONDS),
        "BANK_MAX_PROCESSING_SECONDS": "5",
        **settings,
    }
    with processes.Processes(logs=sandbox.demo / "log", environment=environment) as running:
        run = kind(sandbox, running, environment)
        run.make_list()
        yield run


def wait_until(true: Callable[[], bool], *, patience: float) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "nothing happened for too long"
        time.sleep(POLL_SECONDS)
