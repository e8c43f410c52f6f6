"""The data directory of a stopped server, kept as files and put back after the month was paid: the bank's books show every transfer once (ADR 100)."""

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from config.demo.bank_desk import BankDesk
from config.embedded.homes import home_of
from config.embedded.postgres import ensure_postgres
from config.embedded.processes import servants_of
from tests.e2e import oracles
from tests.e2e.conftest import new_sandbox
from tests.e2e.paying_run import PayingRun, paying_month, wait_until

pytestmark = pytest.mark.slow  # real processes, and a month paid to its end

PEOPLE, BEGUN = 300, 60
STANDING = "SELECT payments_books_standing()"
COMPARED = "SELECT EXISTS (SELECT FROM payments_booksstart WHERE started_at = pg_postmaster_start_time())"
FORGOTTEN_SECONDS = 3 * 86_400
PLENTY = 100_000_000_000
WAITING = "SELECT count(*) FROM payments_payment WHERE status = 'READY'"


class FewTransfers(PayingRun):
    """Nothing but transfers, so slow that the files can be copied in the middle."""

    steps = "crowd_steps"
    latency = 0.6

    def make_list(self) -> None:
        """People, accounts, lists."""
        self.release_lists()

    def send(self) -> None:
        """One sender, to its end."""
        self.command("manage.py", "shell", "-v", "0", "-c", "from tests.e2e.paying_steps import send; send()")


def data_of(run: PayingRun) -> Path:
    return home_of(service="pg", var_dir=run.sandbox.var.resolve()).data


def stop_paying(run: PayingRun) -> None:
    for name in ("beat", "worker"):
        run.kill(name)
    run.kill_postgres()
    wait_until(lambda: not servants_of(directory=data_of(run), program="postgres"), patience=run.patience)


def copy_files(source: Path, to: Path) -> None:
    """As `cp` and a snapshot do, with owners and rights."""
    subprocess.run(["cp", "-a", str(source), str(to)], check=True)


def let_the_bank_forget_its_keys(run: PayingRun) -> None:
    body = json.dumps({"advance_seconds": FORGOTTEN_SECONDS}).encode()
    urlopen(Request(f"{run.environment['BANK_STATEMENTS_BASE']}/clock", data=body), timeout=10).close()  # noqa: S310


def give_the_bank_money_for_more(run: PayingRun, accounts: list[str]) -> None:
    """An empty account pays nobody twice, whoever asks."""
    desk = BankDesk(run.environment["BANK_STATEMENTS_BASE"])
    for account in accounts:
        desk.top_up(account_id=account, amount=PLENTY, reference=f"KBNN-THEM-{account}")


def ordered_once(run: PayingRun) -> bool:
    return max(Counter(oracles.debits(run.sandbox.books)).values()) == 1


def test_files_put_back_pay_nobody_twice(tmp_path: Path) -> None:
    kept = tmp_path / "data"
    with new_sandbox() as sandbox, paying_month(sandbox, FewTransfers, ANSINH_CROWD=str(PEOPLE)) as run:
        run.start_workers()
        run.wait_until_orders(BEGUN)
        stop_paying(run)
        copy_files(data_of(run), kept)
        ensure_postgres(sandbox.var)
        run.start_workers()
        run.wait_until_final()
        ended_at = run.orders_at_bank()
        accounts = [account for (account,) in sandbox.ask("SELECT bank_account_id FROM payments_fundingaccount")]
        stop_paying(run)
        let_the_bank_forget_its_keys(run)
        give_the_bank_money_for_more(run, accounts)
        shutil.rmtree(data_of(run))
        copy_files(kept, data_of(run))
        ensure_postgres(sandbox.var)
        ((waiting,),) = sandbox.ask(WAITING)

        run.start_workers()
        wait_until(lambda: sandbox.ask(COMPARED) == [(True,)], patience=run.patience)
        run.send()

        assert waiting > 0
        assert (run.orders_at_bank(), ordered_once(run)) == (ended_at, True)
        assert sandbox.ask(STANDING) == [("BEHIND",)]

        run.command("manage.py", "after_restore", "--actor", "releaser")
        run.wait_until_final()

        assert (run.orders_at_bank(), ordered_once(run)) == (ended_at, True)
