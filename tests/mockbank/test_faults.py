"""Every fault leaves the books sound, and a replay under the same key tells what happened."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import requests

from tests.mockbank.conftest import PAYMENTS, BankProcess


def break_with(bank: BankProcess, fault: str, **options: Any) -> None:
    bank.admin("/faults", {"rules": [{"fault": fault, **options}]})


def payments(bank: BankProcess) -> int:
    return int(bank.query("SELECT count(*) FROM payments")[0][0])


class TestLostAnswers:
    @pytest.mark.parametrize("fault", ["timeout_after_accept", "accept_late"])
    def test_a_timed_out_payment_was_taken_once(self, bank: BankProcess, fault: str) -> None:
        break_with(bank, fault, seconds=0.8, times=1)

        with pytest.raises(requests.ReadTimeout):
            bank.create("k1", timeout=0.3)
        taken_at_once = payments(bank)
        time.sleep(0.9)
        replay = bank.create("k1")

        assert taken_at_once == (1 if fault == "timeout_after_accept" else 0)
        assert replay.headers["Idempotent-Replayed"] == "true"
        assert payments(bank) == 1

    def test_a_reset_in_the_middle_of_the_answer(self, bank: BankProcess) -> None:
        break_with(bank, "reset_mid_body", times=1)

        with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
            bank.create("k1")

        assert bank.create("k1").headers["Idempotent-Replayed"] == "true"

    def test_an_answer_cut_in_half_is_not_json(self, bank: BankProcess) -> None:
        break_with(bank, "truncated_json", times=1)
        answer = bank.create("k1")

        assert answer.status_code == 200
        with pytest.raises(requests.exceptions.JSONDecodeError):
            answer.json()

    @pytest.mark.parametrize(("fault", "taken"), [("error_500_after_execute", 1), ("error_500_before", 0)])
    def test_a_500_says_nothing_and_is_replayed(self, bank: BankProcess, fault: str, taken: int) -> None:
        break_with(bank, fault, times=1)

        first, again = bank.create("k1"), bank.create("k1")

        assert (first.status_code, again.status_code) == (500, 500)
        assert again.headers["Idempotent-Replayed"] == "true"
        assert payments(bank) == taken


class TestRefusals:
    def test_429_comes_before_the_key_is_used(self, bank: BankProcess) -> None:
        break_with(bank, "rate_limit", times=1)

        assert bank.create("k1").status_code == 429
        assert "Idempotent-Replayed" not in bank.create("k1").headers

    def test_a_rate_limit_can_be_set(self, start_bank: Callable[..., BankProcess]) -> None:
        bank = start_bank("--rate-limit", "5")

        codes = [bank.call("GET", "/v1/events").status_code for _ in range(10)]

        assert codes[:5] == [200] * 5
        assert 429 in codes

    def test_a_refused_payment_is_a_plain_400(self, bank: BankProcess) -> None:
        break_with(bank, "refuse", match={"account_number": "1001"})

        assert bank.create("k1").json()["error"]["code"] == "payment_refused"
        assert bank.create("k2", account="1002").status_code == 200

    def test_an_outage_refuses_connections_and_ends(self, bank: BankProcess) -> None:
        break_with(bank, "outage", seconds=0.5)
        time.sleep(0.1)

        with pytest.raises(requests.ConnectionError):
            bank.create("k1")
        time.sleep(0.7)

        assert bank.create("k1").status_code == 200

    def test_an_unknown_fault_is_named(self, bank: BankProcess) -> None:
        answer = bank.admin("/faults", {"rules": [{"fault": "earthquake"}]})

        assert answer["error"]["code"] == "bad_fault"

    @pytest.mark.parametrize(
        "rule",
        [
            "outage",
            {"fault": "outage", "seconds": "ten"},
            {"fault": "rate_limit", "match": ["every"]},
            {"fault": "rate_limit", "match": {"every": 0}},
            {"fault": "rate_limit", "match": {"probability": "often"}},
            {"fault": "wrong_amount", "delta": "1000"},
        ],
    )
    def test_a_rule_it_can_not_follow_is_refused_and_leaves_those_in_force(
        self, bank: BankProcess, rule: object
    ) -> None:
        break_with(bank, "rate_limit", times=1)

        answer = bank.admin("/faults", {"rules": [{"fault": "refuse"}, rule]})

        assert answer["error"]["code"] == "bad_fault"
        assert [one["fault"] for one in bank.admin("/faults")["rules"]] == ["rate_limit"]


class TestWrongBookings:
    def test_a_wrong_amount_is_in_the_books_but_not_in_the_payment(self, bank: BankProcess) -> None:
        break_with(bank, "wrong_amount", delta=-1, times=1)
        payment = bank.create("k1").json()
        bank.advance()

        assert bank.status(payment)["amount"] == 500_000
        assert bank.query("SELECT amount FROM debits") == [(499_999,)]
        assert bank.admin("/books/verify")["ok"]

    def test_a_good_account_can_be_made_to_return(self, bank: BankProcess) -> None:
        break_with(bank, "return", code="account_frozen")
        payment = bank.create("k1").json()
        bank.advance(10 * 86_400)

        assert bank.status(payment)["returned_details"]["code"] == "account_frozen"


class TestChance:
    def test_the_same_seed_strikes_the_same_payments(self, bank: BankProcess) -> None:
        def struck() -> list[int]:
            break_with(bank, "rate_limit", on="create", match={"probability": 0.5})
            return [bank.create(f"k{number}").status_code for number in range(20)]

        first, second = struck(), struck()

        assert first == second
        assert {200, 429} == set(first)

    def test_every_third_request_only(self, bank: BankProcess) -> None:
        break_with(bank, "rate_limit", on="read", match={"every": 3})

        codes = [bank.call("GET", PAYMENTS, params={"financial_account": "fa_so"}).status_code for _ in range(6)]

        assert codes == [200, 200, 429, 200, 200, 429]


class TestListsThatLag:
    @pytest.mark.parametrize("match", [{"end_to_end_id": "Ek1"}, {"account_number": "1001", "end_to_end_id": "Ek1"}])
    def test_only_the_order_the_rule_names_is_late(self, bank: BankProcess, match: dict[str, str]) -> None:
        first, second = bank.create("k1").json(), bank.create("k2").json()
        break_with(bank, "list_late", seconds=3600, match=match)

        shown = bank.get(PAYMENTS, financial_account=first["financial_account"])["data"]

        assert [one["id"] for one in shown] == [second["id"]]
        assert bank.status(first)["id"] == first["id"]

    def test_a_page_that_changes_is_of_a_whole_list(self, bank: BankProcess) -> None:
        answer = bank.admin("/faults", {"rules": [{"fault": "page_changes", "match": {"end_to_end_id": "Ek1"}}]})

        assert answer["error"]["code"] == "bad_fault"
