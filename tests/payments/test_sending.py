"""Sending: each released payment once, whatever the bank answers; judged by the bank's own ledger."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings

from banks.fake import FakeTransfers, Fault
from banks.transfers import NotTaken
from payments.models import Payment, PaymentBatch
from payments.services.sending import send
from payments.services.sending.send import REST, send_ready_payments
from payments.states import Cause
from tests.payments.province import AUGUST, SEPTEMBER, Province


@pytest.fixture
def payments(province: Province, bank: FakeTransfers) -> list[Payment]:
    """Three released payments of 750,000 đ."""
    return province.pay_through_accounts(3, bank=bank)


def statuses() -> list[str]:
    return list(Payment.objects.order_by("pk").values_list("status", flat=True))


class TestSendReadyPayments:
    def test_hands_every_payment_to_the_bank_once(self, payments, bank, clock):
        sending = send_ready_payments(bank=bank, clock=clock)

        assert sending.accepted == 3
        assert sorted(state.end_to_end_id for state in bank.taken) == sorted(p.end_to_end_id for p in payments)
        assert {(state.amount, state.financial_account) for state in bank.taken} == {(750_000, "fa_971")}

    def test_a_chunk_is_filled_list_by_list_and_takes_no_more_than_it_holds(self, province, bank, clock, monkeypatch):
        for commune in ("97101", "97201"):
            for _ in range(3):
                province.open_account(province.enrol(province.person(commune=commune)).beneficiary)
        province.build(AUGUST)
        waiting = province.release_lists(AUGUST, bank=bank)
        monkeypatch.setattr(send, "CHUNK", 4)

        send_ready_payments(bank=bank, clock=clock, limit=1)

        taken = [payment.end_to_end_id for payment in sorted(waiting, key=lambda p: (p.batch_id, p.pk))[:4]]
        assert [state.end_to_end_id for state in bank.taken] == taken
        assert Payment.objects.filter(status="READY").count() == 2

    def test_a_second_run_sends_nothing(self, payments, bank, clock):
        send_ready_payments(bank=bank, clock=clock)

        again = send_ready_payments(bank=bank, clock=clock)

        assert (again.accepted, len(bank.taken)) == (0, 3)

    def test_keeps_the_banks_reference_and_its_time(self, payments, bank, clock):
        send_ready_payments(bank=bank, clock=clock)

        ours = set(Payment.objects.values_list("end_to_end_id", "bank_reference", "bank_created_at", "status"))

        assert ours == {(s.end_to_end_id, s.bank_reference, s.created_at, "PROCESSING") for s in bank.taken}

    def test_the_intent_is_written_before_the_bank_is_called(self, payments, bank, clock, monkeypatch):
        seen: list[str] = []
        take = bank.send

        def look_then_take(transfer, *, first_use):
            seen.append(Payment.objects.get(pk=transfer.payment_id).status)
            return take(transfer, first_use=first_use)

        monkeypatch.setattr(bank, "send", look_then_take)
        send_ready_payments(bank=bank, clock=clock)

        assert seen == ["SENT"] * 3

    def test_the_clock_that_ends_a_sleeper_is_wound_up_before_each_call(self, payments, bank, clock, monkeypatch):
        """Whoever sleeps between the look at the lease and the call must not make it any more (ADR 23)."""
        wound: list[int] = []

        @contextmanager
        def recording(*, seconds: int) -> Iterator[Callable[[], None]]:
            yield lambda: wound.append(len(bank.taken))

        monkeypatch.setattr(send, "ended_when_asleep", recording)

        send_ready_payments(bank=bank, clock=clock)

        # Orders the bank had each time: before the claim, before every call, and before the look that finds nothing more.
        assert wound == [0, 0, 1, 2, 3]

    def test_the_order_carries_the_account_in_clear_and_the_lists_name(self, payments, bank, clock, monkeypatch):
        orders = []
        take = bank.send
        monkeypatch.setattr(
            bank, "send", lambda order, first_use: orders.append(order) or take(order, first_use=first_use)
        )

        send_ready_payments(bank=bank, clock=clock, limit=1)

        assert orders[0].account_number.startswith("5550")
        assert orders[0].holder_name == Payment.objects.get(pk=orders[0].payment_id).payee_name
        assert orders[0].account_number not in repr(orders[0])

    def test_sends_about_as_many_as_asked(self, payments, bank, clock, monkeypatch):
        monkeypatch.setattr("payments.services.sending.send.CHUNK", 1)

        send_ready_payments(bank=bank, clock=clock, limit=2)

        assert len(bank.taken) == 2

    def test_leaves_a_paused_list_alone(self, payments, bank, clock):
        PaymentBatch.objects.update(paused=True)

        send_ready_payments(bank=bank, clock=clock)

        assert (bank.taken, statuses()) == ([], ["READY"] * 3)

    def test_leaves_an_unreleased_list_alone(self, province, bank, clock):
        province.open_account(province.enrol().beneficiary)
        province.build(AUGUST)
        province.approve_lists(AUGUST)

        send_ready_payments(bank=bank, clock=clock)

        assert (bank.taken, statuses()) == ([], ["DRAFT"])

    def test_leaves_a_stopped_payment_alone(self, province, payments, bank, clock):
        province.take_off(payments[0])

        send_ready_payments(bank=bank, clock=clock)

        assert payments[0].end_to_end_id not in {state.end_to_end_id for state in bank.taken}

    def test_one_bad_answer_does_not_stop_the_rest(self, payments, bank, clock):
        bank.fail_next(payments[0].end_to_end_id, Fault.LOST_BEFORE_TAKING)

        sending = send_ready_payments(bank=bank, clock=clock)

        assert (sending.unknown, sending.accepted) == (1, 2)
        assert statuses() == ["SENT", "PROCESSING", "PROCESSING"]


class TestUnknownIsNotFailed:
    @pytest.mark.parametrize("fault", [Fault.LOST_AFTER_TAKING, Fault.LOST_BEFORE_TAKING])
    def test_an_unknown_outcome_stays_sent_and_is_not_offered_again(self, payments, bank, clock, fault):
        bank.fail_next(payments[0].end_to_end_id, fault)
        send_ready_payments(bank=bank, clock=clock)
        held = len(bank.taken)
        clock.advance(hours=1)

        send_ready_payments(bank=bank, clock=clock)

        payment = Payment.objects.get(pk=payments[0].pk)
        assert (payment.status, payment.attempt, len(bank.taken)) == ("SENT", 1, held)


class TestCertainlyNotTaken:
    @pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.CONNECTION_REFUSED])
    def test_goes_back_to_the_queue_under_the_same_key(self, payments, bank, clock, fault, monkeypatch):
        monkeypatch.setattr("payments.services.sending.send.RECORD_EVERY", 10)
        bank.fail_next(payments[0].end_to_end_id, fault)

        send_ready_payments(bank=bank, clock=clock, limit=3)
        after_refusal = Payment.objects.get(pk=payments[0].pk)
        at_once = send_ready_payments(bank=bank, clock=clock)
        clock.advance(seconds=REST.total_seconds() + 1)
        send_ready_payments(bank=bank, clock=clock)

        payment = Payment.objects.get(pk=payments[0].pk)
        assert (after_refusal.status, after_refusal.cause, after_refusal.attempt) == ("READY", "NOT_TAKEN", 1)
        assert at_once.accepted == 0
        assert (payment.status, payment.attempt, len(bank.taken)) == ("PROCESSING", 1, 3)

    def test_a_refusal_of_the_order_itself_is_held_for_a_person(self, payments, bank, clock, monkeypatch):
        refusal = NotTaken(code="parameter_invalid", message="", retryable=False)
        monkeypatch.setattr(bank, "send", lambda order, first_use: refusal)

        sending = send_ready_payments(bank=bank, clock=clock)
        monkeypatch.undo()
        again = send_ready_payments(bank=bank, clock=clock)

        held = Payment.objects.get(pk=payments[0].pk)
        assert (sending.held, again.accepted, bank.taken) == (3, 0, [])
        assert (held.status, held.hold_code, held.attempt) == ("READY", "parameter_invalid", 2)

    def test_a_person_releases_what_was_held_under_a_new_key(self, payments, bank, clock, monkeypatch):
        refusal = NotTaken(code="parameter_invalid", message="", retryable=False)
        monkeypatch.setattr(bank, "send", lambda order, first_use: refusal)
        send_ready_payments(bank=bank, clock=clock)
        monkeypatch.undo()

        Payment.objects.update(hold_code="")
        send_ready_payments(bank=bank, clock=clock)

        assert [state.attempt for state in bank.taken] == [2, 2, 2]


class TestTheLease:
    def test_nothing_is_sent_on_a_lease_that_ran_out(self, payments, bank, clock, monkeypatch):
        monkeypatch.setattr("payments.services.sending.send.LEASE_MARGIN", 2.0)

        sending = send_ready_payments(bank=bank, clock=clock, limit=3)

        assert (sending.accepted, bank.taken, statuses()) == (0, [], ["SENT"] * 3)

    def test_a_sender_that_wakes_after_its_lease_sends_nothing_that_went_out_meanwhile(
        self, payments, bank, clock, monkeypatch
    ):
        """It held the orders under a key the bank never saw; another found that out, and sent them under the next one."""
        elapsed = [0.0]
        monkeypatch.setattr(send, "time", SimpleNamespace(monotonic=lambda: elapsed[0]))
        orderly = bank.send_many

        def wakes_late(transfers, *, may_send):
            monkeypatch.setattr(bank, "send_many", orderly)
            held = list(transfers)
            clock.advance(seconds=settings.SEND_LEASE_SECONDS + 1)
            elapsed[0] += settings.SEND_LEASE_SECONDS + 1
            Payment.objects.all().apply(
                Cause.NOT_TAKEN, now=clock(), attempt=2, lease_until=None, lease_by="", first_used_at=None
            )
            send_ready_payments(bank=bank, clock=clock)
            yield from orderly(held, may_send=may_send)

        monkeypatch.setattr(bank, "send_many", wakes_late)
        send_ready_payments(bank=bank, clock=clock)

        assert [state.attempt for state in bank.taken] == [2, 2, 2]

    def test_what_a_killed_worker_claimed_is_found_when_its_lease_ran_out(self, payments, bank, clock, monkeypatch):
        monkeypatch.setattr(bank, "send_many", _killed)
        with pytest.raises(SystemExit):
            send_ready_payments(bank=bank, clock=clock)
        monkeypatch.undo()

        leases = set(Payment.objects.values_list("status", "lease_until"))

        assert leases == {("SENT", clock() + timedelta(seconds=120))}


class TestALateRefusal:
    @pytest.mark.parametrize("retryable", [True, False])
    def test_moves_back_nothing_that_another_sender_offered_meanwhile(
        self, payments, bank, clock, monkeypatch, retryable
    ):
        def stalled(transfers, *, may_send):
            for transfer, _ in transfers:
                Payment.objects.filter(pk=transfer.payment_id).update(lease_by="another sender")
                yield transfer, NotTaken(code="refused", message="", retryable=retryable)

        monkeypatch.setattr(bank, "send_many", stalled)

        sending = send_ready_payments(bank=bank, clock=clock)

        assert (sending.not_taken, sending.held, statuses()) == (0, 0, ["SENT"] * 3)


class TestTheMonthAfter:
    def test_two_months_are_two_payments(self, province, payments, bank, clock):
        send_ready_payments(bank=bank, clock=clock)
        province.build(SEPTEMBER)
        province.release_lists(SEPTEMBER, bank=bank)

        send_ready_payments(bank=bank, clock=clock)

        assert len({state.end_to_end_id for state in bank.taken}) == 6


def _killed(transfers, *, may_send):
    """A worker that dies after its claim was committed, before the first call."""
    next(iter(transfers))
    raise SystemExit
