"""What goes to the bank and comes from it never waits behind the office's long work."""

import time
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from config.celery import app
from config.demo.processes import Processes, beat, worker
from payments.models import Payment
from tests.databases import owner_url_of
from tests.payments.bank_process import API_KEY, running_bank
from tests.payments.province import AUGUST, BALANCES, Clock, make_province

PATIENCE_SECONDS = 90
_WAITS_FOR_THE_LOCK = """
SELECT EXISTS (SELECT 1 FROM pg_locks WHERE relation = 'payments_listorder'::regclass AND NOT granted)
"""


@pytest.mark.parametrize("task", settings.BANK_TASKS)
def test_every_task_of_the_bank_is_one_and_goes_to_its_queue(task: str) -> None:
    app.loader.import_default_modules()

    assert task in app.tasks
    assert app.amqp.router.route({}, task)["queue"].name == settings.BANK_QUEUE


@pytest.mark.parametrize("task", settings.LEARN_TASKS)
def test_what_is_learned_waits_behind_no_send(task: str) -> None:
    app.loader.import_default_modules()

    assert task in app.tasks
    assert app.amqp.router.route({}, task)["queue"].name == settings.LEARN_QUEUE


def test_the_sweeper_and_the_alarms_wait_behind_no_send_either() -> None:
    """Else nobody would even say that nothing is learned any more."""
    assert {"payments.tasks.find_work", "payments.tasks.watch_silence", "payments.tasks.confirm"} <= set(
        settings.LEARN_TASKS
    )


@pytest.mark.parametrize(
    "task",
    [
        "payments.tasks.build_ordered_lists",
        "beneficiaries.tasks.work_on_matching",
        "reconciliation.tasks.make_ordered_papers",
        "a.task.nobody_thought_of",
    ],
)
def test_everything_else_goes_to_the_office(task: str) -> None:
    queue = app.amqp.router.route({}, task)["queue"]

    assert getattr(queue, "name", queue) == settings.OFFICE_QUEUE


def test_a_bell_reaches_one_queue_alone() -> None:
    routes = [(queue.exchange.name, queue.routing_key) for queue in app.amqp.queues.values()]

    assert len(set(routes)) == len(routes) == 3


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_released_money_goes_out_while_every_worker_of_the_office_is_busy(committed_db: None, tmp_path: Path) -> None:
    queue = f"test-{token_hex(4)}"
    province = make_province(clock=Clock())
    for _ in range(3):
        province.open_account(province.enrol().beneficiary)
    province.build(AUGUST)
    with running_bank(tmp_path / "bank", balances=BALANCES) as bank:
        province.release_lists(AUGUST, bank=bank.client())
        environment = {
            "ANSINH_DATABASE": connections["default"].settings_dict["NAME"],
            "ANSINH_QUEUE": queue,
            "BANK_API_BASE": bank.base_url,
            "BANK_API_KEY": API_KEY,
        }
        with (
            psycopg.connect(owner_url_of(environment["ANSINH_DATABASE"])) as busy,
            Processes(logs=tmp_path / "log", environment=environment) as running,
        ):
            busy.execute("LOCK TABLE payments_listorder IN ACCESS EXCLUSIVE MODE")  # a build that takes for ever
            running.start("office", *worker(name="office", concurrency=1, queue=queue))
            running.start("beat", *beat())
            wait_until(lambda: bool(busy.execute(_WAITS_FOR_THE_LOCK).fetchone()[0]))  # type: ignore[index]  # one row
            running.start("bank", *worker(name="bank", concurrency=1, queue=f"{queue}.bank,{queue}.learn"))
            wait_until(lambda: Payment.objects.filter(status="PROCESSING").count() == 3)

            assert busy.execute(_WAITS_FOR_THE_LOCK).fetchone() == (True,)  # the office is still busy


def wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not done():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.2)
