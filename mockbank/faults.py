"""Faults on demand. Which requests, payments, lines or webhooks they hit follows from the rules and the seed alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from mockbank.errors import ApiError

STAGES = {
    "request": (
        "timeout_after_accept",
        "accept_late",
        "reset_mid_body",
        "truncated_json",
        "error_500_after_execute",
        "error_500_before",
        "rate_limit",
        "outage",
        "refuse",
    ),
    "file": ("file_reject", "report_late"),
    "settlement": ("wrong_amount", "return", "fail"),
    "statement": ("statement_drop", "statement_duplicate"),
    "listing": ("list_late", "page_changes"),
    "webhook": ("webhook_duplicate", "webhook_drop", "webhook_reorder", "webhook_delay"),
}
_STAGE_OF = {fault: stage for stage, faults in STAGES.items() for fault in faults}
ONE_ORDER = ("account_number", "routing_number", "end_to_end_id")
_MATCHES = frozenset({*ONE_ORDER, "every", "nth", "probability"})
_NUMBERS = {"seconds": 0, "times": 0, "status": 100, "every": 1, "nth": 1, "probability": 0}  # and the least of each
_OPTIONS = frozenset({"fault", "match", "seconds", "times", "on", "code", "delta", "status"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What a fault may hit. `key` is stable across runs (an idempotency key, an id), so that chance is repeatable."""

    key: str
    account_number: str | None = None
    routing_number: str | None = None
    end_to_end_id: str | None = None
    on: str = "create"


@dataclass(slots=True)
class Rule:
    """One line of POST /faults, and how often it looked and struck."""

    fault: str
    match: dict[str, Any]
    seconds: float
    times: int | None
    on: str
    code: str
    delta: int
    status: int | None
    seen: int = 0
    fired: int = 0
    looks: Counter[str] = field(default_factory=Counter)

    @property
    def stage(self) -> str:
        return _STAGE_OF[self.fault]

    def strikes(self, subject: Subject, *, seed: str, position: int) -> bool:
        if self.times is not None and self.fired >= self.times:
            return False
        if self.stage == "request" and self.on not in (subject.on, "any"):
            return False
        for name in ONE_ORDER:
            # A list is of many orders: which of them are late is judged row by row, see `list_payments`.
            if self.fault != "list_late" and name in self.match and getattr(subject, name) != self.match[name]:
                return False
        self.seen += 1
        if "every" in self.match and self.seen % self.match["every"]:
            return False
        if "nth" in self.match and self.seen != self.match["nth"]:
            return False
        if "probability" in self.match:
            self.looks[subject.key] += 1
            draw = blake2b(f"{seed}:{position}:{subject.key}:{self.looks[subject.key]}".encode(), digest_size=8)
            if int.from_bytes(draw.digest(), "big") >= self.match["probability"] * 2**64:
                return False
        self.fired += 1
        return True

    def describe(self) -> dict[str, Any]:
        return {"fault": self.fault, "match": self.match, "on": self.on, "seen": self.seen, "fired": self.fired}


def _bad(message: str) -> ApiError:
    return ApiError(status=400, code="bad_fault", message=message, param="rules")


def read_rule(raw: object) -> Rule:
    """Raises ApiError for a rule that names no known fault, match or option, or gives one of another kind."""
    if not isinstance(raw, dict) or not isinstance(raw.get("match", {}), dict):
        raise _bad("a rule is an object, and so is its match")
    match = raw.get("match", {})
    if raw.get("fault") not in _STAGE_OF:
        raise _bad(f"unknown fault {raw.get('fault')!r}; known: {sorted(_STAGE_OF)}")
    if unknown := set(raw) - _OPTIONS:
        raise _bad(f"unknown options {sorted(unknown)}; known: {sorted(_OPTIONS)}")
    if unknown := set(match) - _MATCHES:
        raise _bad(f"unknown match {sorted(unknown)}; known: {sorted(_MATCHES)}")
    if raw["fault"] == "page_changes" and (useless := sorted(set(match) & set(ONE_ORDER))):
        raise _bad(f"page_changes is of a whole list; it can't match {useless}")
    if raw.get("on", "create") not in ("create", "read", "write", "file", "any"):
        raise _bad("on is create, write (other POSTs), file, read or any")
    _require_numbers({**raw, **match})
    wide = raw["fault"] in ("rate_limit", "outage")
    return Rule(
        fault=raw["fault"],
        match=match,
        seconds=float(raw.get("seconds", 30 if raw["fault"] in ("timeout_after_accept", "accept_late") else 1)),
        times=raw.get("times"),
        on=raw.get("on", "any" if wide else "create"),
        code=raw.get("code", "account_closed"),
        delta=int(raw.get("delta", 1000)),
        status=raw.get("status"),
    )


def _require_numbers(given: dict[str, Any]) -> None:
    for name, least in _NUMBERS.items():
        value = given.get(name, least)
        if value is not None and not (isinstance(value, int | float) and value >= least):
            raise _bad(f"{name} is a number from {least}")
    if not isinstance(given.get("delta", 0), int):
        raise _bad("delta is a whole number of đồng")


class Faults:
    """The rules in force. They are not kept over a restart: a bank comes back healthy unless told otherwise."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self.rules: list[Rule] = []

    def replace(self, raw: list[dict[str, Any]]) -> None:
        self.rules = [read_rule(rule) for rule in raw]

    def strike(self, stage: str, subject: Subject, *, fault: str | None = None) -> Rule | None:
        """The first rule of this stage (only of `fault`, if named) that strikes, if any."""
        for position, rule in enumerate(self.rules):
            if (
                rule.stage == stage
                and fault in (None, rule.fault)
                and rule.strikes(subject, seed=self._seed, position=position)
            ):
                return rule
        return None
