"""How far a list has come, asked by a program with a token, beside a plain view with the same SQL, token check, access log and JSON."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken

from benches.files_cycle import sign_and_release
from benches.payments import plain_views
from benches.payments.http_load import CLIENTS, Answers, load, request
from benches.payments.rounds import Line, Rounds, in_turn, milliseconds
from benches.payments.web import running_web
from benches.payments.world import bank, filled_province
from payments.models import PaymentBatch
from tests.payments.province import AUGUST, Province

DATABASE = "ansinh_bench_status"
PEOPLE, ASKED = 200, 600
OURS, BARE = "an sinh", "plain view"


def measure(*, rounds: int) -> list[Line]:
    """A released list of a commune's size."""
    answers: dict[str, list[Answers]] = {OURS: [], BARE: []}
    with filled_province(DATABASE, people=PEOPLE) as province, tempfile.TemporaryDirectory() as folder:
        with bank() as process:
            province.build(AUGUST)
            sign_and_release(province, AUGUST, bank=process.client())
        target, headers, statements = _question(province)
        kept = Path(folder) / "statements.json"
        kept.write_text(json.dumps({"statements": statements}))
        with running_web({"ANSINH_DATABASE": DATABASE, plain_views.STATEMENTS: str(kept)}) as port:

            def run(way: str, address: str) -> float:
                given = load(port, [request("GET", address, headers)] * ASKED)
                if set(given.statuses) != {200}:
                    raise SystemExit(f"{way} answered {given.statuses}")
                answers[way].append(given)
                return given.rate

            ways: dict[str, Callable[[], float]] = {
                OURS: lambda: run(OURS, target),
                BARE: lambda: run(BARE, "/bare/status/"),
            }
            reached = in_turn(ways, rounds=rounds)
    return _lines(reached, answers)


def _question(province: Province) -> tuple[str, dict[str, str], list[str]]:
    """Address, headers with a token, and the statements the product's view runs, without those that check the token."""
    _, token = AuthToken.objects.create(user=province.staff["RELEASER"])
    target, headers = f"/api/batches/{PaymentBatch.objects.get().pk}/progress/", {"Authorization": f"Token {token}"}
    client = Client(headers=headers, SERVER_NAME="localhost")
    client.get(target)
    with CaptureQueriesContext(connection) as captured:
        client.get(target)
    print(f"  {len(captured)} statements per question", flush=True)
    return target, headers, [query["sql"] for query in captured if "knox_authtoken" not in query["sql"]]


def _lines(reached: Rounds, answers: dict[str, list[Answers]]) -> list[Line]:
    late = Rounds()
    for way, rounds in answers.items():
        for given in rounds[1:]:
            late.note(way, given.quantile(0.99))
    ours, bare = late.median(OURS), late.median(BARE)
    return [
        reached.line(f"status of a list, {CLIENTS} clients", OURS, BARE, 0.8),
        Line("… p99 beside its p99", milliseconds(ours), milliseconds(bare), ours / bare, 1.5, at_most=True),
    ]
