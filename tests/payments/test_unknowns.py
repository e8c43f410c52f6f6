"""What the bank never answered: replayed under the same key, then looked for, and only then offered anew (I3)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from banks.errors import BankUnavailable
from banks.fake import FakeTransfers, Fault
from banks.transfers import Status, Unknown
from beneficiaries.models import Case
from payments.models import Payment
from payments.services.learning.learn import Learned, fetch_states
from payments.services.learning.unknowns import resolve_unknowns
from payments.services.sending.send import replay_unknown_payments, send_ready_payments
from tests.payments.province import Province, another_reads

PAST_THE_LEASE = 121
PAST_ALL_DEADLINES = 121 + 61  # a second lease, and the bank's longest processing time


@pytest.fixture
def payment(province: Province, bank: FakeTransfers) -> Payment:
    """One released payment of 750,000 đ."""
    return province.pay_through_accounts(1, bank=bank)[0]


@pytest.fixture
def lose(payment, bank, clock):
    """Send the payment and lose the answers to the first calls, as told."""

    def send(*faults: Fault) -> None:
        bank.fail_next(payment.end_to_end_id, *faults)
        send_ready_payments(bank=bank, clock=clock)

    return send


def keys(bank: FakeTransfers) -> list[tuple[str, int]]:
    return [(state.end_to_end_id, state.attempt) for state in bank.taken]


class TestReplay:
    def test_an_answer_to_an_earlier_attempt_ends_nothing_of_the_present_one(self, payment, clock, lose):
        lose(Fault.LOST_BEFORE_TAKING)
        clock.advance(seconds=PAST_THE_LEASE)

        class Sleeper:
            """Gets the bank's stored answer for the first attempt, and sleeps until others have claimed the second."""

            def send_many(self, transfers, *, may_send):
                for transfer, _ in transfers:
                    Payment.objects.filter(pk=payment.pk).update(attempt=2)
                    yield transfer, Unknown("stored", stored=True)

        replay_unknown_payments(bank=Sleeper(), clock=clock)

        payment.refresh_from_db()
        assert (payment.attempt, payment.inconclusive_at) == (2, None)

    @pytest.mark.parametrize("fault", [Fault.LOST_AFTER_TAKING, Fault.LOST_BEFORE_TAKING])
    def test_a_replay_under_the_same_key_finds_out(self, payment, bank, clock, lose, fault):
        lose(fault)
        clock.advance(seconds=PAST_THE_LEASE)

        resolved = resolve_unknowns(bank=bank, clock=clock)

        payment.refresh_from_db()
        assert resolved.replayed == 1
        assert (payment.status, payment.attempt, keys(bank)) == ("PROCESSING", 1, [(payment.end_to_end_id, 1)])

    def test_nothing_is_replayed_while_the_lease_holds(self, payment, bank, clock, lose):
        lose(Fault.LOST_BEFORE_TAKING)
        clock.advance(seconds=119)

        resolve_unknowns(bank=bank, clock=clock)

        assert bank.taken == []

    @pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.CONNECTION_REFUSED, Fault.LOST_AFTER_TAKING])
    def test_no_answer_to_a_replay_proves_anything(self, payment, bank, clock, lose, fault):
        lose(Fault.LOST_AFTER_TAKING, fault)
        clock.advance(seconds=PAST_THE_LEASE)

        resolved = resolve_unknowns(bank=bank, clock=clock)

        payment.refresh_from_db()
        assert (payment.attempt, resolved.absent, len(bank.taken)) == (1, 0, 1)
        assert payment.status in ("SENT", "PROCESSING")

    def test_a_key_the_bank_may_have_forgotten_is_not_replayed(self, payment, bank, clock, lose):
        lose(Fault.LOST_BEFORE_TAKING)
        clock.advance(hours=21)

        resolve_unknowns(bank=bank, clock=clock)

        payment.refresh_from_db()
        assert (payment.status, payment.attempt, bank.taken) == ("SENT", 1, [])

    def test_is_replayed_before_anything_is_enquired(self, payment, bank, clock, lose, monkeypatch):
        lose(Fault.LOST_BEFORE_TAKING)
        clock.advance(hours=1)
        order: list[str] = []
        take, read = bank.send, bank.list_since
        monkeypatch.setattr(
            bank, "send", lambda t, first_use: order.append(f"send {first_use}") or take(t, first_use=first_use)
        )
        monkeypatch.setattr(bank, "list_since", lambda **asked: order.append("list") or read(**asked))

        resolve_unknowns(bank=bank, clock=clock)

        assert order == ["send False", "list"]

    def test_a_replay_that_was_not_sent_is_no_inconclusive_replay(self, payment, bank, clock, lose, monkeypatch):
        lose(Fault.LOST_BEFORE_TAKING)
        clock.advance(seconds=PAST_THE_LEASE)
        monkeypatch.setattr("payments.services.sending.send.LEASE_MARGIN", 2.0)

        resolve_unknowns(bank=bank, clock=clock)

        payment.refresh_from_db()
        assert (payment.status, payment.inconclusive_at, bank.taken) == ("SENT", None, [])

    def test_one_taken_up_again_behind_itself_is_offered_once(self, payment, bank, clock, lose, monkeypatch):
        """A queue so slow that a lease ends in it: the run of 20,000 under fire met a payment twice in one queue."""
        lose(Fault.LOST_BEFORE_TAKING)
        sent: list[int] = []
        take, many = bank.send, bank.send_many
        monkeypatch.setattr(
            bank, "send", lambda t, first_use: sent.append(t.payment_id) or take(t, first_use=first_use)
        )
        monkeypatch.setattr(bank, "send_many", lambda transfers, may_send: many(list(transfers), may_send=may_send))

        def hurrying():
            clock.advance(seconds=PAST_THE_LEASE)
            return clock()

        sending = replay_unknown_payments(bank=bank, clock=hurrying, limit=2)

        assert (sending.accepted, sent) == (1, [payment.pk])


class TestAbsence:
    @pytest.fixture
    def inconclusive(self, payment, bank, clock, lose):
        """The bank failed, took nothing, and answers every replay with its failure."""
        lose(Fault.STORED_ERROR, Fault.STORED_ERROR)
        clock.advance(seconds=PAST_THE_LEASE)
        resolve_unknowns(bank=bank, clock=clock)

    def test_is_not_concluded_before_every_deadline_has_passed(self, payment, bank, clock, inconclusive):
        clock.advance(seconds=PAST_ALL_DEADLINES - 5)

        resolved = resolve_unknowns(bank=bank, clock=clock)

        payment.refresh_from_db()
        assert (resolved.absent, payment.status, payment.attempt) == (0, "SENT", 1)

    def test_is_concluded_after_the_list_did_not_show_it(self, payment, bank, clock, inconclusive):
        clock.advance(seconds=PAST_ALL_DEADLINES)

        resolved = resolve_unknowns(bank=bank, clock=clock)
        send_ready_payments(bank=bank, clock=clock)

        assert (resolved.absent, keys(bank)) == (1, [(payment.end_to_end_id, 2)])

    @pytest.mark.parametrize("silence", [Fault.LOST_BEFORE_TAKING, Fault.RATE_LIMITED, Fault.CONNECTION_REFUSED])
    def test_is_not_concluded_from_silence(self, payment, bank, clock, lose, silence):
        """Who holds the order and sleeps may still bring it: only the bank's store ends a key (ADR 23)."""
        lose(Fault.LOST_BEFORE_TAKING, silence, silence)
        for _ in range(2):
            clock.advance(seconds=PAST_ALL_DEADLINES)
            resolve_unknowns(bank=bank, clock=clock)
            payment.refresh_from_db()
            assert (payment.status, payment.attempt, bank.taken) == ("SENT", 1, [])
        clock.advance(seconds=PAST_ALL_DEADLINES)

        resolve_unknowns(bank=bank, clock=clock)

        assert keys(bank) == [(payment.end_to_end_id, 1)]

    def test_is_not_concluded_while_the_list_can_not_be_read(self, payment, bank, clock, inconclusive, monkeypatch):
        clock.advance(seconds=PAST_ALL_DEADLINES)
        monkeypatch.setattr(bank, "list_since", _silent)

        resolved = resolve_unknowns(bank=bank, clock=clock)

        payment.refresh_from_db()
        assert resolved.absent == 0
        assert (payment.status, payment.attempt) == ("SENT", 1)

    def test_is_not_concluded_while_another_worker_reads_the_list(
        self, payment, bank, clock, inconclusive, monkeypatch
    ):
        clock.advance(seconds=PAST_ALL_DEADLINES)
        monkeypatch.setattr("payments.services.learning.learn.only_reader", another_reads)

        resolved = resolve_unknowns(bank=bank, clock=clock)

        assert resolved.absent == 0

    @pytest.mark.parametrize(
        "status", [Status.PROCESSING, Status.POSTED, Status.FAILED, Status.RETURNED, Status.CANCELED]
    )
    def test_is_never_concluded_of_what_the_list_shows(self, payment, bank, clock, lose, status, monkeypatch):
        lose(*[Fault.LOST_AFTER_TAKING] * 3)
        clock.advance(seconds=PAST_THE_LEASE)
        monkeypatch.setattr(bank, "send", _stored_error)
        monkeypatch.setattr("payments.services.learning.unknowns.fetch_states", _nothing_learned)
        resolve_unknowns(bank=bank, clock=clock)
        monkeypatch.setattr("payments.services.learning.unknowns.fetch_states", fetch_states)
        bank.move(bank.taken[0].bank_reference, to=status)
        clock.advance(seconds=PAST_ALL_DEADLINES)

        resolved = resolve_unknowns(bank=bank, clock=clock)

        payment.refresh_from_db()
        assert (resolved.absent, payment.attempt) == (0, 1)
        assert payment.status not in ("SENT", "READY")

    def test_finds_a_payment_released_long_before_its_day(self, province, payment, bank, clock, monkeypatch):
        """The list is read from before the payment was sent, however early that was."""
        clock.now -= timedelta(days=20)
        bank.fail_next(payment.end_to_end_id, Fault.LOST_AFTER_TAKING)
        send_ready_payments(bank=bank, clock=clock)
        clock.advance(seconds=PAST_THE_LEASE)
        monkeypatch.setattr(bank, "send", _stored_error)
        monkeypatch.setattr("payments.services.learning.unknowns.fetch_states", _nothing_learned)
        resolve_unknowns(bank=bank, clock=clock)
        monkeypatch.setattr("payments.services.learning.unknowns.fetch_states", fetch_states)
        clock.advance(seconds=PAST_ALL_DEADLINES)

        resolved = resolve_unknowns(bank=bank, clock=clock)

        payment.refresh_from_db()
        assert (resolved.absent, payment.attempt) == (0, 1)

    def test_a_payment_that_was_answered_meanwhile_is_left_alone(self, payment, bank, clock, inconclusive, monkeypatch):
        clock.advance(seconds=PAST_ALL_DEADLINES)

        def answered_meanwhile(*, bank, now):
            learned = fetch_states(bank=bank, now=now)
            Payment.objects.filter(pk=payment.pk).apply("ACCEPTED", now=now)
            return learned

        monkeypatch.setattr("payments.services.learning.unknowns.fetch_states", answered_meanwhile)
        resolved = resolve_unknowns(bank=bank, clock=clock)

        payment.refresh_from_db()
        assert (resolved.absent, payment.status, payment.attempt) == (0, "PROCESSING", 1)

    def test_is_never_concluded_of_what_the_list_shows_with_another_amount(
        self, payment, bank, clock, lose, monkeypatch
    ):
        lose(Fault.LOST_AFTER_TAKING)
        clock.advance(seconds=PAST_THE_LEASE)
        shown = bank.taken[0]
        monkeypatch.setattr(bank, "send", _stored_error)
        monkeypatch.setattr(bank, "list_since", lambda **asked: iter([[replace(shown, amount=shown.amount + 1)]]))
        resolve_unknowns(bank=bank, clock=clock)
        clock.advance(seconds=PAST_ALL_DEADLINES)

        resolved = resolve_unknowns(bank=bank, clock=clock)

        payment.refresh_from_db()
        assert (resolved.absent, payment.status) == (0, "SENT")
        assert Case.objects.get().reason == "BANK_CONTRADICTS"


class TestAKilledWorker:
    def test_a_claim_without_a_call_is_paid_once(self, payment, bank, clock):
        Payment.objects.filter(pk=payment.pk).apply(
            "CLAIM", now=clock(), first_used_at=clock(), lease_until=clock() + timedelta(seconds=120), lease_by="dead:1"
        )
        clock.advance(seconds=PAST_THE_LEASE)

        resolve_unknowns(bank=bank, clock=clock)
        send_ready_payments(bank=bank, clock=clock)

        assert keys(bank) == [(payment.end_to_end_id, 1)]


def _stored_error(transfer, *, first_use):
    """A bank that executed the first call, answered 500, and replays that for ever."""
    return Unknown(code="http_500", stored=True)


def _nothing_learned(*, bank, now):
    return Learned()


def _silent(**asked):
    raise BankUnavailable
