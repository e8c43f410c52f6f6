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
    """Something failed while a group was written, so none of the group happened."""


class GroupCommit:
    """Collects work during one turn of the event loop and runs it as one transaction at the end of that turn."""

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
        outcomes: list[tuple[asyncio.Future[Any], Any, ApiError | None]] = []
        committed = False
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for work, future in group:
                try:
                    outcomes.append((future, work(self._connection), None))
                except ApiError as refusal:
                    outcomes.append((future, None, refusal))
            self._connection.execute("COMMIT")
            committed = True
        finally:
            if not committed:
                self._connection.execute("ROLLBACK")
                for _, future in group:
                    if not future.done():
                        future.set_exception(RolledBack("the group was rolled back"))
        self.groups += 1
        for future, result, error in outcomes:
            if future.done():
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)
