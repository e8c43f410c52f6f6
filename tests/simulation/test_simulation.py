"""Whatever happens between us and the bank: one live debit per entitlement, nothing lost, unknown never taken for failed."""

from uuid import uuid4

import pytest

from banks.transfers import Status, Transfer
from payments.models import Payment
from payments.services import learn, send, unknowns
from payments.services.send import Sending
from tests.simulation.simulator import PromiseBroken

QUICK = range(50)
LONG = range(1_000, 1_300)
ENOUGH_TO_CATCH_A_BUG = range(25)


class TestManySeeds:
    @pytest.mark.parametrize("first", QUICK[::10])
    def test_every_promise_holds_after_every_step(self, run_seed, first):
        for seed in range(first, first + 10):
            run_seed(seed)

    @pytest.mark.slow
    @pytest.mark.parametrize("first", LONG[::50])
    def test_every_promise_holds_over_hundreds_of_seeds(self, run_seed, first):
        for seed in range(first, first + 50):
            run_seed(seed, steps=80)


class TestPlantedBugs:
    """The simulation finds what it is there to find."""

    def test_sending_an_unknown_one_anew_without_a_replay_is_caught(self, run_seed, monkeypatch):
        def offer_anew(*, bank, clock, limit=1000):
            lost = Payment.objects.filter(status="SENT", lease_until__lt=clock())
            for payment in lost:
                Payment.objects.filter(pk=payment.pk).apply("NOT_TAKEN", now=clock(), attempt=payment.attempt + 1)
            return Sending()

        monkeypatch.setattr(unknowns, "replay_unknown_payments", offer_anew)

        with pytest.raises(PromiseBroken, match=r"I1"):
            run_all(run_seed)

    def test_a_new_key_for_every_call_is_caught(self, run_seed, monkeypatch):
        monkeypatch.setattr(Transfer, "idempotency_key", property(lambda transfer: uuid4().hex))

        with pytest.raises(PromiseBroken, match=r"I1"):
            run_all(run_seed)

    def test_taking_unknown_for_failed_is_caught(self, run_seed, monkeypatch):
        record = send._record

        def record_and_give_up(answers, *, now, **options):
            record(answers, now=now, **options)
            lost = [transfer.payment_id for transfer in answers.unknown]
            Payment.objects.filter(pk__in=lost).apply("BANK_FAILED", now=now)

        monkeypatch.setattr(send, "_record", record_and_give_up)

        with pytest.raises(PromiseBroken, match=r"I1|I3"):
            run_all(run_seed)

    def test_concluding_absence_while_the_bank_may_still_accept_is_caught(self, run_seed, monkeypatch, settings):
        settings.BANK_MAX_PROCESSING_SECONDS = -200

        with pytest.raises(PromiseBroken, match=r"I1"):
            run_all(run_seed, steps=80)

    def test_not_believing_that_the_bank_is_still_processing_is_caught(self, run_seed, monkeypatch):
        monkeypatch.delitem(learn.CAUSE_OF, Status.PROCESSING)

        with pytest.raises(PromiseBroken, match=r"I1"):
            run_all(run_seed, steps=80)


def run_all(run_seed, **options):
    for seed in ENOUGH_TO_CATCH_A_BUG:
        run_seed(seed, **options)
