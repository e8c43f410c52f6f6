"""Carry out orders: whoever finds one that waits does it once, however many look and whenever one of them dies."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Model, QuerySet

from staff.errors import OrderFailed, Refusal, SystemBusy
from staff.models import Order
from staff.services.labels import labelled

logger = logging.getLogger(__name__)
T = TypeVar("T", bound=Order)
M = TypeVar("M", bound=Model)
Clock = Callable[[], datetime]
MOST_ATTEMPTS = 3
"""An order that ended no process properly so many times is given up, so that it can't stop the ones behind it."""


def one_that_waits(waiting: QuerySet[M], *, make: Callable[[], M]) -> M:
    """What waits already, or a new one: two presses at once are one. Whoever finds neither, since the first came to an end meanwhile, makes another."""
    for again in (True, False):
        if found := waiting.first():
            return found
        try:
            with transaction.atomic():
                return make()
        except IntegrityError:
            if not again:
                raise
    raise AssertionError("unreachable")


def carry_out(
    kind: type[T],
    *,
    do: Callable[[T, datetime], None],
    clock: Clock,
    prepare: Callable[[T, datetime], None] = lambda order, now: None,
    order_id: int | None = None,
    most: int | None = None,
) -> int:
    """Do every order of a kind that waits (at most `most`), oldest first; returns how many came to an end, done or refused.

    `do` runs in one transaction with the order's end, as the person who ordered; a `Refusal` of it undoes all it wrote and is kept as the
    answer, but for `SystemBusy`: then the order waits as if nobody had looked. `prepare` runs before, in no transaction: for what asks a bank. With
    `order_id` only that order is done, and one that somebody else works on is waited for. Anything unexpected propagates; the order then waits.
    """
    waiting = kind._default_manager.filter(stage=Order.Stage.WAITING).order_by("pk")
    ids = [order_id] if order_id is not None else list(waiting.values_list("pk", flat=True))
    ended = (_carry_out(kind, pk, do=do, prepare=prepare, clock=clock, wait=order_id is not None) for pk in ids)
    return sum(islice(filter(None, ended), most))


def _carry_out(
    kind: type[T],
    pk: int,
    *,
    do: Callable[[T, datetime], None],
    prepare: Callable[[T, datetime], None],
    clock: Clock,
    wait: bool,
) -> bool:
    with _only_worker(kind, pk, wait=wait) as alone:
        return alone and _work(kind, pk, do=do, prepare=prepare, clock=clock, wait=wait)


@contextmanager
def _only_worker(kind: type[Order], pk: int, *, wait: bool) -> Iterator[bool]:
    """Whether this session is the one that works on the order: `prepare` may take minutes, outside of any transaction, and asking a slow bank
    is no attempt that failed. A session lock, so that whoever dies lets go."""
    key: tuple[str, int] = (kind._meta.label_lower, pk)
    take = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {take}(hashtext(%s), %s::int)", key)
        alone = wait or bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s::int)", key)


def _work(
    kind: type[T],
    pk: int,
    *,
    do: Callable[[T, datetime], None],
    prepare: Callable[[T, datetime], None],
    clock: Clock,
    wait: bool,
) -> bool:
    began = _begin(kind, pk, now=clock(), wait=wait)
    if began is None:
        return False
    try:
        prepare(began, clock())
    except SystemBusy:
        _put_back(kind, pk)
        return False
    with labelled(actor_id=began.ordered_by_id, why=f"{kind._meta.label_lower} {pk}"), transaction.atomic():
        order = _waiting(kind, pk, wait=wait)
        if order is None:
            return False
        now = clock()
        try:
            with transaction.atomic():
                do(order, now)
            order.stage = Order.Stage.DONE
        except SystemBusy:
            _put_back(kind, pk)
            return False
        except Refusal as refusal:
            order = kind._default_manager.get(pk=pk)  # as it was: what `do` put on it is undone too
            _refuse(order, refusal)
        _end(order, now=clock())
    return True


def _put_back(kind: type[Order], pk: int) -> None:
    """It was no attempt: the order is not to blame."""
    logger.error("%s %s waits on: the machine could not begin", kind._meta.label_lower, pk)
    waiting = kind._default_manager.filter(pk=pk, stage=Order.Stage.WAITING)
    waiting.update(attempts=F("attempts") - 1, started_at=None)


def _end(order: Order, *, now: datetime) -> None:
    order.finished_at = now
    order.forget()
    order.save()


def _refuse(order: Order, refusal: Refusal) -> None:
    order.stage = Order.Stage.REFUSED
    order.problem_code, order.problem = refusal.code, refusal.sentence[:600]
    order.conflicts = list(refusal.conflicts)


@transaction.atomic
def _begin(kind: type[T], pk: int, *, now: datetime, wait: bool) -> T | None:
    order = _waiting(kind, pk, wait=wait)
    if order is None:
        return None
    if order.attempts >= MOST_ATTEMPTS:
        _refuse(order, OrderFailed())
        _end(order, now=now)
        return None
    order.started_at, order.attempts = now, order.attempts + 1
    order.save(update_fields=["started_at", "attempts"])
    return order


def _waiting(kind: type[T], pk: int, *, wait: bool) -> T | None:
    """The order locked, or None when it came to its end or, unless `wait`, somebody holds it."""
    locked = kind._default_manager.select_for_update(of=("self",), skip_locked=not wait)
    return locked.filter(pk=pk, stage=Order.Stage.WAITING).first()
