"""Hand in a file and be told whether it is ours: at once where that is cheap, else in the background; who asked keeps the answer."""

import hashlib
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, transaction

from reconciliation.errors import TooManyChecks
from reconciliation.models import VerificationOrder
from reconciliation.services.papers.few_at_a_time import ended_after_a_minute, few_at_a_time
from reconciliation.services.papers.verify_file import FileVerdict, find_file, verify_file
from staff.encryption import seal, unseal
from staff.errors import Refusal
from staff.models import Order, User
from staff.services.orders import Clock, carry_out


class Judge(Protocol):
    """`verify_file`, here or in a process apart."""

    def __call__(self, content: bytes, *, actor: User, now: datetime) -> FileVerdict:
        """What was found. Raises a `Refusal`."""
        ...


PURPOSE = "file-to-verify"
READ_AT_ONCE = 1024 * 1024
"""Bytes: a larger file is not even opened in a request, since a damaged one is searched for as long as it is large."""
MOST_WAITING = 5
MOST_SENTENCES = 20
LONGEST_SENTENCE = 300
LONGEST_NAME = 400


def order_verification(*, content: bytes, actor: User, now: datetime) -> VerificationOrder:
    """The answer, or the order it will stand on; the same file again while it waits is the same order.

    Raises `FileNotKnown` for a small file that is none of ours, `TooManyChecks`, `CheckTakesTooLong`.
    """
    asked: dict[str, Any] = {"ordered_by": actor, "file_digest": hashlib.sha256(content).hexdigest()}
    told = ""
    if len(content) <= READ_AT_ONCE:
        found = find_file(content=content, actor=actor)
        told = found.told
        if found.cheap:
            with few_at_a_time("verify_file"):
                verdict = verify_file(content=content, now=now, actor=actor)
            return VerificationOrder.objects.create(
                **asked, size=len(content), ordered_at=now, finished_at=now, stage=Order.Stage.DONE, **_kept(verdict)
            )
    return _wait(asked, content=content, told=told, now=now)


@transaction.atomic
def _wait(asked: dict[str, Any], *, content: bytes, told: str, now: datetime) -> VerificationOrder:
    with connection.cursor() as cursor:
        # One after the other for one person: a double click finds the order of the first, and nobody counts past the limit.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('order_verification'), %s::int)", [asked["ordered_by"].pk]
        )
    waiting = VerificationOrder.objects.filter(ordered_by=asked["ordered_by"], stage=Order.Stage.WAITING)
    if found := waiting.filter(**asked).defer("sealed").first():
        return found
    if waiting.count() >= MOST_WAITING:
        raise TooManyChecks
    return VerificationOrder.objects.create(
        **asked, size=len(content), told=told, ordered_at=now, sealed=seal(content, purpose=PURPOSE)
    )


def judge_here(content: bytes, *, actor: User, now: datetime) -> FileVerdict:
    """In this process, which a damaged file may take with it: for whoever judges their own."""
    with ended_after_a_minute():
        return verify_file(content=content, now=now, actor=actor)


def verify_ordered_files(*, clock: Clock, judge: Judge = judge_here, most: int | None = None) -> int:
    """Carry out what waits, at most so many; how many came to an end."""
    one = _OneFile(judge)
    return carry_out(VerificationOrder, prepare=one.judge, do=one.tell, clock=clock, most=most)


class _OneFile:
    """The figures are counted under a snapshot of the database of their own, so in no transaction; what was found is written with the order's end."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._found: FileVerdict | Refusal | None = None

    def judge(self, order: VerificationOrder, now: datetime) -> None:
        assert order.sealed is not None
        content = unseal(bytes(order.sealed), purpose=PURPOSE)
        try:
            self._found = self._judge(content, actor=order.ordered_by, now=now)
        except Refusal as refusal:
            self._found = refusal

    def tell(self, order: VerificationOrder, now: datetime) -> None:
        if isinstance(self._found, Refusal):
            raise self._found
        assert self._found is not None
        for name, value in _kept(self._found).items():
            setattr(order, name, value)


def _kept(verdict: FileVerdict) -> dict[str, Any]:
    """What stays of a verdict: a stranger's file fills no table."""
    said = asdict(verdict)
    told = said.pop("told")[:LONGEST_NAME]
    return {
        "told": told,
        "verdict": {
            name: [one[:LONGEST_SENTENCE] for one in value[:MOST_SENTENCES]] if isinstance(value, list) else value
            for name, value in said.items()
        },
    }
