"""Group commit: together when all is well, apart when one of them breaks."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from mockbank.committer import GroupCommit, RolledBack
from mockbank.errors import ApiError


def insert(number: int, connection: sqlite3.Connection) -> int:
    connection.execute("INSERT INTO taken VALUES (?)", (number,))
    return number


def break_after_writing(connection: sqlite3.Connection) -> int:
    insert(-1, connection)
    raise ZeroDivisionError


def refuse(connection: sqlite3.Connection) -> int:
    raise ApiError(status=400, code="no", message="no")


@pytest.fixture
def connection(tmp_path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(tmp_path / "books.sqlite3", isolation_level=None)
    connection.execute("CREATE TABLE taken (number INTEGER)")
    return connection


def taken(connection: sqlite3.Connection) -> list[int]:
    return [number for (number,) in connection.execute("SELECT number FROM taken ORDER BY number")]


class TestGroupCommit:
    def test_commits_what_arrives_together_in_one_transaction(self, connection: sqlite3.Connection) -> None:
        commits = GroupCommit(connection)

        async def arrive() -> list[int]:
            return list(await asyncio.gather(*(commits.submit(lambda c, n=n: insert(n, c)) for n in range(5))))

        assert asyncio.run(arrive()) == [0, 1, 2, 3, 4]
        assert commits.groups == 1
        assert taken(connection) == [0, 1, 2, 3, 4]

    def test_a_refusal_concerns_only_the_one_who_gets_it(self, connection: sqlite3.Connection) -> None:
        commits = GroupCommit(connection)

        async def arrive() -> list[object]:
            works = (lambda c: insert(1, c), refuse, lambda c: insert(2, c))
            return list(await asyncio.gather(*(commits.submit(work) for work in works), return_exceptions=True))

        results = asyncio.run(arrive())
        assert (results[0], results[2]) == (1, 2)
        assert isinstance(results[1], ApiError)
        assert taken(connection) == [1, 2]

    def test_one_that_breaks_leaves_no_trace_and_spares_the_others(self, connection: sqlite3.Connection) -> None:
        commits = GroupCommit(connection)

        async def arrive() -> list[object]:
            asyncio.get_running_loop().set_exception_handler(lambda loop, context: None)
            works = (lambda c: insert(1, c), break_after_writing, lambda c: insert(2, c))
            return list(await asyncio.gather(*(commits.submit(work) for work in works), return_exceptions=True))

        results = asyncio.run(arrive())
        assert (results[0], results[2]) == (1, 2)
        assert isinstance(results[1], RolledBack)
        assert taken(connection) == [1, 2]
