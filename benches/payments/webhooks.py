"""Taking in the bank's events: verified, sealed, stored once and rung for, beside a view that verifies and inserts one row."""

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from itertools import count

import psycopg
from django.db import connections

from benches.payments import plain_views
from benches.payments.http_load import CLIENTS, Answers, load, request
from benches.payments.rounds import Line, Rounds, in_turn, milliseconds
from benches.payments.web import running_web
from benches.payments.world import database
from payments.models import BankEvent
from tests.conftest import owner_url_of

DATABASE = "ansinh_bench_webhook"
EVENTS = 1500
OURS, BARE = "an sinh", "verify and insert"
WAYS = {OURS: "/bank/events/", BARE: "/bare/events/"}


def measure(*, rounds: int) -> list[Line]:
    """`EVENTS` fresh events per round and way."""
    secret, numbers = f"whsec_{secrets.token_hex(16)}", count()
    answers: dict[str, list[Answers]] = {way: [] for way in WAYS}
    with database(DATABASE):
        with psycopg.connect(owner_url_of(connections["default"].settings_dict["NAME"]), autocommit=True) as owner:
            owner.execute(plain_views.TABLE)
        with running_web({"ANSINH_DATABASE": DATABASE, "BANK_WEBHOOK_SECRETS": secret}) as port:

            def run(way: str) -> float:
                given = load(port, [_event(WAYS[way], secret, next(numbers)) for _ in range(EVENTS)])
                answers[way].append(given)
                return given.rate

            ways: dict[str, Callable[[], float]] = {OURS: lambda: run(OURS), BARE: lambda: run(BARE)}
            reached = in_turn(ways, rounds=rounds)
        if BankEvent.objects.count() != EVENTS * len(answers[OURS]):
            raise SystemExit("an event is missing")
    return _lines(reached, answers)


def _lines(reached: Rounds, answers: dict[str, list[Answers]]) -> list[Line]:
    late = Rounds()
    for way, rounds in answers.items():
        for given in rounds[1:]:
            late.note(f"{way} p50", given.quantile(0.5))
            late.note(f"{way} p99", given.quantile(0.99))
    others = sum(n for given in answers[OURS] for status, n in given.statuses.items() if status != 204)
    p99, p50, bare = late.median(f"{OURS} p99"), late.median(f"{OURS} p50"), late.ratio(f"{BARE} p99", f"{BARE} p50")
    return [
        reached.line(f"webhook intake, {CLIENTS} clients", OURS, BARE, 0.8),
        Line(
            f"… p99 beside p50 (the plain view's: {bare:.1f})",
            milliseconds(p99),
            milliseconds(p50),
            p99 / p50,
            3,
            at_most=True,
        ),
        Line("… answers other than 204", str(others), "–", others, 0, at_most=True),
    ]


def _event(target: str, secret: str, number: int) -> bytes:
    """As long as the mock bank's, signed now."""
    payment = {
        "id": f"obp_{number:024d}",
        "object": "treasury.outbound_payment",
        "amount": 500_000,
        "currency": "vnd",
        "status": "posted",
        "financial_account": "fa_972",
        "description": "Tro cap thang 08/2024",
        "created": 1723000000,
        "metadata": {"end_to_end_id": f"abcdefgh{number:06d}", "attempt": "1", "payment_id": str(number)},
        "status_transitions": {"posted_at": 1723003600, "failed_at": None, "returned_at": None, "canceled_at": None},
    }
    event = {
        "id": f"evt_{number:024d}",
        "object": "event",
        "type": "treasury.outbound_payment.posted",
        "created": 1723003600,
        "data": {"object": payment},
    }
    body = json.dumps(event).encode()
    stamp = str(int(time.time()))
    signature = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"Stripe-Signature": f"t={stamp},v1={signature}", "Content-Type": "application/json"}
    return request("POST", target, headers, body)
