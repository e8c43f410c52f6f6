"""Group commit: requests that arrive together share one transaction, and each is answered only after it is durable."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from mockbank.errors import ApiError

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class RolledBack(RuntimeError):
    """The work failed for a reason nobody foresaw, and nothing of it happened."""


class GroupCommit:
    """Collects work during one turn of the event loop and runs it as one transaction at the end of that turn.

    Work that fails unforeseen is undone, and its companions run again one by one.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: list[tuple[Work[Any], asyncio.Future[Any]]] = []
        self.groups = 0

    def submit(self, work: Work[T]) -> asyncio.Future[T]:
        """A future that resolves after the commit: with the result, or with the ApiError `work` raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._commit)
        self._waiting.append((work, future))
        return future

    def _commit(self) -> None:
        group, self._waiting = self._waiting, []
        self._run(group)

    def _run(self, group: list[tuple[Work[Any], asyncio.Future[Any]]]) -> None:
        outcomes: list[tuple[asyncio.Future[Any], Any, ApiError | None]] = []
        committed = False
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for work, future in group:
                try:
                    outcomes.append((future, work(self._connection), None))
                except ApiError as refusal:
                    outcomes.append((future, None, refusal))
            self._connection.execute("COMMIT")
            committed = True
        finally:
            if not committed:
                # The error goes on to the loop, which logs it. One that breaks must not take the others with it.
                self._undo(group)
        self.groups += 1
        for future, result, error in outcomes:
            if future.done():
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

    def _undo(self, group: list[tuple[Work[Any], asyncio.Future[Any]]]) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        if len(group) == 1:
            (_, future), *_ = group
            if not future.done():
                future.set_exception(RolledBack("rolled back; the log says why"))
            return
        for alone in group:
            asyncio.get_running_loop().call_soon(self._run, [alone])
