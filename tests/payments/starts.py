"""Starts of the database server, as tests make them: nobody compared the books since; files of before; what the bank's list then shows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import call_command

from banks.errors import BankUnavailable
from banks.fake import FakeTransfers
from banks.transfers import TransferState
from payments.management.commands import after_restore
from payments.services.sending import send as sending
from payments.services.sending.send import send_ready_payments
from tests.payments.province import Province, rolled_back

STARTS = """
INSERT INTO payments_booksstart (started_at, compared_at, agreed, account)
VALUES (pg_postmaster_start_time(), clock_timestamp(), true, '')
"""
FOUND_OLD_AT_ANOTHER_START = (
    "ALTER TABLE payments_booksstart DISABLE TRIGGER booksstart_guard",
    "INSERT INTO payments_booksstart (started_at, compared_at, agreed, account) "
    "VALUES (pg_postmaster_start_time() - interval '1 hour', clock_timestamp(), false, 'TK-971')",
    "ALTER TABLE payments_booksstart ENABLE TRIGGER booksstart_guard",
)


def send(province: Province, bank: FakeTransfers) -> int:
    """How many orders the bank has afterwards."""
    send_ready_payments(bank=bank, clock=province.clock)
    return len(bank.taken)


def put_back_from_before(province: Province, bank: FakeTransfers) -> None:
    """Everything is sent, and then the files of the database are those of before; two days later the bank has forgotten its keys."""
    with rolled_back():
        assert send(province, bank) == 2
    province.clock.advance(days=2)
    bank.forget_keys()


def tells(bank: FakeTransfers, monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """The bank's list shows its orders so."""
    page = [replace(state, **changes) for state in bank.taken]
    monkeypatch.setattr(bank, "list_since", lambda **_asked: iter([page]))


def asked_of(bank: FakeTransfers, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[datetime]]:
    """From when each account's list is asked for, as it is asked."""
    asked: dict[str, list[datetime]] = {}
    list_since = bank.list_since

    def noted(*, financial_account: str, since: datetime) -> Iterator[list[TransferState]]:
        asked.setdefault(financial_account, []).append(since)
        return list_since(financial_account=financial_account, since=since)

    monkeypatch.setattr(bank, "list_since", noted)
    return asked


def read_the_bank(province: Province, bank: FakeTransfers, monkeypatch: pytest.MonkeyPatch, **options: object) -> None:
    monkeypatch.setattr(after_restore, "the_bank", lambda: bank)
    call_command("after_restore", actor=province.staff["CHECKER"].username, stdout=StringIO(), **options)


def sent_before_it(province: Province, bank: FakeTransfers, monkeypatch: pytest.MonkeyPatch) -> None:
    """What left before the start, which nobody has looked at yet."""
    with monkeypatch.context() as patch:
        patch.setattr(sending, "books_are_read", lambda: True)
        patch.setattr(sending, "compared_since_start", lambda **_given: True)
        send_ready_payments(bank=bank, clock=province.clock)


def silent(**_asked: object) -> Iterator[list[TransferState]]:
    """A list the bank does not tell."""
    raise BankUnavailable("no answer")
