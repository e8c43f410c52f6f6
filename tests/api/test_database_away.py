"""A database that restarts, is cut off or has no room is told as that, to programs and to people: nobody is told that nothing was written who can't know."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from psycopg import errors

from staff.models import Role, User

AWAY = "Việc vừa làm có thể đã ghi hoặc chưa"


@contextmanager
def database(error: type[Exception], cause: Exception | None) -> Iterator[None]:
    """Every statement fails so."""

    def fails(*_asked: object) -> NoReturn:
        raise error("the connection is lost") from cause

    with connection.execute_wrapper(fails):
        yield


@pytest.fixture
def browser(db: None) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create(username="ketoan", full_name="Trần Văn Kiểm", role=Role.CHECKER))
    return client


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize(
    "cause", [None, errors.AdminShutdown(), errors.CannotConnectNow(), errors.TooManyConnections()]
)
def test_a_database_that_is_away_is_503(browser: Client, error: type[Exception], cause: Exception | None) -> None:
    with database(error, cause):
        page, answer = browser.get("/"), browser.get("/api/batches/")

    assert (page.status_code, page["Retry-After"], answer.status_code) == (503, "60", 503)
    assert AWAY in page.content.decode()
    assert answer.json()["code"] == "DATABASE_AWAY"
    assert AWAY in answer.json()["sentence"]


def test_a_full_one_says_that_nothing_was_written(browser: Client) -> None:
    with database(OperationalError, errors.DiskFull()):
        page, answer = browser.get("/"), browser.get("/api/batches/")

    assert "hết chỗ ghi, việc này chưa được thực hiện" in page.content.decode()
    assert (answer.status_code, answer.json()["code"]) == (503, "DATABASE_FULL")


@pytest.mark.parametrize("cause", [errors.QueryCanceled(), errors.UndefinedTable()])
def test_any_other_fault_stays_one_of_ours(browser: Client, cause: Exception) -> None:
    with database(OperationalError, cause):
        answer = browser.get("/")

    assert answer.status_code == 500
    assert "Hệ thống gặp lỗi" in answer.content.decode()
