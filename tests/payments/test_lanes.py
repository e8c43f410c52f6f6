"""A receiving bank that does not answer, or is closed, waits by itself; everybody else's money goes."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from banks.fake import FakeTransfers, Fault
from beneficiaries.models import BankAccount, Case
from beneficiaries.services.numbers import keep_account_numbers
from payments import tasks
from payments.models import BankHoliday, BankHours, BankLane, Payment
from payments.services.learning.unknowns import resolve_unknowns
from payments.services.sending import lanes
from payments.services.sending.send import send_ready_payments
from payments.services.sending.waiting_for_banks import WaitsForBank, waiting_for_banks
from tests.payments.province import AUGUST, BANK_BIN, Clock, Province

OTHER = "970436"
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def payments(province: Province, bank) -> list[Payment]:
    """Six released payments: three into each of two banks."""
    people = [province.enrol().beneficiary for _ in range(6)]
    for at, person in enumerate(people):
        bank_bin = BANK_BIN if at % 2 else OTHER
        number = keep_account_numbers([(bank_bin, f"777000{at}")])[bank_bin, f"777000{at}"]
        province.open_account(person, bank_bin=bank_bin, number_id=number)
    province.build(AUGUST)
    return province.release_lists(AUGUST, bank=bank)


def statuses(bank_bin: str) -> list[str]:
    found = Payment.objects.filter(bank_account__in=BankAccount.objects.filter(bank_bin=bank_bin))
    return sorted(found.values_list("status", flat=True))


@pytest.fixture
def broken(payments, monkeypatch, bank, clock) -> BankLane:
    """One bank has not answered twice, and two is the limit here."""
    monkeypatch.setattr(lanes, "FAILURES_TO_OPEN", 2)
    monkeypatch.setattr("payments.services.sending.send.CHUNK", 2)
    monkeypatch.setattr("payments.services.sending.send.RECORD_EVERY", 1)
    for payment in payments:
        if payment.bank_account.bank_bin == BANK_BIN:
            bank.fail_next(payment.end_to_end_id, Fault.LOST_BEFORE_TAKING)
    send_ready_payments(bank=bank, clock=clock)
    return BankLane.objects.get(bank_bin=BANK_BIN)


def answers_with_what_it_keeps(bank: FakeTransfers) -> None:
    """An error of each order it did not answer, told again under the same key for as long as it keeps it."""
    bank._faults.clear()
    for payment in Payment.objects.filter(status="SENT"):
        bank.fail_next(payment.end_to_end_id, *[Fault.STORED_ERROR] * 5)


class TestABankThatDoesNotAnswer:
    def test_opens_its_circuit_and_holds_up_nobody_else(self, broken, clock):
        assert (broken.failures, broken.last_code) == (2, "timeout")
        assert broken.open_until == clock() + timedelta(seconds=lanes.OPEN_SECONDS)
        assert statuses(BANK_BIN) == ["READY", "SENT", "SENT"]
        assert statuses(OTHER) == ["PROCESSING"] * 3

    def test_is_offered_nothing_while_it_is_open(self, broken, bank, clock):
        clock.advance(seconds=lanes.OPEN_SECONDS - 1)

        send_ready_payments(bank=bank, clock=clock)

        assert statuses(BANK_BIN) == ["READY", "SENT", "SENT"]

    def test_is_probed_by_one_order_and_closes_on_its_answer(self, broken, bank, clock):
        bank._faults.clear()
        clock.advance(seconds=lanes.OPEN_SECONDS)

        send_ready_payments(bank=bank, clock=clock)

        broken.refresh_from_db()
        assert (broken.failures, broken.opened_at, broken.open_until) == (0, None, None)
        assert statuses(BANK_BIN) == ["PROCESSING", "SENT", "SENT"]

    def test_opens_for_longer_when_the_probe_has_no_answer(self, broken, bank, clock):
        clock.advance(seconds=lanes.OPEN_SECONDS)

        send_ready_payments(bank=bank, clock=clock)

        broken.refresh_from_db()
        assert (broken.failures, broken.open_until) == (3, clock() + timedelta(seconds=2 * lanes.OPEN_SECONDS))
        assert statuses(BANK_BIN) == ["SENT"] * 3

    def test_is_probed_by_a_replay_when_nothing_else_waits(self, broken, bank, clock):
        bank._faults.clear()
        Payment.objects.filter(status="READY").update(hold_code="test")
        clock.advance(seconds=121)

        resolve_unknowns(bank=bank, clock=clock)
        resolve_unknowns(bank=bank, clock=clock)

        assert statuses(BANK_BIN) == ["PROCESSING", "PROCESSING", "READY"]

    def test_is_probed_by_what_waits_first_a_replay_may_only_repeat_what_was_said(self, broken, bank, clock):
        """The bank keeps a 500 of each order it did not answer: said again, that tells nothing, and the order that waits stood behind them."""
        answers_with_what_it_keeps(bank)
        clock.advance(seconds=121)

        for _ in range(3):
            resolve_unknowns(bank=bank, clock=clock)
            clock.advance(seconds=lanes.OPEN_SECONDS)
        assert Payment.objects.filter(inconclusive_at=None, status="SENT").count() == 2
        send_ready_payments(bank=bank, clock=clock)

        assert statuses(BANK_BIN) == ["PROCESSING", "SENT", "SENT"]

    def test_a_probe_that_tells_nothing_is_given_back_at_once(self, broken, bank, clock):
        answers_with_what_it_keeps(bank)
        Payment.objects.filter(status="READY").update(hold_code="test")
        clock.advance(seconds=121)

        for _ in range(2):
            resolve_unknowns(bank=bank, clock=clock)

        assert Payment.objects.filter(inconclusive_at=None, status="SENT").count() == 0
        broken.refresh_from_db()
        assert (broken.failures, broken.opened_at is None) == (2, False), "and says nothing of the bank's health"

    def test_replays_go_on_while_our_own_bank_takes_nothing_new(self, broken, bank, clock):
        BankHoliday.objects.create(on=date(2024, 8, 5), name="Nghỉ")
        bank._faults.clear()
        clock.advance(seconds=121)

        resolve_unknowns(bank=bank, clock=clock)

        assert "PROCESSING" in statuses(BANK_BIN)

    def test_one_probe_at_a_time(self, broken, clock):
        clock.advance(seconds=lanes.OPEN_SECONDS)

        assert [lanes.take_probe(bank_bin=BANK_BIN, now=clock()) for _ in range(2)] == [True, False]


class TestHours:
    def hours(self, bank_bin: str) -> None:
        for weekday in range(5):
            BankHours.objects.create(bank_bin=bank_bin, weekday=weekday, opens_at=time(8), closes_at=time(16, 30))

    @pytest.mark.parametrize(
        ("at", "sent"),
        [
            ((5, 7, 59), False),
            ((5, 8, 0), True),
            ((5, 16, 29), True),
            ((5, 16, 30), False),  # the cut-off itself
            ((10, 10, 0), False),  # a Saturday
        ],
    )
    def test_after_the_cut_off_waits_and_goes_when_the_bank_opens(self, payments, bank, clock, at, sent):
        self.hours(BANK_BIN)
        clock.now = datetime(2024, 8, *at, tzinfo=VIETNAM)

        send_ready_payments(bank=bank, clock=clock)

        assert statuses(OTHER) == ["PROCESSING"] * 3
        assert statuses(BANK_BIN) == (["PROCESSING"] * 3 if sent else ["READY"] * 3)
        clock.now = datetime(2024, 8, 12, 9, 0, tzinfo=VIETNAM)
        send_ready_payments(bank=bank, clock=clock)
        assert statuses(BANK_BIN) == ["PROCESSING"] * 3

    @pytest.fixture
    def late(self, clock: Clock) -> None:
        """A Thursday ten minutes after the cut-off."""
        clock.now = datetime(2024, 8, 8, 16, 40, tzinfo=VIETNAM)

    def test_released_after_the_cut_off_goes_the_next_working_morning_by_the_clock_alone(
        self, late, payments, bank, clock, monkeypatch
    ):
        """The Friday is that bank's holiday. From the release on nobody does anything: only the sweeper's task rings."""
        self.hours(BANK_BIN)
        BankHoliday.objects.create(bank_bin=BANK_BIN, on=date(2024, 8, 9), name="Nghỉ bù")
        monkeypatch.setattr(tasks, "database_now", clock)
        monkeypatch.setattr(tasks, "the_bank", lambda: bank)
        monkeypatch.setattr(tasks.send_payments, "delay", tasks.send_payments)

        went = {}
        while clock() <= datetime(2024, 8, 12, 9, 20, tzinfo=VIETNAM):
            tasks.find_work()
            for bank_bin in (BANK_BIN, OTHER):
                if statuses(bank_bin) == ["PROCESSING"] * 3:
                    went.setdefault(bank_bin, clock().astimezone(VIETNAM))
            clock.advance(minutes=40)

        assert went == {
            OTHER: datetime(2024, 8, 8, 16, 40, tzinfo=VIETNAM),
            BANK_BIN: datetime(2024, 8, 12, 8, 0, tzinfo=VIETNAM),
        }
        assert len(bank.taken) == 6
        assert not Case.objects.exists()

    def test_our_own_banks_holiday_is_everybodys(self, payments, bank, clock):
        BankHoliday.objects.create(on=date(2024, 8, 5), name="Nghỉ")

        send_ready_payments(bank=bank, clock=clock)

        assert bank.taken == []


class TestWhatIsToldOfThem:
    def test_names_the_bank_that_is_waited_for_and_how_much(self, payments, clock):
        BankLane.objects.create(bank_bin=BANK_BIN, failures=10, opened_at=clock(), open_until=clock())
        BankHoliday.objects.create(bank_bin=OTHER, on=date(2024, 8, 5))
        meant = sum(payment.amount for payment in payments if payment.bank_account.bank_bin == BANK_BIN)

        told = waiting_for_banks(Payment.objects.all(), now=clock())

        assert told == [WaitsForBank(BANK_BIN, True, 3, meant), WaitsForBank(OTHER, False, 3, meant)]

    def test_is_of_all_while_our_own_bank_is_closed_and_of_nobody_people_hold(self, payments, clock):
        assert waiting_for_banks(Payment.objects.all(), now=clock()) == []
        BankHoliday.objects.create(bank_bin="", on=date(2024, 8, 5))
        Payment.objects.filter(pk=payments[0].pk).update(hold_code="x")

        (told,) = waiting_for_banks(Payment.objects.all(), now=clock())

        assert (told.bank_bin, told.people) == ("", 5)
