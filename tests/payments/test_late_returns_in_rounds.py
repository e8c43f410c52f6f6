"""The nightly reading goes on where the round before ended, and learns all the same of every return."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from banks import fake
from banks.errors import BankAnswerUnreadable, BankUnavailable
from banks.fake import FakeTransfers
from banks.transfers import Status, TransferState
from payments.models import Heartbeat, Payment
from payments.services.learning.late_returns import ONCE_IN, fetch_late_returns
from payments.services.learning.learn import fetch_states
from payments.services.sending.send import send_ready_payments
from tests.payments.province import Province

ORDERS = 5


@pytest.fixture
def returned(province: Province, bank: FakeTransfers, monkeypatch: pytest.MonkeyPatch) -> list[Payment]:
    """Credited payments, a second between each two at the bank, whose money came back but for the oldest's; nobody rang. Pages of one."""
    payments = province.pay_through_accounts(ORDERS + 1, bank=bank)
    monkeypatch.setattr("payments.services.sending.send.CHUNK", 1)
    send_ready_payments(bank=bank, clock=lambda: province.clock.advance(seconds=1) or province.clock())
    bank.post_all()
    fetch_states(bank=bank, now=province.clock())
    assert set(Payment.objects.values_list("status", flat=True)) == {"POSTED"}
    province.clock.advance(days=5)
    for state in bank.taken[1:]:
        bank.move(state.bank_reference, to=Status.RETURNED, return_code="account_closed")
    monkeypatch.setattr(fake, "PAGE_SIZE", 1)
    return payments


def after(calls: int) -> Callable[[], bool]:
    """Hurries from that many questions on; the first is asked before anything is read."""
    asked = iter(range(10**6))
    return lambda: next(asked) >= calls


def known() -> int:
    return Payment.objects.filter(status="RETURNED").count()


def kept() -> list[str]:
    return [name.partition(":")[0] for name in Heartbeat.objects.order_by("name").values_list("name", flat=True)]


class TestRounds:
    def test_end_in_time_and_go_on_where_the_last_one_ended(self, returned, bank, clock, monkeypatch):
        pages, lists = [], bank.list_since
        monkeypatch.setattr(bank, "list_since", lambda **asked: (pages.append(1) or page for page in lists(**asked)))
        read = []
        for _ in range(ORDERS + 3):
            before = len(pages)
            fetch_late_returns(bank=bank, now=clock(), hurries=after(1))
            assert len(pages) - before <= 2  # the one it ended in, again, and one more
            read.append(known())
            clock.advance(seconds=300)

        assert read[0] < ORDERS == read[-1] and read == sorted(read) and len(set(read)) > 2
        assert kept() == ["returns-read"]

    def test_what_was_read_to_its_end_is_read_again_the_next_night_only(self, returned, bank, clock, monkeypatch):
        fetch_late_returns(bank=bank, now=clock())
        assert known() == ORDERS
        read, lists = [], bank.list_since
        monkeypatch.setattr(bank, "list_since", lambda **asked: read.append(1) or lists(**asked))

        fetch_late_returns(bank=bank, now=clock())
        assert read == []
        clock.advance(seconds=ONCE_IN / timedelta(seconds=1) + 1)
        fetch_late_returns(bank=bank, now=clock())
        assert read == [1]

    def test_a_silent_bank_costs_nothing_of_what_was_read(self, returned, bank, clock, monkeypatch):
        lists = bank.list_since

        def breaks(**asked: object) -> Iterator[list[TransferState]]:
            pages = lists(**asked)
            yield next(pages)
            yield next(pages)
            raise BankUnavailable("HTTP 503")

        monkeypatch.setattr(bank, "list_since", breaks)
        assert not fetch_late_returns(bank=bank, now=clock()).complete
        assert known() == 2
        monkeypatch.setattr(bank, "list_since", lists)

        assert fetch_late_returns(bank=bank, now=clock()).complete
        assert known() == ORDERS

    def test_one_nobody_can_read_does_not_keep_the_newest_from_being_read_for_ever(
        self, returned, bank, clock, monkeypatch
    ):
        lists = bank.list_since

        def with_one_unreadable(**asked: object) -> Iterator[list[TransferState]]:
            yield from lists(**asked)
            raise BankAnswerUnreadable("1 entries of a list")

        monkeypatch.setattr(bank, "list_since", with_one_unreadable)
        for _ in range(2):
            fetch_late_returns(bank=bank, now=clock())

        assert known() == ORDERS
        assert kept() == ["returns-read"]
