"""A data directory put back as files tells the same place: the bank's newest orders tell that it is old (I1, ADR 100)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.core.management import CommandError
from django.db import IntegrityError, transaction

from banks.errors import BankRefused, BankUnavailable
from banks.transfers import TransferState
from payments import tasks
from payments.errors.outcomes import BooksNotCompared, BooksNotRead
from payments.models import Alarm, BooksPlace, BooksStart, FundingAccount, Payment
from payments.services.alarms import books_unread, watch
from payments.services.learning.learn import Learned, apply_states
from payments.services.sending import books_started
from payments.services.sending import send as sending
from payments.services.sending.books import (
    Standing,
    books_place,
    books_standing,
    note_books_read,
    require_books_read,
    server_started_at,
)
from payments.services.sending.books_started import BANKS_CLOCKS_DIFFER, compared_since_start
from payments.services.sending.send import replay_unknown_payments
from tests.payments.province import rolled_back
from tests.payments.starts import asked_of, put_back_from_before, read_the_bank, send, sent_before_it, silent, tells


class TestAnOrdinaryStart:
    def test_asks_each_account_once_and_goes_on(self, started_anew, province, released, bank, monkeypatch):
        asked = asked_of(bank, monkeypatch)

        send(province, bank)
        assert send(province, bank) == 2

        accounts = FundingAccount.objects.values_list("bank_account_id", flat=True)
        assert {account: len(calls) for account, calls in asked.items()} == dict.fromkeys(accounts, 1)

    def test_costs_whoever_sends_no_statement_once_compared(self, province, released, bank, monkeypatch):
        asked = Mock()
        monkeypatch.setattr(sending, "books_standing", asked)

        assert send(province, bank) == 2

        asked.assert_not_called()

    def test_asks_from_the_newest_order_we_recorded(self, started_anew, province, released, bank, monkeypatch):
        sent_before_it(province, bank, monkeypatch)
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

    def test_are_known_by_the_one_account_that_paid_since(self, started_anew, province, released, bank, monkeypatch):
        with rolled_back():
            send(province, bank)
        shown = {"fa_972": [replace(bank.taken[0], end_to_end_id="OFALATERLIST", financial_account="fa_972")]}
        monkeypatch.setattr(bank, "list_since", lambda **asked: iter([shown.get(asked["financial_account"], [])]))

        assert send(province, bank) == 2
        assert BooksStart.objects.get().account == "TK-972"

    @pytest.mark.parametrize("minutes", [-10, 0, 10])
    def test_are_known_whatever_the_bank_told_of_an_order_under_way_meanwhile(
        self, started_anew, province, released, bank, monkeypatch, minutes
    ):
        """Copied between claim and call; that order left last, and the bank's word of it came before the comparison."""
        bank._now = lambda: province.clock() + timedelta(minutes=minutes)
        first, last = Payment.objects.order_by("pk")
        Payment.objects.filter(pk=last.pk).apply(
            "CLAIM", now=province.clock(), first_used_at=province.clock(), lease_until=province.clock()
        )
        with rolled_back(), monkeypatch.context() as patch:
            province.clock.advance(minutes=20)
            sent_before_it(province, bank, patch)
            province.clock.advance(minutes=20)
            patch.setattr("payments.services.sending.send.books_are_read", lambda: True)
            replay_unknown_payments(bank=bank, clock=province.clock)
        assert [state.end_to_end_id for state in bank.taken] == [first.end_to_end_id, last.end_to_end_id]
        apply_states(states=bank.taken[1:], now=province.clock(), learned=Learned())

        assert not compared_since_start(bank=bank, now=province.clock())

    def test_stay_so_at_the_next_start_whatever_was_learned_since(
        self, found_old_at_another_start, province, released, bank, monkeypatch
    ):
        monkeypatch.setattr(bank, "list_since", lambda **_asked: iter([]))

        assert books_standing() is Standing.BEHIND
        assert send(province, bank) == 0
        with pytest.raises(IntegrityError, match="the bank was not read"), transaction.atomic():
            BooksStart.objects.create(started_at=server_started_at(), compared_at=province.clock(), agreed=True)

        read_the_bank(province, bank, monkeypatch)
        assert send(province, bank) == 2

    def test_stay_so_when_a_reading_breaks_off(self, started_anew, province, released, bank, monkeypatch):
        put_back_from_before(province, bank)
        older = bank.taken[0]
        bank._states[older.bank_reference] = replace(older, created_at=older.created_at - timedelta(hours=1))

        def breaks_off(**_asked: object) -> Iterator[list[TransferState]]:
            yield bank.taken[1:]
            raise BankUnavailable("no answer")

        with monkeypatch.context() as patch:
            patch.setattr(bank, "list_since", breaks_off)
            with pytest.raises(CommandError, match="Chưa được gửi tiền"):
                read_the_bank(province, bank, patch)

        assert send(province, bank) == 2
        assert books_standing() is Standing.BEHIND

    def test_are_not_read_before_they_could_be_compared(self, started_anew, province, released, bank, monkeypatch):
        put_back_from_before(province, bank)

        with monkeypatch.context() as patch:
            patch.setattr(bank, "list_since", silent)
            with pytest.raises(CommandError, match="Chưa đọc gì"):
                read_the_bank(province, bank, patch)

        assert BooksPlace.objects.filter(agreed=False).count() == 0

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
