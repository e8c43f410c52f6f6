"""Webhooks: signed, at least once, over refusals and restarts, and spoiled on demand."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.mockbank.conftest import BankProcess

SECRET = "whsec_test"


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent; answers 500 to the first `refusals` posts."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hook)
        self.posts: list[tuple[bytes, str]] = []
        self.refusals = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body, _ in self.posts]

    def wait_for(self, count: int) -> list[dict[str, Any]]:
        deadline = time.monotonic() + 8
        while len(self.posts) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.events()


class Hook(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        refused = self.server.refusals > 0
        if refused:
            self.server.refusals -= 1
        else:
            self.server.posts.append((body, self.headers["Stripe-Signature"]))
        self.send_response(500 if refused else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def subscribe(bank: BankProcess, receiver: Receiver, *types: str) -> None:
    body = {"url": receiver.url, "secret": SECRET, "enabled_events": list(types) or ["*"]}
    bank.admin("/webhook_endpoints", body)


def drained(bank: BankProcess) -> dict[str, Any]:
    deadline = time.monotonic() + 8
    while (pending := bank.admin("/pending"))["webhooks_undelivered"] and time.monotonic() < deadline:
        time.sleep(0.05)
    return pending


class TestDelivery:
    def test_signs_with_wall_time_and_tells_the_story_of_a_payment(self, bank: BankProcess, receiver: Receiver) -> None:
        subscribe(bank, receiver)
        payment = bank.create("k1").json()
        bank.advance()

        events = receiver.wait_for(2)

        assert {event["type"].rpartition(".")[2] for event in events} == {"created", "posted"}
        assert all(event["data"]["object"]["id"] == payment["id"] for event in events)
        body, header = receiver.posts[0]
        parts = dict(part.split("=", 1) for part in header.split(","))
        expected = hmac.new(SECRET.encode(), f"{parts['t']}.".encode() + body, hashlib.sha256).hexdigest()
        assert hmac.compare_digest(parts["v1"], expected)
        assert abs(time.time() - int(parts["t"])) < 60

    def test_sends_only_the_types_asked_for(self, bank: BankProcess, receiver: Receiver) -> None:
        subscribe(bank, receiver, "treasury.outbound_payment.posted")
        bank.create("k1")
        bank.advance()

        assert [event["type"] for event in receiver.wait_for(1)] == ["treasury.outbound_payment.posted"]
        assert drained(bank)["webhooks_undelivered"] == 0

    def test_tries_again_until_taken(self, bank: BankProcess, receiver: Receiver) -> None:
        receiver.refusals = 2
        subscribe(bank, receiver)
        bank.create("k1")

        assert len(receiver.wait_for(1)) == 1
        assert drained(bank)["webhooks_undelivered"] == 0

    def test_a_restart_loses_none(self, bank: BankProcess, receiver: Receiver) -> None:
        receiver.refusals = 1
        subscribe(bank, receiver)
        bank.create("k1")
        time.sleep(0.2)

        bank.restart()

        assert len(receiver.wait_for(1)) >= 1

    def test_a_removed_endpoint_gets_nothing_more(self, bank: BankProcess, receiver: Receiver) -> None:
        subscribe(bank, receiver)
        bank.admin("/webhook_endpoints", {"url": receiver.url}, method="DELETE")
        bank.create("k1")
        time.sleep(0.2)

        assert receiver.posts == []


class TestSpoiledDelivery:
    @pytest.mark.parametrize(("fault", "copies"), [("webhook_duplicate", 2), ("webhook_drop", 0)])
    def test_doubles_or_drops_on_demand(self, bank: BankProcess, receiver: Receiver, fault: str, copies: int) -> None:
        bank.admin("/faults", {"rules": [{"fault": fault, "match": {"nth": 1}}]})
        subscribe(bank, receiver)
        bank.create("k1")
        drained(bank)
        bank.create("k2")

        events = receiver.wait_for(copies + 1)
        keys = [event["data"]["object"]["metadata"]["end_to_end_id"] for event in events]
        assert (keys.count("Ek1"), keys.count("Ek2")) == (copies, 1)
        assert len(bank.get("/v1/events")["data"]) == 2

    def test_reorders_on_demand(self, bank: BankProcess, receiver: Receiver) -> None:
        rule = {"fault": "webhook_reorder", "match": {"nth": 1}, "seconds": 0.5}
        bank.admin("/faults", {"rules": [rule]})
        subscribe(bank, receiver)
        bank.create("k1")
        bank.advance()

        types = [event["type"].rpartition(".")[2] for event in receiver.wait_for(2)]
        assert types == ["posted", "created"]
