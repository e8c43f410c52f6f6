"""Start what the demo runs on: mock bank, web, worker, beat; addresses and keys are the settings' own."""

import os
from pathlib import Path

from django.conf import settings

from config.demo import processes
from config.demo.bank_desk import BankDesk
from config.demo.environment import WEB_PORT
from payments.models import FundingAccount

BANK_WORKERS, OFFICE_WORKERS = 2, 1


def web_address() -> str:
    """Where the web process answers."""
    return f"http://127.0.0.1:{os.environ[WEB_PORT]}/"


def start_everything(
    running: processes.Processes,
    *,
    folder: Path,
    seed: int,
    accounts: Path | None = None,
    clock: str | None = None,
) -> BankDesk:
    """Start all processes and wait until they answer; `accounts` and `clock` are for a bank with new books.

    Raises `ProcessDidNotStart`.
    """
    bank = processes.mock_bank(
        api=settings.BANK_API_BASE,
        admin=settings.BANK_STATEMENTS_BASE,
        data=folder / "ngan-hang",
        seed=seed,
        api_key=settings.BANK_API_KEY,
        accounts=accounts,
        clock=clock,
    )
    running.start("ngan-hang", *bank)
    running.start("web", *processes.web(os.environ[WEB_PORT]))
    bank_worker = processes.worker(name="demo-bank", concurrency=BANK_WORKERS, queue=settings.BANK_QUEUE)
    office_worker = processes.worker(name="demo-office", concurrency=OFFICE_WORKERS, queue=settings.OFFICE_QUEUE)
    learn_worker = processes.worker(name="demo-learn", concurrency=1, queue=settings.LEARN_QUEUE)
    running.start("worker-bank", *bank_worker)
    running.start("worker-learn", *learn_worker)
    running.start("worker-office", *office_worker)
    running.start("beat", *processes.beat())
    running.wait_for("ngan-hang", f"{settings.BANK_STATEMENTS_BASE}/health")
    running.wait_for("web", f"{web_address()}api/health/")
    desk = BankDesk(settings.BANK_STATEMENTS_BASE)
    desk.send_events_to(url=f"{web_address()}bank/events/", secret=settings.BANK_WEBHOOK_SECRETS[0])
    return desk


def open_funding_accounts(desk: BankDesk) -> None:
    """Open, at the bank, every account a paying unit pays from."""
    for account in FundingAccount.objects.select_related("paying_unit"):
        desk.open_funding_account(account_id=account.bank_account_id, name=account.paying_unit.name)
