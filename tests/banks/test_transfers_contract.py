"""What every bank behind `Transfers` keeps: the fake and the real client against the mock bank's process."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from banks.errors import BankRefused
from banks.transfers import Accepted, NotSent, NotTaken, Status, Unknown

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FUNDS = 1_000_000_000
accounts = (f"fa_contract{number}" for number in itertools.count())


@pytest.fixture
def account():
    return next(accounts)


@pytest.fixture(params=["fake", "mock bank"])
def bank(request, account):
    under_test = request.getfixturevalue("banks_under_test")
    if request.param == "fake":
        return under_test.fake({account: FUNDS})
    return under_test.mock_bank(request.getfixturevalue("mock_bank"), {account: FUNDS})


@pytest.fixture
def order(make_transfer, account):
    """Makes orders on this test's own funding account, under keys no other test uses."""

    def make(number: int = 1, **changes):
        return make_transfer(end_to_end_id=f"{account}-{number}", financial_account=account, **changes)

    return make


def listed(bank, account):
    pages = bank.transfers.list_since(financial_account=account, since=LONG_AGO)
    return [state for page in pages for state in page]


class TestSend:
    def test_an_accepted_transfer_carries_our_ids_and_the_banks_reference(self, bank, order, account):
        outcome = bank.transfers.send(order(), first_use=True)

        assert isinstance(outcome, Accepted)
        state = outcome.state
        assert (state.end_to_end_id, state.attempt) == (f"{account}-1", 1)
        assert (state.amount, state.currency, state.financial_account) == (500_000, "VND", account)
        assert (state.status, state.return_code) == (Status.PROCESSING, None)
        assert state.bank_reference.startswith("obp_")
        assert state.created_at.tzinfo is not None

    def test_a_replay_under_the_same_key_is_the_same_transfer(self, bank, order, account):
        first = bank.transfers.send(order(), first_use=True)

        again = bank.transfers.send(order(), first_use=False)

        assert again.state.bank_reference == first.state.bank_reference
        assert len(listed(bank, account)) == 1

    def test_other_parameters_under_a_used_key_prove_nothing_and_pay_nothing(self, bank, order, account):
        bank.transfers.send(order(), first_use=True)

        outcome = bank.transfers.send(order(amount=600_000), first_use=False)

        assert outcome == Unknown(code="idempotency_error")
        assert [state.amount for state in listed(bank, account)] == [500_000]

    def test_a_new_attempt_is_a_new_transfer(self, bank, order, account):
        bank.transfers.send(order(), first_use=True)

        bank.transfers.send(order(attempt=2), first_use=True)

        assert {state.attempt for state in listed(bank, account)} == {1, 2}

    def test_money_that_is_not_there_is_not_taken_and_may_be_retried(self, bank, order, account):
        outcome = bank.transfers.send(order(amount=FUNDS + 1), first_use=True)

        assert isinstance(outcome, NotTaken)
        assert (outcome.code, outcome.retryable) == ("insufficient_funds", True)
        assert listed(bank, account) == []

    def test_the_same_refusal_proves_nothing_once_the_key_was_used(self, bank, order):
        outcome = bank.transfers.send(order(amount=FUNDS + 1), first_use=False)

        assert outcome == Unknown(code="insufficient_funds")

    def test_an_unknown_funding_account_is_refused_for_good(self, bank, make_transfer):
        transfer = make_transfer(end_to_end_id=f"{next(accounts)}-1", financial_account="fa_of_nobody")

        outcome = bank.transfers.send(transfer, first_use=True)

        assert isinstance(outcome, NotTaken)
        assert not outcome.retryable


class TestSendMany:
    def test_every_transfer_gets_exactly_one_outcome(self, bank, order, account):
        orders = [order(number) for number in range(250)]

        outcomes = list(bank.transfers.send_many((transfer, True) for transfer in orders))

        assert {transfer for transfer, _ in outcomes} == set(orders)
        assert len(outcomes) == 250
        assert all(isinstance(outcome, Accepted) for _, outcome in outcomes)
        assert len(listed(bank, account)) == 250

    def test_one_refused_transfer_does_not_stop_the_others(self, bank, order):
        orders = [order(1), order(2, amount=FUNDS + 1), order(3)]

        outcomes = dict(bank.transfers.send_many([(transfer, True) for transfer in orders]))

        assert [type(outcomes[transfer]) for transfer in orders] == [Accepted, NotTaken, Accepted]

    def test_a_lost_lease_sends_nothing(self, bank, order, account):
        orders = [order(number) for number in range(6)]

        outcomes = dict(
            bank.transfers.send_many(
                [(transfer, True) for transfer in orders], may_send=lambda transfer: transfer is not orders[2]
            )
        )

        assert outcomes[orders[2]] == NotSent()
        assert len(listed(bank, account)) == 5

    def test_nothing_to_send_is_no_outcome(self, bank):
        assert list(bank.transfers.send_many([])) == []


class TestAsking:
    def test_enquiring_shows_the_transfer_posted(self, bank, order):
        reference = bank.transfers.send(order(), first_use=True).state.bank_reference
        bank.settle()

        state = bank.transfers.enquire(reference)

        assert state.status is Status.POSTED
        assert state.status_at >= state.created_at

    def test_a_return_has_its_reason(self, bank, order):
        reference = bank.transfers.send(order(), first_use=True).state.bank_reference
        bank.end_as(reference, Status.POSTED, None)
        bank.end_as(reference, Status.RETURNED, "account_closed")

        state = bank.transfers.enquire(reference)

        assert (state.status, state.return_code) == (Status.RETURNED, "account_closed")

    def test_what_the_bank_does_not_have_is_refused(self, bank):
        with pytest.raises(BankRefused) as refusal:
            bank.transfers.enquire("obp_that_never_was")

        assert (refusal.value.code, refusal.value.status) == ("resource_missing", 404)

    def test_a_processing_transfer_holds_its_money(self, bank, order, account):
        bank.transfers.send(order(), first_use=True)

        assert bank.transfers.balance(account) == FUNDS - 500_000

    def test_a_failed_transfer_gives_its_money_back(self, bank, order, account):
        reference = bank.transfers.send(order(), first_use=True).state.bank_reference

        bank.end_as(reference, Status.FAILED, None)

        assert bank.transfers.enquire(reference).status is Status.FAILED
        assert bank.transfers.balance(account) == FUNDS


class TestListing:
    def test_lists_newest_first_in_pages_of_at_most_a_hundred(self, bank, order, account):
        references = [bank.transfers.send(order(n), first_use=True).state.bank_reference for n in range(205)]

        pages = list(bank.transfers.list_since(financial_account=account, since=LONG_AGO))

        assert [len(page) for page in pages] == [100, 100, 5]
        assert [state.bank_reference for page in pages for state in page] == references[::-1]

    def test_lists_nothing_older_than_asked(self, bank, order, account):
        state = bank.transfers.send(order(), first_use=True).state

        found = list(
            bank.transfers.list_since(financial_account=account, since=state.created_at + timedelta(seconds=1))
        )
        found_at_the_second = list(bank.transfers.list_since(financial_account=account, since=state.created_at))

        assert found == []
        assert len(found_at_the_second) == 1

    def test_lists_nothing_newer_than_asked(self, bank, order, account):
        state = bank.transfers.send(order(), first_use=True).state
        asked = {"financial_account": account, "since": LONG_AGO}

        at_the_second, before = (
            list(bank.transfers.list_since(**asked, until=state.created_at - timedelta(seconds=earlier)))
            for earlier in (0, 1)
        )

        assert (len(at_the_second), before) == (1, [])
