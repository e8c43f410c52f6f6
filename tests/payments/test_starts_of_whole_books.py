"""A start of the server in the middle of sending, and what a bank may show beside: books that are whole go on (ADR 100)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest
from django.db import connections

from banks.errors import BankAnswerUnreadable, BankUnavailable
from banks.fake import Fault
from banks.transfers import TransferState
from payments.models import FundingAccount, Payment
from payments.services.sending.books import Standing, books_standing
from payments.services.sending.books_started import compared_since_start
from tests.databases import owner_url_of
from tests.payments.starts import asked_of, put_back_from_before, send, sent_before_it, tells

ORDERS = 20_000


class TestACrashInTheMiddleOfSending:
    """Whatever a start finds under way left by our books' leave: they go on."""

    @pytest.fixture
    def two_payments(self, started_anew, province, released, bank, monkeypatch) -> Iterator[list[str]]:
        """Their ids, while the start is not looked at yet."""
        yield list(Payment.objects.order_by("pk").values_list("end_to_end_id", flat=True))
        assert compared_since_start(bank=bank, now=province.clock())

    @pytest.mark.parametrize("faults", [[Fault.LOST_AFTER_TAKING], [Fault.LOST_BEFORE_TAKING]])
    def test_that_lost_answers_goes_on(self, two_payments, province, bank, monkeypatch, faults):
        for one in two_payments:
            bank.fail_next(one, *faults)

        sent_before_it(province, bank, monkeypatch)

        assert set(Payment.objects.values_list("status", flat=True)) == {"SENT"}

    def test_after_which_the_bank_took_nothing_goes_on(self, two_payments, province, bank, monkeypatch):
        bank.fail_next(two_payments[0], Fault.CONNECTION_REFUSED)

        sent_before_it(province, bank, monkeypatch)

        assert set(Payment.objects.values_list("status", flat=True)) == {"READY", "PROCESSING"}

    def test_beside_a_list_that_lags_goes_on(self, two_payments, province, bank, monkeypatch):
        sent_before_it(province, bank, monkeypatch)

        tells(bank, monkeypatch, end_to_end_id="", attempt=0)

    @pytest.mark.parametrize("minutes", [-10, 10])
    def test_at_a_bank_of_another_clock_goes_on(self, two_payments, province, bank, monkeypatch, minutes):
        bank._now = lambda: province.clock() + timedelta(minutes=minutes)

        sent_before_it(province, bank, monkeypatch)

        assert Payment.objects.filter(status="PROCESSING").count() == 2


class TestWhatElseABankMayShow:
    def test_orders_typed_at_the_bank_under_an_id_are_none_of_ours(
        self, started_anew, province, released, bank, monkeypatch
    ):
        put_back_from_before(province, bank)
        tells(bank, monkeypatch, end_to_end_id="CUANGUOIKHAC01", attempt=0)

        assert compared_since_start(bank=bank, now=province.clock())

    @pytest.mark.parametrize(("ours_shown", "goes_on"), [(True, True), (False, False)])
    def test_an_entry_nobody_can_read_stops_nothing_beside_orders_we_know(
        self, started_anew, province, released, bank, monkeypatch, ours_shown, goes_on
    ):
        put_back_from_before(province, bank)
        Payment.objects.update(attempt=2)  # left under a later key: known
        shown = [bank.taken] if ours_shown else []

        def with_one_unreadable(**_asked: object) -> Iterator[list[TransferState]]:
            yield from shown
            raise BankAnswerUnreadable("1 entries of a list")

        monkeypatch.setattr(bank, "list_since", with_one_unreadable)

        assert compared_since_start(bank=bank, now=province.clock()) is goes_on
        assert books_standing() is not Standing.BEHIND

    def test_one_silent_account_is_waited_for_beside_others_that_answer(
        self, started_anew, province, released, bank, monkeypatch
    ):
        list_since = bank.list_since

        def one_silent(*, financial_account: str, since: datetime) -> Iterator[list[TransferState]]:
            if financial_account == "fa_972":
                raise BankUnavailable("no answer")
            return list_since(financial_account=financial_account, since=since)

        monkeypatch.setattr(bank, "list_since", one_silent)

        assert send(province, bank) == 0
        assert books_standing() is Standing.NOT_COMPARED

    def test_a_province_that_sends_by_files_alone_asks_nobody(
        self, started_anew, province, released, bank, monkeypatch
    ):
        FundingAccount.objects.update(sends_by="FILE")
        monkeypatch.setattr(bank, "list_since", None)

        assert compared_since_start(bank=bank, now=province.clock())

    def test_another_process_that_compares_is_not_doubled(self, started_anew, province, released, bank, monkeypatch):
        asked = asked_of(bank, monkeypatch)
        with psycopg.connect(owner_url_of(connections["default"].settings_dict["NAME"])) as another:
            another.execute("SELECT pg_advisory_lock(hashtext('compare_books'))")

            assert send(province, bank) == 0

            another.execute("SELECT pg_advisory_unlock(hashtext('compare_books'))")

        assert asked == {}
        assert send(province, bank) == 2


class TestAStartAfterABusyMinute:
    def test_reads_its_last_seconds_alone(self, started_anew, province, released, bank, monkeypatch):
        """20,000 orders in 60 seconds, 333 in each: the newest three are 10 pages of 200."""
        sent_before_it(province, bank, monkeypatch)
        newest, pages, list_since = bank.taken[-1], [], bank.list_since
        bank._states = {
            f"obp_{number}": replace(
                newest, end_to_end_id="", created_at=newest.created_at - timedelta(seconds=number * 60 // ORDERS)
            )
            for number in reversed(range(ORDERS))
        }
        monkeypatch.setattr(
            bank, "list_since", lambda **asked: (pages.append(1) or page for page in list_since(**asked))
        )

        assert compared_since_start(bank=bank, now=province.clock())

        assert len(pages) == 10
