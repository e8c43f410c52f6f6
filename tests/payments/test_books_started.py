"""A data directory put back as files tells the same place: the bank's newest orders tell that it is old (I1, ADR 100)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, transaction

from banks.errors import BankRefused, BankUnavailable
from banks.fake import FakeTransfers
from banks.transfers import TransferState
from payments import tasks
from payments.errors.outcomes import BooksNotCompared, BooksNotRead
from payments.management.commands import after_restore
from payments.models import Alarm, BooksPlace, BooksStart, FundingAccount, Payment
from payments.services.alarms import books_unread, watch
from payments.services.sending import books_started
from payments.services.sending.books import (
    Standing,
    books_place,
    books_standing,
    note_books_read,
    require_books_read,
    server_started_at,
)
from payments.services.sending.books_started import BANKS_CLOCKS_DIFFER, compared_since_start
from payments.services.sending.send import send_ready_payments
from tests.databases import owner_url_of
from tests.payments.province import Province, rolled_back

STARTS = """
INSERT INTO payments_booksstart (started_at, compared_at, agreed, account)
VALUES (pg_postmaster_start_time(), clock_timestamp(), true, '')
"""


@pytest.fixture
def started_anew(django_db_setup: None) -> Iterator[None]:
    """As after a start of the server: nobody compared the books since. Asked for before anything that looks at them."""
    with psycopg.connect(owner_url_of(connections["default"].settings_dict["NAME"]), autocommit=True) as owner:
        owner.execute("SET lock_timeout = '5s'")
        owner.execute("TRUNCATE payments_booksstart")
        yield
        owner.execute("TRUNCATE payments_booksstart")
        owner.execute(STARTS)


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


class TestAnOrdinaryStart:
    def test_asks_each_account_once_and_goes_on(self, started_anew, province, released, bank, monkeypatch):
        asked = asked_of(bank, monkeypatch)

        send(province, bank)
        assert send(province, bank) == 2

        accounts = FundingAccount.objects.values_list("bank_account_id", flat=True)
        assert {account: len(calls) for account, calls in asked.items()} == dict.fromkeys(accounts, 1)

    def test_asks_from_the_newest_order_we_recorded(self, started_anew, province, released, bank, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr("payments.services.sending.send.books_are_read", lambda: True)
            patch.setattr("payments.services.sending.send.compared_since_start", lambda **_given: True)
            send(province, bank)
        newest = max(state.created_at for state in bank.taken)
        province.clock.advance(days=20)
        asked = asked_of(bank, monkeypatch)

        assert compared_since_start(bank=bank, now=province.clock())

        assert newest - BANKS_CLOCKS_DIFFER in asked[bank.taken[0].financial_account]

    def test_is_compared_by_the_sweeper_too(self, started_anew, province, bank, monkeypatch):
        monkeypatch.setattr(tasks, "the_bank", lambda: bank)

        tasks.find_work()

        assert books_standing() is Standing.READ

    def test_waits_while_the_bank_is_silent_and_is_no_alarm_of_old_books(
        self, started_anew, province, released, bank, monkeypatch
    ):
        def silent(**_asked: object) -> Iterator[list[TransferState]]:
            raise BankUnavailable("no answer")

        with monkeypatch.context() as patch:
            patch.setattr(bank, "list_since", silent)
            assert send(province, bank) == 0
        with pytest.raises(BooksNotCompared):
            require_books_read()
        watch(now=province.clock())
        assert not Alarm.objects.filter(kind="BOOKS_NOT_READ").exists()
        assert books_unread(now=province.clock()) is None

        assert send(province, bank) == 2

    def test_passes_over_an_account_the_bank_does_not_have(self, started_anew, province, released, bank, monkeypatch):
        def no_such_account(**_asked: object) -> Iterator[list[TransferState]]:
            raise BankRefused(code="resource_missing", message="", status=404)

        monkeypatch.setattr(bank, "list_since", no_such_account)

        assert compared_since_start(bank=bank, now=province.clock())

    def test_finds_no_news_in_orders_that_are_not_ours_nor_in_an_attempt_we_left(
        self, started_anew, province, released, bank, monkeypatch
    ):
        put_back_from_before(province, bank)
        with monkeypatch.context() as patch, rolled_back():
            tells(bank, patch, end_to_end_id="", attempt=0)
            assert compared_since_start(bank=bank, now=province.clock())
        Payment.objects.update(attempt=2)

        assert compared_since_start(bank=bank, now=province.clock())


class TestFilesOfBefore:
    def test_pay_nobody_twice(self, started_anew, province, released, bank):
        put_back_from_before(province, bank)

        assert send(province, bank) == 2

        assert set(Payment.objects.values_list("status", flat=True)) == {"READY"}
        assert BooksStart.objects.get().account == "TK-971"

    @pytest.mark.parametrize("change", [{"end_to_end_id": "OFALATERLIST"}, {"attempt": 2}])
    def test_are_known_by_a_list_or_an_attempt_they_have_not(
        self, started_anew, province, released, bank, monkeypatch, change
    ):
        with rolled_back():
            send(province, bank)
        tells(bank, monkeypatch, **change)

        assert not compared_since_start(bank=bank, now=province.clock())
        assert books_standing() is Standing.BEHIND

    def test_are_an_alarm_and_refused_in_words(self, started_anew, province, released, bank):
        put_back_from_before(province, bank)
        compared_since_start(bank=bank, now=province.clock())

        watch(now=province.clock())

        assert Alarm.objects.filter(kind="BOOKS_NOT_READ", cleared_at=None).count() == 1
        assert books_unread(now=province.clock()) is not None
        with pytest.raises(BooksNotRead, match="after_restore"):
            require_books_read()

    def test_are_not_compared_again_before_somebody_read_the_bank(
        self, started_anew, province, released, bank, monkeypatch
    ):
        put_back_from_before(province, bank)
        compared_since_start(bank=bank, now=province.clock())
        tells(bank, monkeypatch, end_to_end_id="")

        assert not compared_since_start(bank=bank, now=province.clock())
        with pytest.raises(IntegrityError, match="the bank was not read"), transaction.atomic():
            BooksStart.objects.create(started_at=server_started_at(), compared_at=province.clock(), agreed=True)

    def test_send_what_is_left_once_the_bank_was_read(self, started_anew, province, released, bank, monkeypatch):
        put_back_from_before(province, bank)
        send(province, bank)

        read_the_bank(province, bank, monkeypatch)

        assert books_standing() is Standing.READ
        assert send(province, bank) == 2
        assert set(Payment.objects.values_list("status", flat=True)) == {"PROCESSING"}

    def test_are_not_of_before_again_for_orders_a_paper_explained(
        self, started_anew, province, released, bank, monkeypatch
    ):
        with rolled_back():
            send(province, bank)
        tells(bank, monkeypatch, end_to_end_id="OFALATERLIST")
        with pytest.raises(CommandError, match="--unknown-orders 4"):
            read_the_bank(province, bank, monkeypatch)
        read_the_bank(province, bank, monkeypatch, unknown_orders=4, document="12/BB")
        monkeypatch.setattr(books_started, "books_standing", lambda: Standing.NOT_COMPARED)  # as after the next start

        compared_since_start(bank=bank, now=province.clock())

        newest = BooksStart.objects.latest("pk")
        assert (newest.agreed, newest.reading) == (True, None)


class TestWhoSaysThatTheyAgree:
    def test_says_so_of_this_start_and_names_the_newest_reading(self, started_anew, province):
        now, actor = province.clock(), province.staff["CHECKER"]
        started = server_started_at()
        old = BooksPlace.objects.latest("pk")
        note_books_read(place=books_place(), actor=actor, now=now)

        with pytest.raises(IntegrityError, match="another start"), transaction.atomic():
            BooksStart.objects.create(started_at=started - timedelta(microseconds=1), compared_at=now, agreed=True)
        with pytest.raises(IntegrityError, match="an old reading"), transaction.atomic():
            BooksStart.objects.create(started_at=started, compared_at=now, agreed=True, reading=old)
