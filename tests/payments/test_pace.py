"""A slow bank does not hold the calls others need; nothing of it is left behind either."""

import time

import pytest

from banks.fake import FakeTransfers
from banks.pool import work_refilled
from banks.transfers import NotSent, Transfer
from beneficiaries.models import BankAccount
from beneficiaries.services.numbers import keep_account_numbers
from payments.models import Payment
from payments.services.sending import pace as pacing
from payments.services.sending.pace import Pace
from payments.services.sending.send import send_ready_payments
from tests.payments.province import AUGUST, BANK_BIN

SLOW, QUICK = BANK_BIN, "970436"


def order(number: int, bank: str) -> Transfer:
    return Transfer(
        end_to_end_id=f"E{number}",
        attempt=1,
        amount=1,
        financial_account="fa_971",
        bank_bin=bank,
        account_number="1",
        holder_name="A",
        description="",
        payment_id=number,
    )


class Watch:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def pace(watch) -> Pace:
    """A sender that has one answer of a slow bank (2 s) and one of a quick one (0.1 s)."""
    pace = Pace(slow_at_once=2, clock=watch)
    for number, (bank, seconds) in enumerate(((SLOW, 2.0), (QUICK, 0.1))):
        pace.add([order(number, bank)])
        called = pace.next()
        pace.calls(called)
        watch.now += seconds
        pace.answered(called)
    return pace


class TestWhoseTurn:
    def test_a_slow_bank_holds_its_share_and_others_pass(self, pace):
        pace.add([order(number, SLOW) for number in range(10, 15)] + [order(20, QUICK)])

        assert [pace.next().payment_id for _ in range(3)] == [10, 11, 20]
        assert pace.next() is None
        assert pace.slow() == [SLOW]

    def test_when_nothing_else_waits_it_may_hold_all(self, pace):
        pace.add([order(number, SLOW) for number in range(10, 15)])

        turns = [pace.next() or pace.next_slow() for _ in range(6)]

        assert [one and one.payment_id for one in turns] == [10, 11, 12, 13, 14, None]

    def test_an_answer_makes_room(self, pace):
        pace.add([order(number, SLOW) for number in range(10, 13)])
        first, _ = pace.next(), pace.next()
        pace.answered(first)

        assert pace.next().payment_id == 12

    def test_a_bank_that_became_quick_is_slow_no_more(self, pace, watch):
        for number in range(30, 40):
            pace.add([order(number, SLOW)])
            called = pace.next() or pace.next_slow()
            pace.calls(called)
            pace.answered(called)

        assert pace.slow() == []

    def test_banks_that_are_all_slow_are_as_quick_as_it_gets(self, watch):
        pace = Pace(slow_at_once=1, clock=watch)
        for number, bank in enumerate((SLOW, QUICK)):
            pace.add([order(number, bank)])
            called = pace.next()
            pace.calls(called)
            watch.now += 2.0
            pace.answered(called)

        assert pace.slow() == []


class Threads(FakeTransfers):
    """Four threads; one bank answers late."""

    def send_many(self, transfers, *, may_send=None):
        def work(pair):
            transfer, first_use = pair
            if may_send is not None and not may_send(transfer):
                return NotSent()
            if transfer.bank_bin == SLOW:
                time.sleep(0.15)
            return self.send(transfer, first_use=first_use)

        for (transfer, _), outcome in work_refilled(transfers, work, workers=4, ahead=2):
            yield transfer, outcome


def test_others_are_paid_while_the_slow_one_takes_its_time(province, clock, monkeypatch):
    monkeypatch.setattr(pacing, "SLOW_SECONDS", 0.05)
    bank = Threads(balances={"fa_971": 10**9, "fa_972": 10**9}, now=clock)
    for at, bin_ in enumerate([SLOW] * 12 + [QUICK] * 12):
        number = keep_account_numbers([(bin_, f"777{at:04d}")])[bin_, f"777{at:04d}"]
        province.open_account(province.enrol().beneficiary, bank_bin=bin_, number_id=number)
    province.build(AUGUST)
    province.release_lists(AUGUST, bank=bank)
    banks = dict(BankAccount.objects.values_list("beneficiary", "bank_bin"))
    ours = {key: banks[person] for key, person in Payment.objects.values_list("end_to_end_id", "beneficiary")}

    send_ready_payments(bank=bank, clock=clock)

    order_of_banks = [ours[state.end_to_end_id] for state in bank.taken]
    last_quick = max(at for at, bin_ in enumerate(order_of_banks) if bin_ == QUICK)
    assert len(order_of_banks) == 24
    assert order_of_banks[: last_quick + 1].count(SLOW) < 12
