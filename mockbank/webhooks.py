"""Signed webhooks, at least once: a cursor per endpoint for the news, a table for what has to be tried again."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from mockbank.bank import Bank
from mockbank.events import SELECT_EVENT, render_event
from mockbank.front_door import encode
from mockbank.http_client import Connection, PostFailed
from mockbank.payments import Payment
from mockbank.settlement import subject_of

CONNECTIONS_PER_ENDPOINT = 12
BATCH = 240
MAX_ATTEMPTS = 20
TIMEOUT_SECONDS = 10.0
_IDLE_SECONDS = 0.03
_LONGEST_WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    no: int
    id: str
    url: str
    secret: str
    enabled_events: frozenset[str]

    def wants(self, type: str) -> bool:
        return "*" in self.enabled_events or type in self.enabled_events


@dataclass(slots=True)
class Batch:
    """Events to send now: (row of SELECT_EVENT, attempts so far), and how far the news was read."""

    rows: list[tuple[tuple[Any, ...], int]]
    sent_up_to: int
    done: list[int] = field(default_factory=list)
    again: list[tuple[int, int, float]] = field(default_factory=list)


def signature(secret: str, body: bytes, *, at: int) -> str:
    """Stripe's header; `at` is wall time, because receivers refuse what is older or younger than 300 s."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def backoff_seconds(attempts: int) -> float:
    return min(0.5 * 2.0**attempts, _LONGEST_WAIT_SECONDS)


def load_endpoints(connection: sqlite3.Connection) -> list[Endpoint]:
    rows = connection.execute("SELECT no, id, url, secret, enabled_events FROM webhook_endpoints ORDER BY no")
    return [Endpoint(no, id, url, secret, frozenset(json.loads(types))) for no, id, url, secret, types in rows]


def load_batch(connection: sqlite3.Connection, *, endpoint: Endpoint, wall: float) -> Batch:
    (sent_up_to,) = connection.execute(
        "SELECT sent_up_to FROM webhook_endpoints WHERE no = ?", (endpoint.no,)
    ).fetchone() or (0,)
    retries = connection.execute(
        SELECT_EVENT.replace("FROM payments", ", attempts FROM payments", 1)
        + "JOIN webhook_retries ON event_seq = events.seq WHERE endpoint_no = ? AND attempts < ? AND next_try_wall <= ?"
        " ORDER BY next_try_wall LIMIT ?",
        (endpoint.no, MAX_ATTEMPTS, wall, BATCH),
    ).fetchall()
    news = connection.execute(
        SELECT_EVENT + "WHERE events.seq > ? ORDER BY events.seq LIMIT ?", (sent_up_to, BATCH)
    ).fetchall()
    return Batch(
        rows=[(row[:-1], row[-1]) for row in retries] + [(row, 0) for row in news if endpoint.wants(row[1])],
        sent_up_to=news[-1][0] if news else sent_up_to,
    )


def count_undelivered(connection: sqlite3.Connection) -> tuple[int, int]:
    """(still to be delivered, given up), over all endpoints."""
    waiting = 0
    for endpoint in load_endpoints(connection):
        news = connection.execute(
            "SELECT type, count(*) FROM events"
            " WHERE seq > (SELECT sent_up_to FROM webhook_endpoints WHERE no = ?) GROUP BY type",
            (endpoint.no,),
        )
        waiting += sum(count for type, count in news if endpoint.wants(type))
    retrying, given_up = connection.execute(
        "SELECT coalesce(sum(attempts < ?1), 0), coalesce(sum(attempts >= ?1), 0) FROM webhook_retries", (MAX_ATTEMPTS,)
    ).fetchone()
    return waiting + retrying, given_up


class Deliverer:
    """One loop per endpoint; each sends a batch over kept connections, then notes the outcome in one transaction."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._loops: dict[int, asyncio.Task[None]] = {}

    def refresh(self) -> None:
        """Start loops of new endpoints, stop those of removed or changed ones."""
        self.stop()
        for endpoint in load_endpoints(self._bank.connection):
            self._loops[endpoint.no] = asyncio.get_running_loop().create_task(self._deliver(endpoint))

    def stop(self) -> None:
        for task in self._loops.values():
            task.cancel()
        self._loops.clear()

    async def _deliver(self, endpoint: Endpoint) -> None:
        connections = [
            Connection(endpoint.url, timeout_seconds=TIMEOUT_SECONDS) for _ in range(CONNECTIONS_PER_ENDPOINT)
        ]
        known = 0
        try:
            while True:
                batch = load_batch(self._bank.connection, endpoint=endpoint, wall=self._bank.clock.wall())
                if batch.rows:
                    jobs = iter(batch.rows)
                    await asyncio.gather(*(self._work(endpoint, each, jobs, batch) for each in connections))
                if batch.rows or batch.sent_up_to > known:
                    known = batch.sent_up_to
                    await self._bank.commits.submit(partial(_note, endpoint=endpoint, batch=batch))
                else:
                    await asyncio.sleep(_IDLE_SECONDS)
        finally:
            for connection in connections:
                connection.close()

    async def _work(
        self, endpoint: Endpoint, connection: Connection, jobs: Iterator[tuple[tuple[Any, ...], int]], batch: Batch
    ) -> None:
        for row, attempts in jobs:
            seq = row[0]
            event = render_event(row, self._bank.ids)
            copies = 1
            rule = None
            if attempts == 0 and self._bank.faults.rules:
                rule = self._bank.faults.strike("webhook", replace(subject_of(Payment._make(row[3:])), key=event["id"]))
            if rule is not None:
                self._bank.counts[rule.fault] += 1
                if rule.fault in ("webhook_reorder", "webhook_delay"):
                    batch.again.append((seq, 1, self._bank.clock.wall() + rule.seconds))
                    continue
                copies = 2 if rule.fault == "webhook_duplicate" else 0
            body = encode(event)
            taken = True
            for _ in range(copies):
                taken = await self._post(endpoint, connection, body)
            if taken:
                batch.done.append(seq)
            else:
                wait = backoff_seconds(attempts)
                batch.again.append((seq, attempts + 1, self._bank.clock.wall() + wait))

    async def _post(self, endpoint: Endpoint, connection: Connection, body: bytes) -> bool:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(endpoint.secret, body, at=int(self._bank.clock.wall())),
            "User-Agent": "mockbank/1",
        }
        try:
            status = await connection.post(body, headers)
        except PostFailed:
            status = 0
        taken = 200 <= status < 300
        self._bank.counts["webhooks_delivered" if taken else "webhooks_refused"] += 1
        return taken


def _note(connection: sqlite3.Connection, *, endpoint: Endpoint, batch: Batch) -> None:
    connection.executemany(
        "DELETE FROM webhook_retries WHERE endpoint_no = ? AND event_seq = ?",
        [(endpoint.no, seq) for seq in batch.done],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO webhook_retries (endpoint_no, event_seq, attempts, next_try_wall) VALUES (?, ?, ?, ?)",
        [(endpoint.no, seq, attempts, at) for seq, attempts, at in batch.again],
    )
    connection.execute("UPDATE webhook_endpoints SET sent_up_to = ? WHERE no = ?", (batch.sent_up_to, endpoint.no))
