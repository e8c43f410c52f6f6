"""Two workers on two hosts, PostgreSQL and bank over TCP; one is cut off in the middle of its batch: the other finishes, nothing is paid twice."""

import subprocess
import sys
from collections import Counter
from urllib.parse import urlsplit

import pytest

from tests.e2e import oracles
from tests.e2e.conftest import new_sandbox
from tests.e2e.fault_run import CrowdRun
from tests.e2e.hosts import Network, network, why_impossible
from tests.e2e.paying_run import paying_month
from tests.e2e.sandbox import ROOT

MISSING = why_impossible()
pytestmark = [pytest.mark.slow, pytest.mark.skipif(MISSING is not None, reason=MISSING or "")]

PEOPLE = 240
ANSWER_SECONDS = 10


class TwoHosts(CrowdRun):
    """A healthy, slow bank: a batch takes long enough to be cut in the middle."""

    latency = 0.15

    def fail_on_purpose(self) -> None:
        """Only the network fails here."""

    def work_on(self, host: str, *, hub: str) -> subprocess.Popen[bytes]:
        """Start a worker in the namespace `host`, which finds the services at `hub`."""
        moved = {
            name: value.replace("127.0.0.1", hub)
            for name, value in self.environment.items()
            if name in ("DATABASE_URL", "DATABASE_OWNER_URL", "BANK_API_BASE", "BANK_STATEMENTS_BASE")
        }
        command = "from tests.e2e.host_worker import work_for_ever; work_for_ever()"
        log = (self.sandbox.demo / "log" / f"{host}.log").open("ab")
        with log:
            return subprocess.Popen(
                ["ip", "netns", "exec", host, sys.executable, "manage.py", "shell", "-v", "0", "-c", command],
                cwd=ROOT,
                env=self.sandbox.environment | self.environment | moved | {"CELERY_BROKER_URL": "memory://"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


def offer_services(made: Network, run: TwoHosts, *, to: int) -> str:
    for url in (run.environment["DATABASE_URL"], run.environment["BANK_API_BASE"]):
        port = urlsplit(url).port
        assert port is not None
        made.offer(port, to=to)
    return made.address(to)


def test_one_is_cut_off_and_the_other_finishes():
    with new_sandbox() as sandbox, paying_month(sandbox, TwoHosts, ANSINH_CROWD=str(PEOPLE)) as run, network() as made:
        assert isinstance(run, TwoHosts)
        hosts = {number: made.add_host(number) for number in (1, 2)}
        workers = {
            number: run.work_on(host, hub=offer_services(made, run, to=number)) for number, host in hosts.items()
        }
        try:
            run.wait_until_orders(PEOPLE // 4)
            made.pull_cable(1)
            left = run.open_payments()
            run.wait_until_final()
            run.step("finish")
        finally:
            for worker in workers.values():
                worker.kill()
                worker.wait(ANSWER_SECONDS)
        debited = Counter(oracles.debits(sandbox.books))

    assert left > PEOPLE // 4
    assert (len(debited), max(debited.values())) == (PEOPLE, 1)
