"""A paid month in one transaction per module, each test in a savepoint of its own: paid once, looked at often."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections, transaction
from pytest_django import DjangoDbBlocker

from tests.reconciliation.paid_month import PaidMonth, make_paid_month


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def month_once(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PaidMonth]:
    with django_db_blocker.unblock(), undone():
        yield make_paid_month(tmp_path_factory.mktemp("month"))


@pytest.fixture
def month(month_once: PaidMonth) -> Iterator[PaidMonth]:
    """August 2024 is paid; no statement was received yet."""
    with undone():
        yield month_once


@pytest.fixture(scope="module")
def owners_month_once(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PaidMonth]:
    """The same, written by the database's owner: the only one who could switch the guards off and damage what is final."""
    ours = connections["default"]
    connections["default"] = connections["owner"]
    with django_db_blocker.unblock():
        with undone():
            yield _reconciled(tmp_path_factory.mktemp("month"))
        connections["owner"].close()
    connections["default"] = ours


def _reconciled(folder: Path) -> PaidMonth:
    month = make_paid_month(folder)
    month.receive(*month.pages)
    return month


@pytest.fixture
def reconciled(owners_month_once: PaidMonth) -> Iterator[PaidMonth]:
    """August 2024 is paid and both statements are taken in; this connection is the owner's."""
    with undone():
        yield owners_month_once
