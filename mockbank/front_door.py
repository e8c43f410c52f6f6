"""What stands before every address of the main port: the key, the bank's slowness, an outage, the limit of requests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from mockbank.bank import Bank
from mockbank.errors import ApiError
from mockbank.faults import Rule
from mockbank.http_server import Request, Response
from mockbank.rate_limit import TokenBucket


def encode(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


CRASH = encode({"error": {"type": "api_error", "message": "An unknown error occurred"}})


class FrontDoor:
    """One for each API. `begin_outage` is called with seconds when a fault takes the port down."""

    def __init__(self, bank: Bank, *, begin_outage: Callable[[float], None]) -> None:
        self._bank = bank
        self._begin_outage = begin_outage
        self._bucket = TokenBucket(bank.clock.wall)

    def authenticate(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self._bank.api_key}":
            raise ApiError(status=401, code="api_key_invalid", message="Invalid API Key provided.")

    async def turned_away(self, rule: Rule | None) -> Response | None:
        """The answer of a bank that is down, None when the request may go on. Raises ApiError above the limit."""
        if self._bank.limits.latency_seconds:
            await asyncio.sleep(self._bank.limits.latency_seconds)
        if rule is not None and rule.fault == "outage":
            if rule.status is not None:
                return Response(status=rule.status, body=CRASH)
            self._begin_outage(rule.seconds)
            return Response(cut_after=0)
        limited = rule is not None and rule.fault == "rate_limit"
        if limited or not self._bucket.take(self._bank.limits.requests_per_second):
            raise ApiError(status=429, code="rate_limit", message="Too many requests hit the API too quickly.")
        return None
