"""A whole cycle through files beside the API: `.venv/bin/python -m benches.files [--people 10000 100000] [--api 2000]`.

Per size: a list of so many people built, signed, sent in files to the mock bank's own process, settled there, and its reports read. In the
same run some payments go through the API of the same bank; then the bank's statement is reconciled, the cycle proved, the month closed.
Prints seconds, payments per second, processor time (ours and our database session's: what growth is judged by, for a busy machine changes
it little), our peak memory, and whether the bank's books agree. "send" is what we do until the bank has every
order, "learn" until we know what became of them: reports that are there before the last file is up are read when all are.
"""

import argparse
import json
import os
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from multiprocessing import get_context
from pathlib import Path
from urllib.request import Request, urlopen

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from banks.files import Report  # noqa: E402  (Django first)
from banks.files_http import HttpFiles  # noqa: E402
from benches.files_cycle import fill, sign_and_release  # noqa: E402
from benches.files_proof import close, prove, reconcile, record_what_came_before  # noqa: E402
from benches.processor import spent  # noqa: E402
from payments.models import FundingAccount, Payment  # noqa: E402
from payments.services.files import send_files  # noqa: E402
from payments.services.files.reports import read_reports  # noqa: E402
from payments.services.learning.learn import fetch_states  # noqa: E402
from payments.services.sending.send import send_ready_payments  # noqa: E402
from tests.payments.bank_process import API_KEY, BankProcess, running_bank  # noqa: E402
from tests.payments.province import AUGUST, Clock, make_province  # noqa: E402
from tests.simulation.database import own_database  # noqa: E402

MONEY = 10**13
BANK_MAY_TAKE_SECONDS = 3600
REST_OF_THE_MONTH_SECONDS = 27 * 86_400
DEBITS = "SELECT count(*), count(DISTINCT end_to_end_id) FROM debits WHERE returned_at IS NULL"


class Inbox(HttpFiles):
    """The bank's inbox alone: while sending is timed, no report is read, as none is asked for while the API sends."""

    def reports(self, *, financial_account: str, after: int) -> Iterator[Report]:
        return iter(())


class Watch:
    """Seconds per phase, printed as they end; `processor` are those of our work alone."""

    def __init__(self, people: int) -> None:
        self.people = people
        self.seconds: dict[str, float] = {}
        self.processor: dict[str, float] = {}

    @contextmanager
    def phase(self, name: str, *, count: int | None = None) -> Iterator[None]:
        began, before = time.perf_counter(), spent()
        yield
        took = self.seconds[name] = time.perf_counter() - began
        worked = self.processor[name] = spent().since(before)
        count = count or self.people
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"  {name:22} {took:8.1f} s  {count / took:10,.0f} /s  {1e6 * took / count:8.0f} µs each  "
            f"{1e6 * worked / count:6.0f} µs of processor  peak {peak} MB",
            flush=True,
        )


def run(people: int, *, through_api: int) -> tuple[dict[str, float], dict[str, float]]:
    """One size in a database and a bank of its own: seconds by phase, and those of the processor."""
    print(f"{people:,} payments by files, {through_api:,} by API", flush=True)
    watch, clock = Watch(people), Clock()
    balances = {"fa_971": MONEY, "fa_972": MONEY}
    with (
        tempfile.TemporaryDirectory() as folder,
        own_database(f"ansinh_bench_files_{people}"),
        running_bank(Path(folder) / "bank", balances=balances) as process,
    ):
        province = make_province(clock=clock)
        FundingAccount.objects.filter(code="TK-971").update(sends_by="FILE")
        with watch.phase("fill"):
            fill(province, people=people, commune="97101", prefix=7)
            fill(province, people=through_api, commune="97201", prefix=8)
            record_what_came_before(balances)
        with watch.phase("build lists"):
            province.build(AUGUST)
        with watch.phase("sign (three people)"):
            sign_and_release(province, AUGUST, bank=process.client())
        with watch.phase("API send", count=through_api):
            send_ready_payments(bank=process.client(), clock=clock)
        inbox, files = (
            way(base_url=process.base_url, api_key=API_KEY, timeout=(30.0, 300.0)) for way in (Inbox, HttpFiles)
        )
        with watch.phase("files send"):
            while Payment.objects.filter(
                status="READY"
            ).exists():  # as workers do, after an upload without an answer too
                send_files(bank=inbox, clock=clock)
        with watch.phase("the bank settles", count=people + through_api):
            settle(process)
        with watch.phase("API learn", count=through_api):
            fetch_states(bank=process.client(), now=clock())
        with watch.phase("files learn"):
            read_reports(bank=files, now=clock())
        check(process, people + through_api)
        settle(process, seconds=REST_OF_THE_MONTH_SECONDS)
        with watch.phase("reconcile", count=people + through_api):
            reconcile(process, province)
        with watch.phase("prove", count=people + through_api):
            prove()
        with watch.phase("close the month", count=people + through_api):
            close(province)
    return watch.seconds, watch.processor


def settle(process: BankProcess, *, seconds: int = 7200) -> None:
    """Move the bank's clock and wait until it has worked everything off."""
    request = Request(process.admin_url + "/clock", data=json.dumps({"advance_seconds": seconds}).encode())  # noqa: S310
    urlopen(request, timeout=BANK_MAY_TAKE_SECONDS).close()  # noqa: S310 - our own process


def check(process: BankProcess, expected: int) -> None:
    """The bank's books and ours: everybody paid once. Counted in the books: a list of a million would be our peak."""
    with closing(sqlite3.connect(f"file:{process.books}?mode=ro", uri=True)) as books:
        debits, keys = books.execute(DEBITS).fetchone()
    posted = Payment.objects.filter(status="POSTED").count()
    if not debits == keys == posted == expected:
        raise SystemExit(f"bank {debits} of {keys}, ours {posted}, expected {expected}")
    print(f"  everybody once: {expected:,} debits at the bank, {posted:,} posted with us", flush=True)


def main() -> None:
    """Run every size and compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--api", type=int, default=2_000)
    options = parser.parse_args()
    ours = ("build lists", "sign (three people)", "files send", "files learn")
    both = ("reconcile", "prove", "close the month")
    each: list[float] = []
    for people in options.people:
        # A process of its own: its peak memory is that of its own size.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            seconds, processor = alone.submit(run, people, through_api=options.api).result()
        cheaper = (processor["API send"] / options.api) / (processor["files send"] / people)
        ratio = (people / seconds["files send"]) / (options.api / seconds["API send"])
        whole = (seconds["files send"] + seconds["files learn"]) / people
        by_api = (seconds["API send"] + seconds["API learn"]) / options.api
        each.append(
            sum(processor[phase] for phase in ours) / people
            + sum(processor[phase] for phase in both) / (people + options.api)
        )
        print(
            f"  files / API: send {ratio:.1f} × ({cheaper:.1f} × by our processor time), send and learn {by_api / whole:.1f} ×; "
            f"cycle {1e6 * each[-1]:.0f} µs of processor per payment"
        )
    for people, cost in list(zip(options.people, each, strict=True))[1:]:
        print(f"processor time per payment at {people:,} / at {options.people[0]:,}: {cost / each[0]:.2f} ×")


if __name__ == "__main__":
    main()
