"""What runs in the sending processes: our sender, and the bare loop of `requests` it is compared with. All start together."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from queue import Empty, SimpleQueue
from threading import Thread

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

import requests  # noqa: E402  (Django first)
from django.utils import timezone  # noqa: E402

from banks.form import encode_form  # noqa: E402
from banks.stripe_api import PAYMENTS, StripeTransfers  # noqa: E402
from payments.services.sending.bank import API_VERSION  # noqa: E402
from payments.services.sending.send import send_ready_payments  # noqa: E402
from tests.payments.bank_process import API_KEY  # noqa: E402
from tests.payments.province import BANK_BIN  # noqa: E402

START_SECONDS = 120
_together: Barrier | None = None


@dataclass(frozen=True)
class Sent:
    """One process: how many the bank took, and between which readings of the monotonic clock of the machine."""

    taken: int
    began: float
    ended: float


def join(barrier: Barrier) -> None:
    """Called once per process: it sends only when all others are ready too."""
    global _together
    _together = barrier


def rate_of(shares: Sequence[Sent]) -> float:
    """Per second, from the first start to the last end."""
    return sum(s.taken for s in shares) / (max(s.ended for s in shares) - min(s.began for s in shares))


def send_ours(base_url: str, threads: int, share: int, rate_limit: float | None = None) -> Sent:
    """As the task does, for about `share` payments."""
    bank = StripeTransfers(
        base_url=base_url,
        api_key=API_KEY,
        version=API_VERSION,
        timeout=(3.05, 30.0),
        concurrency=threads,
        rate_limit=rate_limit,
    )
    began = _start()
    sending = send_ready_payments(bank=bank, clock=timezone.now, limit=share)
    return Sent(sending.accepted, began, time.perf_counter())


def send_bare(base_url: str, threads: int, share: int, name: str) -> Sent:
    """`threads` loops over one queue, a session each; forms are encoded beforehand, answers only read as JSON."""
    waiting: SimpleQueue[tuple[str, str]] = SimpleQueue()
    for number in range(share):
        waiting.put((f"{name}{os.getpid()}{number}", _form(f"{name}{os.getpid()}{number}")))
    taken: list[str] = []

    def loop() -> None:
        session = requests.Session()
        session.headers.update(
            {
                "Authorization": f"Bearer {API_KEY}",
                "Stripe-Version": API_VERSION,
                "Content-Type": "application/x-www-form-urlencoded",
            }
        )
        while True:
            try:
                key, form = waiting.get_nowait()
            except Empty:
                return
            answer = session.post(base_url + PAYMENTS, data=form, headers={"Idempotency-Key": key}, timeout=30)
            taken.append(answer.json()["id"])

    loops = [Thread(target=loop) for _ in range(threads)]
    began = _start()
    for thread in loops:
        thread.start()
    for thread in loops:
        thread.join()
    return Sent(len(taken), began, time.perf_counter())


def _form(key: str) -> str:
    return encode_form(
        {
            "amount": 500_000,
            "currency": "vnd",
            "financial_account": "fa_971",
            "description": "Tro cap thang 08/2024",
            "destination_payment_method_data": {
                "type": "us_bank_account",
                "us_bank_account": {"routing_number": BANK_BIN, "account_number": "5550000001", "account_holder_type": "individual"},
                "billing_details": {"name": "Nguyễn Văn Thứ"},
            },
            "metadata": {"end_to_end_id": key, "attempt": 1, "payment_id": 1},
        }
    )  # fmt: skip


def _start() -> float:
    if _together is None:
        raise RuntimeError("this process did not join")
    _together.wait(START_SECONDS)
    return time.perf_counter()
