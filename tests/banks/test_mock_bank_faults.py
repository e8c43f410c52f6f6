"""The real client against the mock bank's faults: what is unknown to us is found, and paid at most once."""

from datetime import UTC, datetime

import pytest

from banks.transfers import Accepted, NotTaken, Unknown

ACCOUNT = "fa_faults"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def funded(mock_bank):
    mock_bank.admin("/financial_accounts", {"id": ACCOUNT, "name": "UBND xã"})
    mock_bank.admin("/topups", {"financial_account": ACCOUNT, "amount": 1_000_000_000, "reference": "KBNN-2"})


@pytest.fixture
def bank(mock_bank, funded, connect):
    yield connect(mock_bank.base_url)
    mock_bank.admin("/faults", {"rules": []})


@pytest.fixture
def break_next(mock_bank):
    """Lets the next creation of one transfer fail."""

    def set_fault(end_to_end_id, fault, **options):
        rule = {"fault": fault, "match": {"end_to_end_id": end_to_end_id}, "times": 1, **options}
        mock_bank.admin("/faults", {"rules": [rule]})

    return set_fault


def listed(bank, transfer):
    pages = bank.list_since(financial_account=ACCOUNT, since=LONG_AGO)
    return [state for page in pages for state in page if state.end_to_end_id == transfer.end_to_end_id]


class TestLists:
    """What is in a list changes while it is read: each order is seen once, and one listed late is seen the next time."""

    @pytest.fixture
    def five(self, mock_bank, connect, make_transfer, request, monkeypatch):
        monkeypatch.setattr("banks.stripe_calls.PAGE_SIZE", 2)
        self.account = f"fa_lists_{request.node.name[-20:]}"
        mock_bank.admin("/financial_accounts", {"id": self.account, "name": "UBND xã"})
        mock_bank.admin("/topups", {"financial_account": self.account, "amount": 1_000_000_000, "reference": "KBNN-3"})
        self.bank = connect(mock_bank.base_url)
        self.make = lambda number: make_transfer(
            end_to_end_id=f"L{self.account[-12:]}{number}", financial_account=self.account
        )
        for number in range(5):
            assert isinstance(self.bank.send(self.make(number), first_use=True), Accepted)
        yield [self.make(number).end_to_end_id for number in range(5)]
        mock_bank.admin("/faults", {"rules": []})

    def pages(self):
        return self.bank.list_since(financial_account=self.account, since=LONG_AGO)

    def test_orders_that_come_in_between_two_pages_hide_no_other(self, five):
        pages = self.pages()
        seen = [state.end_to_end_id for state in next(pages)]
        self.bank.send(self.make(8), first_use=True)
        self.bank.send(self.make(9), first_use=True)
        seen += [state.end_to_end_id for page in pages for state in page]

        assert sorted(seen) == sorted(five)

    def test_an_order_shown_on_two_pages_is_seen_once_and_none_is_missed(self, mock_bank, five):
        mock_bank.admin("/faults", {"rules": [{"fault": "page_changes"}]})

        seen = [state.end_to_end_id for page in self.pages() for state in page]

        assert sorted(seen) == sorted(five)

    def test_an_order_listed_late_can_be_asked_about_and_is_in_the_next_reading(self, mock_bank, five):
        mock_bank.admin("/faults", {"rules": [{"fault": "list_late", "seconds": 3600}]})
        accepted = self.bank.send(self.make(5), first_use=True)

        assert list(self.pages()) == []
        assert self.bank.enquire(accepted.state.bank_reference).end_to_end_id == self.make(5).end_to_end_id
        mock_bank.admin("/faults", {"rules": []})
        assert len([state for page in self.pages() for state in page]) == 6


class TestFaults:
    @pytest.mark.parametrize("fault", ["timeout_after_accept", "reset_mid_body", "truncated_json"])
    def test_a_replay_finds_what_the_bank_took_unseen(self, bank, break_next, make_transfer, fault):
        transfer = make_transfer(end_to_end_id=f"F-{fault}", financial_account=ACCOUNT)
        break_next(transfer.end_to_end_id, fault, seconds=1)

        first = bank.send(transfer, first_use=True)
        second = bank.send(transfer, first_use=False)

        assert isinstance(first, Unknown)
        assert isinstance(second, Accepted)
        assert [state.bank_reference for state in listed(bank, transfer)] == [second.state.bank_reference]

    def test_a_stored_error_is_replayed_but_the_list_knows(self, bank, break_next, make_transfer):
        transfer = make_transfer(end_to_end_id="F-500-after", financial_account=ACCOUNT)
        break_next(transfer.end_to_end_id, "error_500_after_execute")

        outcomes = [bank.send(transfer, first_use=True), bank.send(transfer, first_use=False)]

        assert outcomes == [Unknown(code="http_500"), Unknown(code="http_500", stored=True)]
        assert len(listed(bank, transfer)) == 1

    def test_an_error_before_anything_happened_looks_the_same_to_us(self, bank, break_next, make_transfer):
        transfer = make_transfer(end_to_end_id="F-500-before", financial_account=ACCOUNT)
        break_next(transfer.end_to_end_id, "error_500_before")

        assert bank.send(transfer, first_use=True) == Unknown(code="http_500")
        assert listed(bank, transfer) == []

    def test_too_many_requests_leave_a_new_transfer_untaken(self, bank, break_next, make_transfer):
        transfer = make_transfer(end_to_end_id="F-429", financial_account=ACCOUNT)
        break_next(transfer.end_to_end_id, "rate_limit", on="create")

        first = bank.send(transfer, first_use=True)
        second = bank.send(transfer, first_use=True)

        assert isinstance(first, NotTaken)
        assert first.retryable
        assert isinstance(second, Accepted)
