"""Our services against the mock bank's own process and its faults: one live debit per payment, in the bank's own books."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from payments.models import Payment
from payments.services.learning.learn import fetch_states
from payments.services.learning.unknowns import resolve_unknowns
from payments.services.sending.send import send_ready_payments
from tests.payments.bank_process import BankProcess, running_bank
from tests.payments.province import BALANCES, Province

PEOPLE = 3
FAULTS = [
    {"fault": "timeout_after_accept", "seconds": 1},
    {"fault": "accept_late", "seconds": 1},
    {"fault": "reset_mid_body"},
    {"fault": "truncated_json"},
    {"fault": "error_500_after_execute"},
    {"fault": "error_500_before"},
    {"fault": "rate_limit"},
    {"fault": "outage", "status": 503},
]


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BankProcess]:
    folder: Path = tmp_path_factory.mktemp("bank")
    with running_bank(folder, balances=BALANCES) as bank:
        yield bank


@pytest.fixture
def payments(province: Province, process: BankProcess) -> Iterator[list[Payment]]:
    """Three released payments of 750,000 đ."""
    yield province.pay_through_accounts(PEOPLE, bank=process.client())
    process.admin("/faults", {"rules": []})


ROUNDS = 10  # chance may fail one order several times in a row; the sweeper does not give up either


def pay_to_the_end(process: BankProcess, province: Province) -> None:
    """What workers and the sweeper do, with the waiting done by the clock."""
    bank = process.client()
    for _ in range(ROUNDS):
        send_ready_payments(bank=bank, clock=province.clock, limit=PEOPLE)
        time.sleep(0.3)  # an answer that comes late, comes
        province.clock.advance(seconds=400)
        resolve_unknowns(bank=bank, clock=province.clock)
    send_ready_payments(bank=bank, clock=province.clock, limit=PEOPLE)
    process.settle()
    fetch_states(bank=bank, now=province.clock())


def ours(process: BankProcess, payments: list[Payment]) -> list[tuple[str, int]]:
    """(end-to-end id, đồng) of the bank's live debits for these payments."""
    keys = {payment.end_to_end_id for payment in payments}
    return [(key, amount) for key, _, amount in process.live_debits() if key in keys]


class TestEveryFault:
    @pytest.mark.parametrize("rule", FAULTS, ids=lambda rule: rule["fault"])
    def test_every_payment_is_debited_once_when_the_first_call_fails(self, province, process, payments, rule):
        process.admin("/faults", {"rules": [{**rule, "on": "create", "times": 2}]})

        pay_to_the_end(process, province)

        assert ours(process, payments) == sorted((p.end_to_end_id, p.amount) for p in payments)
        assert set(Payment.objects.values_list("status", flat=True)) == {"POSTED"}

    def test_a_refusal_is_held_and_debits_nothing(self, province, process, payments):
        process.admin("/faults", {"rules": [{"fault": "refuse", "on": "create"}]})

        pay_to_the_end(process, province)

        assert ours(process, payments) == []
        assert set(Payment.objects.values_list("status", "hold_code")) == {("READY", "payment_refused")}

    def test_a_429_storm_delays_and_loses_nothing(self, province, process, payments):
        process.admin("/faults", {"rules": [{"fault": "rate_limit", "match": {"every": 2}, "on": "create"}]})

        pay_to_the_end(process, province)

        assert ours(process, payments) == sorted((p.end_to_end_id, p.amount) for p in payments)

    def test_a_wrong_amount_at_the_bank_is_seen(self, province, process, payments):
        process.admin("/faults", {"rules": [{"fault": "wrong_amount", "times": 1}]})

        pay_to_the_end(process, province)

        assert sorted(amount for _, amount in ours(process, payments)) == [750_000, 750_000, 751_000]
        # The order says what we ordered; the booking differs, which only the statement can tell.
        assert set(Payment.objects.values_list("status", flat=True)) == {"POSTED"}


class TestAWholeListOfFaults:
    @pytest.mark.parametrize("seed", range(3))
    def test_chance_doubles_and_loses_nothing(self, province, process, payments, seed):
        rules = [
            {**rule, "on": "create", "match": {"probability": 0.2}, "times": 3}
            for rule in FAULTS
            if "seconds" not in rule
        ]
        process.admin("/faults", {"rules": rules[seed:] + rules[:seed]})

        pay_to_the_end(process, province)

        assert ours(process, payments) == sorted((p.end_to_end_id, p.amount) for p in payments), f"seed {seed}"
