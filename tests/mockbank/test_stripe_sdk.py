"""The official Stripe SDK, unchanged, drives the mock bank: what it accepts, our client may rely on."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

import pytest
import stripe

from tests.mockbank.conftest import API_KEY, BankProcess

VERSION = "2024-06-20"


@pytest.fixture
def client(bank: BankProcess) -> stripe.StripeClient:
    return stripe.StripeClient(API_KEY, base_addresses={"api": bank.url}, stripe_version=VERSION, max_network_retries=0)


def order(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "amount": 500_000,
        "currency": "vnd",
        "financial_account": "fa_so",
        "description": "Trợ cấp tháng 8/2024",
        "destination_payment_method_data": {
            "type": "us_bank_account",
            "us_bank_account": {"routing_number": "970436", "account_number": "1001"},
            "billing_details": {"name": "Nguyễn Văn Ấn"},
        },
        "metadata": {"end_to_end_id": f"SDK{number}", "attempt": "1"},
        **changes,
    }


@pytest.fixture
def payments(client: stripe.StripeClient) -> Any:
    return client.v1.treasury.outbound_payments


@pytest.fixture
def helpers(client: stripe.StripeClient) -> Any:
    return client.v1.test_helpers.treasury.outbound_payments


class TestCreating:
    def test_creates_and_retrieves(self, payments: Any) -> None:
        made = payments.create(order())

        again = payments.retrieve(made.id)

        assert (made.object, made.status, made.amount) == ("treasury.outbound_payment", "processing", 500_000)
        assert again.metadata["end_to_end_id"] == "SDK1"

    def test_replays_under_the_same_key(self, payments: Any) -> None:
        first = payments.create(order(), {"idempotency_key": "K1"})
        again = payments.create(order(), {"idempotency_key": "K1"})

        assert again.id == first.id
        assert again.last_response.headers["Idempotent-Replayed"] == "true"

    def test_refuses_a_key_used_for_something_else(self, payments: Any) -> None:
        payments.create(order(), {"idempotency_key": "K1"})

        with pytest.raises(stripe.IdempotencyError):
            payments.create(order(amount=600_000), {"idempotency_key": "K1"})

    def test_refuses_what_is_not_covered(self, payments: Any) -> None:
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            payments.create(order(amount=10**11))

        assert refusal.value.code == "insufficient_funds"

    def test_says_429_in_the_sdks_own_words(self, bank: BankProcess, payments: Any) -> None:
        bank.admin("/faults", {"rules": [{"fault": "rate_limit", "times": 1}]})

        with pytest.raises(stripe.RateLimitError):
            payments.create(order())

    def test_refuses_a_wrong_key(self, bank: BankProcess) -> None:
        stranger = stripe.StripeClient("sk_test_stranger", base_addresses={"api": bank.url})

        with pytest.raises(stripe.AuthenticationError):
            stranger.v1.treasury.outbound_payments.retrieve("obp_1")

    def test_a_missing_payment_is_named(self, payments: Any) -> None:
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            payments.retrieve("obp_nobody")

        assert refusal.value.code == "resource_missing"


class TestReading:
    def test_pages_by_itself_through_a_long_list(self, payments: Any) -> None:
        made = {payments.create(order(number, amount=1000)).id for number in range(25)}

        listed = [
            payment.id for payment in payments.list({"financial_account": "fa_so", "limit": 7}).auto_paging_iter()
        ]

        assert len(listed) == 25
        assert set(listed) == made

    def test_reads_the_financial_account_its_transactions_and_events(
        self, bank: BankProcess, client: stripe.StripeClient, payments: Any
    ) -> None:
        payments.create(order())
        bank.advance()

        account = client.v1.treasury.financial_accounts.retrieve("fa_so")
        lines = client.v1.treasury.transactions.list({"financial_account": "fa_so"})
        events = client.v1.events.list()

        assert account.balance.cash["vnd"] == 99_500_000
        assert sorted(line.amount for line in lines.data) == [-500_000, 100_000_000]
        assert [event.type for event in events.data] == [
            "treasury.outbound_payment.posted",
            "treasury.outbound_payment.created",
        ]


class TestTestHelpers:
    def test_post_then_return(self, payments: Any, helpers: Any) -> None:
        made = payments.create(order())

        posted = helpers.post(made.id)
        returned = helpers.return_outbound_payment(made.id, {"returned_details": {"code": "account_closed"}})

        assert (posted.status, returned.status) == ("posted", "returned")
        assert returned.returned_details.code == "account_closed"

    def test_fail(self, payments: Any, helpers: Any) -> None:
        assert helpers.fail(payments.create(order()).id).status == "failed"

    def test_cancel_while_processing_only(self, payments: Any, helpers: Any) -> None:
        first, second = payments.create(order(1)), payments.create(order(2))
        helpers.post(second.id)

        assert payments.cancel(first.id).status == "canceled"
        with pytest.raises(stripe.InvalidRequestError):
            payments.cancel(second.id)


class TestWebhooks:
    def test_the_sdk_verifies_what_the_bank_signs(self, bank: BankProcess, client: stripe.StripeClient) -> None:
        """The same body and scheme the bank delivers; that it delivers them is tested in test_webhooks."""
        bank.create("K1")
        event = bank.get("/v1/events")["data"][0]
        body, at = json.dumps(event), int(time.time())
        signature = hmac.new(b"whsec_x", f"{at}.{body}".encode(), hashlib.sha256).hexdigest()

        read = client.construct_event(body, f"t={at},v1={signature}", "whsec_x")

        assert read.type == "treasury.outbound_payment.created"
        with pytest.raises(stripe.SignatureVerificationError):
            client.construct_event(body + " ", f"t={at},v1={signature}", "whsec_x")
