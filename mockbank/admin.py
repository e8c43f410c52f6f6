"""The admin port: everything a test or an operator does to the bank, kept off the Stripe paths."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from mockbank.bank import Bank
from mockbank.books import (
    open_financial_account,
    verify_books,
)
from mockbank.clock import iso, parse_time
from mockbank.errors import ApiError, missing_resource
from mockbank.faults import read_rule
from mockbank.file_desk import FileDesk
from mockbank.front_door import encode
from mockbank.http_server import Request, Response
from mockbank.idempotency import forget_old_keys
from mockbank.schema import open_for_reading
from mockbank.settlement import settle_all_due
from mockbank.statements import Statements
from mockbank.treasury import book_movement
from mockbank.truth import BadTruth, TruthRow, check_rows, store_truth
from mockbank.webhooks import Deliverer, count_undelivered

Body = dict[str, Any]
Action = Callable[[Body], Awaitable[Body]]


def _bad(param: str, message: str) -> ApiError:
    return ApiError(status=400, code="bad_request", message=message, param=param)


def _words(body: Body, name: str) -> str | None:
    value = body.get(name)
    if not isinstance(value, str | None):
        raise _bad(name, f"{name} is text, or left out")
    return value


def _field(body: Body, name: str, kind: type) -> Any:
    value = body.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        raise _bad(name, f"{name} must be given and be {kind.__name__}")
    return value


class AdminApi:
    """JSON in, JSON out; an unknown path is 404, a bad body 400, both in the shape of the main port's errors."""

    def __init__(
        self, bank: Bank, *, deliverer: Deliverer, desk: FileDesk, begin_outage: Callable[[float], None]
    ) -> None:
        self._bank = bank
        self._deliverer = deliverer
        self._desk = desk
        self._begin_outage = begin_outage
        self._statements = Statements(bank)
        self._actions: dict[tuple[str, str], Action] = {
            ("GET", "/health"): self._health,
            ("GET", "/clock"): self._read_clock,
            ("POST", "/clock"): self._set_clock,
            ("POST", "/financial_accounts"): self._open_account,
            ("POST", "/topups"): self._top_up,
            ("POST", "/transfers"): self._transfer,
            ("POST", "/accounts"): self._tell_truth,
            ("GET", "/webhook_endpoints"): self._list_endpoints,
            ("POST", "/webhook_endpoints"): self._add_endpoint,
            ("DELETE", "/webhook_endpoints"): self._remove_endpoint,
            ("GET", "/pending"): self._pending,
            ("POST", "/settle"): self._settle,
            ("GET", "/faults"): self._list_faults,
            ("POST", "/faults"): self._set_faults,
            ("GET", "/limits"): self._read_limits,
            ("POST", "/limits"): self._set_limits,
            ("GET", "/books/verify"): self._verify,
            ("GET", "/stats"): self._stats,
        }

    async def handle(self, request: Request) -> Response:
        try:
            if request.method == "GET" and request.path.startswith("/statements/"):
                return await self._statement(request)
            action = self._actions.get((request.method, request.path))
            if action is None and request.method == "DELETE" and request.path.startswith("/webhook_endpoints/"):
                return Response(body=encode(await self._remove_endpoint({"id": request.path.rpartition("/")[2]})))
            if action is None:
                raise missing_resource(kind="path", id=f"{request.method} {request.path}", param="path")
            return Response(body=encode(await action(_read_body(request))))
        except ApiError as refusal:
            return Response(status=refusal.status, body=encode(refusal.body()))

    async def _health(self, body: Body) -> Body:
        return {"ok": True, "now": iso(self._bank.clock.now())}

    async def _read_clock(self, body: Body) -> Body:
        clock = self._bank.clock
        return {"now": iso(clock.now()), "epoch": clock.now(), "frozen": clock.frozen}

    async def _set_clock(self, body: Body) -> Body:
        """Everything due on the way has run when this answers. Never back behind what is booked: 409."""
        await self._desk.work()  # what was received before is dated before
        clock = self._bank.clock
        now = clock.now()
        try:
            now = parse_time(body["now"]) if "now" in body else now
            now += float(body.get("advance_seconds", 0))
            iso(now)  # infinity, or a year no calendar has
        except (TypeError, ValueError, OverflowError) as error:
            raise _bad("now", f"not a time: {error}") from error
        frozen = bool(body.get("frozen", clock.frozen))

        def move(connection: sqlite3.Connection) -> None:
            (newest,) = connection.execute(
                "SELECT max(coalesce((SELECT max(created) FROM payments), 0),"
                " coalesce((SELECT max(booked_at) FROM transactions), 0))"
            ).fetchone()
            if int(now) < newest:
                raise ApiError(
                    status=409,
                    code="clock_behind_books",
                    message=f"The books already reach {iso(newest)}; the clock cannot go back behind them.",
                    param="now",
                )
            clock.set(now=now, frozen=frozen)
            self._bank.keep_clock()
            forget_old_keys(connection, now=int(now))

        await self._bank.commits.submit(move)
        return {**await self._read_clock({}), **await self._settle({})}

    async def _open_account(self, body: Body) -> Body:
        id, name = _field(body, "id", str), _field(body, "name", str)
        iban = _words(body, "iban")
        now = int(self._bank.clock.now())
        await self._bank.commits.submit(
            lambda connection: open_financial_account(connection, id=id, name=name, iban=iban, now=now)
        )
        return {"id": id}

    async def _top_up(self, body: Body) -> Body:
        """A credit line on the statement, from the Treasury. Every call is one top-up."""
        return await self._move("topup", body)

    async def _transfer(self, body: Body) -> Body:
        """A debit line on the statement that is no payment: a lump sum to a provider, a refund to the budget. Every call is one transfer."""
        return await self._move("transfer", body)

    async def _move(self, kind: str, body: Body) -> Body:
        return await book_movement(
            self._bank,
            kind=kind,
            account_id=_field(body, "financial_account", str),
            amount=_field(body, "amount", int),
            reference=_words(body, "reference"),
            description=_words(body, "description"),
        )

    async def _tell_truth(self, body: Body) -> Body:
        """Add or change rows of the truth about beneficiary accounts while the bank runs."""
        try:
            rows = check_rows(
                TruthRow(*(str(row[name]) for name in TruthRow._fields)) for row in _field(body, "rows", list)
            )
        except (BadTruth, KeyError, TypeError) as error:
            raise _bad("rows", str(error)) from error
        await self._bank.commits.submit(lambda connection: store_truth(connection, rows))
        self._bank.truth.load(self._bank.connection)
        return {"accounts": len(self._bank.truth)}

    async def _list_endpoints(self, body: Body) -> Body:
        rows = self._bank.connection.execute("SELECT id, url, enabled_events FROM webhook_endpoints ORDER BY no")
        return {"data": [{"id": id, "url": url, "enabled_events": json.loads(types)} for id, url, types in rows]}

    async def _add_endpoint(self, body: Body) -> Body:
        """Sends what happens from now on. The same URL again changes secret and types, and loses nothing."""
        url, secret = _field(body, "url", str), _field(body, "secret", str)
        types = json.dumps(body.get("enabled_events", ["*"]))

        def execute(connection: sqlite3.Connection) -> str:
            (no,) = connection.execute("SELECT coalesce(max(no), 0) + 1 FROM webhook_endpoints").fetchone()
            (id,) = connection.execute(
                "INSERT INTO webhook_endpoints (no, id, url, secret, enabled_events, sent_up_to)"
                " VALUES (?, ?, ?, ?, ?, (SELECT coalesce(max(seq), 0) FROM events))"
                " ON CONFLICT (url) DO UPDATE SET secret = excluded.secret, enabled_events = excluded.enabled_events"
                " RETURNING id",
                (no, self._bank.ids.make("we", no), url, secret, types),
            ).fetchone()
            return str(id)

        id = await self._bank.commits.submit(execute)
        self._deliverer.refresh()
        return {"id": id, "url": url, "secret": secret, "enabled_events": json.loads(types)}

    async def _remove_endpoint(self, body: Body) -> Body:
        """By `id` or by `url`."""
        name = _field(body, "id" if "id" in body else "url", str)

        def execute(connection: sqlite3.Connection) -> int:
            numbers = connection.execute(
                "SELECT no FROM webhook_endpoints WHERE id = ?1 OR url = ?1", (name,)
            ).fetchall()
            connection.executemany("DELETE FROM webhook_retries WHERE endpoint_no = ?", numbers)
            connection.executemany("DELETE FROM webhook_endpoints WHERE no = ?", numbers)
            return len(numbers)

        removed = await self._bank.commits.submit(execute)
        self._deliverer.refresh()
        return {"removed": removed}

    async def _pending(self, body: Body) -> Body:
        connection = self._bank.connection
        (processing, returning) = connection.execute(
            "SELECT count(*) FILTER (WHERE next_step = 'settle'), count(*) FILTER (WHERE next_step = 'return')"
            " FROM payments WHERE next_at IS NOT NULL"
        ).fetchone()
        undelivered, given_up = count_undelivered(connection)
        return {
            "processing": processing,
            "returns_scheduled": returning,
            "webhooks_undelivered": undelivered,
            "webhooks_given_up": given_up,
        }

    async def _settle(self, body: Body) -> Body:
        await self._desk.work()
        settled = await settle_all_due(self._bank)
        await self._desk.work()
        return {"settled": settled}

    async def _list_faults(self, body: Body) -> Body:
        return {"rules": [rule.describe() for rule in self._bank.faults.rules]}

    async def _set_faults(self, body: Body) -> Body:
        """Replaces all rules. An outage without `match` and `status` begins at once."""
        rules = _field(body, "rules", list)
        for rule in rules:
            read_rule(rule)  # all of them, or none is in force
        now = [rule for rule in rules if rule.get("fault") == "outage" and not {"match", "status"} & set(rule)]
        self._bank.faults.replace([rule for rule in rules if rule not in now])
        for rule in now:
            self._begin_outage(float(rule.get("seconds", 1)))
        return await self._list_faults({})

    async def _read_limits(self, body: Body) -> Body:
        limits = self._bank.limits
        return {
            "requests_per_second": limits.requests_per_second,
            "latency_seconds": limits.latency_seconds,
            "settle_delay_seconds": limits.settle_delay_seconds,
        }

    async def _set_limits(self, body: Body) -> Body:
        current = await self._read_limits({})
        for name, value in body.items():
            if name not in current or not isinstance(value, int | float) or value < 0:
                raise _bad(name, f"known limits, all numbers from 0: {sorted(current)}")
            setattr(self._bank.limits, name, float(value))
        return await self._read_limits({})

    async def _verify(self, body: Body) -> Body:
        wrong = await asyncio.to_thread(self._find_faults)
        return {"ok": not wrong, "wrong": wrong}

    def _find_faults(self) -> list[str]:
        # A connection of its own sees one committed state, and the bank goes on answering meanwhile.
        connection = open_for_reading(self._bank.data)
        try:
            connection.execute("BEGIN")
            return verify_books(connection)
        finally:
            connection.close()

    async def _stats(self, body: Body) -> Body:
        rows = self._bank.connection.execute("SELECT status, count(*), sum(amount) FROM payments GROUP BY status")
        return {
            "payments": {status: {"count": count, "amount": amount} for status, count, amount in rows},
            "commits": self._bank.commits.groups,
            "counts": dict(self._bank.counts),
        }

    async def _statement(self, request: Request) -> Response:
        query = dict(parse_qsl(request.query))
        try:
            first_day, last_day = date.fromisoformat(query["from"]), date.fromisoformat(query["to"])
        except (KeyError, ValueError) as error:
            raise _bad("from", "from and to are dates: YYYY-MM-DD") from error
        path, content_type = await self._statements.issue(
            account_id=request.path.removeprefix("/statements/"),
            first_day=first_day,
            last_day=last_day,
            format=query.get("format", "camt053"),
            interim=query.get("interim") == "true",
        )
        return Response(content_type=content_type, file=path)


def _read_body(request: Request) -> Body:
    if not request.body:
        return {}
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise _bad("body", f"not JSON: {error}") from error
    if not isinstance(body, dict):
        raise _bad("body", "the body must be a JSON object")
    return body
