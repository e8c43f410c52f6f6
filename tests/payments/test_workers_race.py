"""Several workers on the same list, each with its own connection to the database: each payment is sent once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from banks.fake import FakeTransfers, Fault
from payments.errors import (
    WrongBatchState,
)
from payments.models import Payment, PaymentBatch, Signature
from payments.services.learning.learn import fetch_states
from payments.services.learning.unknowns import resolve_unknowns
from payments.services.sending.send import send_ready_payments
from payments.services.signing.sign import submit
from tests.payments.province import AUGUST, BALANCES, Clock, Province, make_province

WORKERS = 3
PEOPLE = 24


@pytest.fixture
def town(committed_db: None, clock: Clock) -> Province:
    return make_province(clock=clock)


@pytest.fixture
def bank(clock: Clock) -> FakeTransfers:
    return FakeTransfers(balances=BALANCES, now=clock)


def at_once(work, *, times: int = WORKERS) -> list[object]:
    """Run `work` in threads that start together, each with a connection of its own; return results or errors."""
    start = threading.Barrier(times)

    def run(_: int) -> object:
        start.wait()
        try:
            return work()
        except WrongBatchState as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


class TestWorkersRace:
    def test_send_each_payment_once(self, town, bank, clock, monkeypatch):
        monkeypatch.setattr("payments.services.sending.send.CHUNK", 2)
        payments = town.pay_through_accounts(PEOPLE, bank=bank)

        sendings = at_once(lambda: send_ready_payments(bank=bank, clock=clock))

        assert sorted(s.end_to_end_id for s in bank.taken) == sorted(p.end_to_end_id for p in payments)
        assert sum(sending.accepted for sending in sendings) == PEOPLE
        assert set(Payment.objects.values_list("status", flat=True)) == {"PROCESSING"}

    def test_replay_each_unknown_once(self, town, bank, clock):
        payments = town.pay_through_accounts(6, bank=bank)
        for payment in payments:
            bank.fail_next(payment.end_to_end_id, Fault.LOST_AFTER_TAKING)
        send_ready_payments(bank=bank, clock=clock)
        clock.advance(seconds=121)

        at_once(lambda: resolve_unknowns(bank=bank, clock=clock))

        assert [state.attempt for state in bank.taken] == [1] * 6
        assert set(Payment.objects.values_list("status", flat=True)) == {"PROCESSING"}

    def test_learn_the_same_pages_without_a_deadlock(self, town, bank, clock):
        town.pay_through_accounts(PEOPLE, bank=bank)
        send_ready_payments(bank=bank, clock=clock)
        bank.post_all()

        at_once(lambda: fetch_states(bank=bank, now=clock()))

        assert set(Payment.objects.values_list("status", flat=True)) == {"POSTED"}

    def test_sign_a_list_once(self, town, clock):
        town.open_account(town.enrol().beneficiary)
        town.build(AUGUST)
        batch = PaymentBatch.objects.get()

        results = at_once(lambda: submit(batch_ids=[batch.pk], actor=town.staff["MAKER"], now=clock()))

        assert (results.count(None), Signature.objects.count()) == (1, 1)
