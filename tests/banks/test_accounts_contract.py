"""What every bank behind `Accounts` keeps: the fake and the real client against the mock bank's process."""

import itertools
import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from banks.accounts import HolderAnswer, Holding, Opening, OpeningInvalid, OpeningRequest, Taken
from banks.errors import BankRefused
from banks.fake import Fault
from banks.fake_accounts import FakeAccounts
from banks.stripe_accounts import StripeAccounts
from banks.transfers import NotTaken, Unknown
from tests.banks.conftest import API_KEY, VERSION

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
names = (f"mo{number:04d}" for number in itertools.count(1))
MOCK_FAULTS = {
    Fault.LOST_AFTER_TAKING: "reset_mid_body",
    Fault.RATE_LIMITED: "rate_limit",
}


@dataclass
class FakeBank:
    accounts: FakeAccounts = field(default_factory=FakeAccounts)

    def decide(self) -> None:
        self.accounts.decide()

    def fail_next(self, request_id: str, fault: Fault) -> None:
        self.accounts.fail_next(request_id, fault)


class RealBank:
    def __init__(self, mock_bank) -> None:
        self.bank = mock_bank
        self.accounts = StripeAccounts(base_url=mock_bank.base_url, api_key=API_KEY, version=VERSION)

    def decide(self) -> None:
        self.bank.admin("/clock", {"advance_seconds": 3601})

    def fail_next(self, request_id: str, fault: Fault) -> None:
        rule = {"fault": MOCK_FAULTS[fault], "match": {"end_to_end_id": request_id}, "times": 1}
        self.bank.admin("/faults", {"rules": [rule]})


@pytest.fixture(params=["fake", "mock bank"])
def bank(request):
    return FakeBank() if request.param == "fake" else RealBank(request.getfixturevalue("mock_bank"))


@pytest.fixture
def ask():
    """Makes requests under an id of this test's own."""
    request_id = next(names)

    def make(**changes) -> OpeningRequest:
        values = {
            "request_id": request_id,
            "attempt": 1,
            "bank_bin": "970405",
            "holder_name": "Nguyễn Thị Hoà",
            "identity_number": "097142000001",
            "birth_date": date(1942, 9, 5),
        }
        return OpeningRequest(**{**values, **changes})

    return make


def ours(bank, request_id):
    return [s for page in bank.accounts.openings_since(LONG_AGO) for s in page if s.request_id == request_id]


class TestOpening:
    def test_is_taken_under_our_id_and_opened_later_with_a_number(self, bank, ask):
        taken = bank.accounts.open(ask(), first_use=True)
        assert isinstance(taken, Taken)
        assert (taken.state.request_id, taken.state.attempt) == (ask().request_id, 1)
        assert (taken.state.status, taken.state.account_number) == (Opening.PENDING, "")

        bank.decide()
        state = bank.accounts.enquire_opening(taken.state.bank_reference)
        assert (state.status, bool(state.account_number), bool(state.opened_on)) == (Opening.OPENED, True, True)
        assert state.holder_name.isupper()

    def test_again_under_the_same_key_is_the_same_request(self, bank, ask):
        first = bank.accounts.open(ask(), first_use=True)
        again = bank.accounts.open(ask(), first_use=False)
        assert again.state.bank_reference == first.state.bank_reference
        assert len(ours(bank, ask().request_id)) == 1

    def test_of_somebody_else_under_a_used_key_proves_nothing(self, bank, ask):
        bank.accounts.open(ask(), first_use=True)
        assert isinstance(bank.accounts.open(ask(holder_name="Lê Thị Ba"), first_use=False), Unknown)
        assert len(ours(bank, ask().request_id)) == 1

    def test_whose_answer_was_lost_is_unknown_and_found_by_a_replay(self, bank, ask):
        bank.fail_next(ask().request_id, Fault.LOST_AFTER_TAKING)
        assert isinstance(bank.accounts.open(ask(), first_use=True), Unknown)
        assert isinstance(bank.accounts.open(ask(), first_use=False), Taken)
        assert len(ours(bank, ask().request_id)) == 1

    @pytest.mark.parametrize(("first_use", "outcome"), [(True, NotTaken), (False, Unknown)])
    def test_a_429_proves_something_only_on_a_keys_first_use(self, bank, ask, first_use, outcome):
        bank.fail_next(ask().request_id, Fault.RATE_LIMITED)
        assert isinstance(bank.accounts.open(ask(), first_use=first_use), outcome)
        assert ours(bank, ask().request_id) == []

    def test_is_listed_in_pages_newest_first(self, bank, ask):
        base = ask().request_id
        for n in range(103):
            bank.accounts.open(ask(request_id=f"{base}x{n}"), first_use=True)
        pages = list(bank.accounts.openings_since(LONG_AGO))
        found = [s.request_id for page in pages for s in page if s.request_id.startswith(f"{base}x")]
        assert found == [f"{base}x{n}" for n in reversed(range(103))]
        assert max(len(page) for page in pages) == 100

    def test_nobody_asked_for_is_refused(self, bank):
        with pytest.raises(BankRefused) as refusal:
            bank.accounts.enquire_opening("aco_that_never_was")
        assert refusal.value.code == "resource_missing"


class TestHolder:
    def test_of_an_account_just_opened_is_its_owner(self, bank, ask):
        reference = bank.accounts.open(ask(), first_use=True).state.bank_reference
        bank.decide()
        state = bank.accounts.enquire_opening(reference)
        answer = bank.accounts.verify_holder(bank_bin="970405", account_number=state.account_number)
        assert answer == HolderAnswer(Holding.OPEN, state.holder_name)

    def test_of_no_account_is_nobody(self, bank):
        answer = bank.accounts.verify_holder(bank_bin="970405", account_number="000000")
        assert answer == HolderAnswer(Holding.NO_ACCOUNT, "")


class TestValues:
    @pytest.mark.parametrize("changes", [{"request_id": "x" * 34}, {"attempt": 0}, {"holder_name": " "}])
    def test_a_request_that_may_not_be_offered_is_refused_at_once(self, ask, changes):
        with pytest.raises(OpeningInvalid):
            ask(**changes)

    def test_show_nobody(self, ask):
        assert "097142000001" not in repr(ask())
        assert "Hoà" not in repr(ask())


def test_a_request_the_bank_refuses_says_so(mock_bank, ask):
    bank = RealBank(mock_bank)
    mock_bank.admin("/faults", {"rules": [{"fault": "refuse", "match": {"end_to_end_id": ask().request_id}}]})
    state = bank.accounts.open(ask(), first_use=True).state
    assert (state.status, state.refusal) == (Opening.REFUSED, "customer_not_accepted")


def test_a_bank_that_has_enough_is_asked_more_slowly(scripted, reply, ask):
    """Of accounts as of transfers: a 429 is heard, also while nothing but reading goes on."""
    scripted.script += [
        reply(429, b"", headers={"Retry-After": "1"}),
        reply(200, {"data": [], "has_more": False}),
    ]
    accounts = StripeAccounts(base_url=scripted.base_url, api_key=API_KEY, version=VERSION)
    began = time.monotonic()

    assert list(accounts.openings_since(LONG_AGO)) == []
    assert time.monotonic() - began >= 1
