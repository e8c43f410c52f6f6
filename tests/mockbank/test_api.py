"""The main port speaks Stripe's language: objects, lists, errors."""

from __future__ import annotations

import pytest

from tests.mockbank.conftest import HELPERS, PAYMENTS, BankProcess, order


class TestCreating:
    def test_answers_a_processing_payment_in_dong(self, bank: BankProcess) -> None:
        payment = bank.create("k1").json()

        assert payment["object"] == "treasury.outbound_payment"
        assert (payment["status"], payment["amount"], payment["currency"]) == ("processing", 500_000, "vnd")
        assert payment["metadata"] == {"end_to_end_id": "Ek1", "attempt": "1"}
        assert payment["destination_payment_method_details"]["us_bank_account"]["last4"] == "1001"
        assert payment["destination_payment_method_details"]["billing_details"]["name"] == "Nguyễn Văn Ấn"

    def test_holds_the_money_at_once(self, bank: BankProcess) -> None:
        bank.create("k1")

        balance = bank.get("/v1/treasury/financial_accounts/fa_so")["balance"]
        assert balance["cash"] == {"vnd": 99_500_000}
        assert balance["outbound_pending"] == {"vnd": 500_000}

    def test_refuses_more_than_there_is(self, bank: BankProcess) -> None:
        answer = bank.create("k1", amount=100_000_001)

        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "insufficient_funds")

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"currency": "usd"}, "invalid_currency"),
            ({"amount": "0"}, "parameter_invalid_integer"),
            ({"amount": "1.5"}, "parameter_invalid_integer"),
            ({"amount": "+5"}, "parameter_invalid_integer"),
            ({"amount": "-5"}, "parameter_invalid_integer"),
            ({"amount": "9" * 5000}, "parameter_invalid_integer"),
            ({"amount": ""}, "parameter_missing"),
            ({"colour": "red"}, "parameter_unknown"),
            ({"metadata[a][b]": "x"}, "parameter_unknown"),
            ({"financial_account": "fa_other"}, "resource_missing"),
            ({"destination_payment_method_data[us_bank_account][routing_number]": "97"}, "routing_number_invalid"),
            ({"destination_payment_method_data[us_bank_account][account_number]": "1 2"}, "account_number_invalid"),
        ],
    )
    def test_names_what_is_wrong(self, bank: BankProcess, change: dict[str, str], code: str) -> None:
        answer = bank.create("k1", extra=change)

        assert answer.status_code == 400
        assert answer.json()["error"]["type"] == "invalid_request_error"
        assert answer.json()["error"]["code"] == code

    def test_wants_a_form_and_the_key(self, bank: BankProcess) -> None:
        as_json = bank.call("POST", PAYMENTS, json=order("k1"), headers={"Content-Type": "application/json"})
        without_key = bank.call("GET", PAYMENTS, headers={"Authorization": "Bearer sk_test_other"})

        assert (as_json.status_code, without_key.status_code) == (400, 401)

    def test_echoes_the_version_and_numbers_the_request(self, bank: BankProcess) -> None:
        answer = bank.call("GET", "/v1/events", headers={"Stripe-Version": "2023-10-16"})

        assert answer.headers["Stripe-Version"] == "2023-10-16"
        assert answer.headers["Request-Id"].startswith("req_")


class TestListing:
    def test_pages_newest_first_without_loss_or_repeat(self, bank: BankProcess) -> None:
        created = [bank.create(f"k{number}").json()["id"] for number in range(7)]

        first = bank.get(PAYMENTS, financial_account="fa_so", limit=3)
        second = bank.get(PAYMENTS, financial_account="fa_so", limit=3, starting_after=first["data"][-1]["id"])
        third = bank.get(PAYMENTS, financial_account="fa_so", limit=3, starting_after=second["data"][-1]["id"])
        back = bank.get(PAYMENTS, financial_account="fa_so", limit=3, ending_before=third["data"][0]["id"])

        seen = [payment["id"] for page in (first, second, third) for payment in page["data"]]
        assert seen == created[::-1]
        assert [first["has_more"], second["has_more"], third["has_more"]] == [True, True, False]
        assert back["data"] == second["data"]

    def test_filters_by_time_and_status(self, bank: BankProcess) -> None:
        old = bank.create("k1").json()
        bank.advance()
        new = bank.create("k2").json()

        since = bank.get(PAYMENTS, financial_account="fa_so", **{"created[gte]": new["created"]})
        posted = bank.get(PAYMENTS, financial_account="fa_so", status="posted")

        assert [payment["id"] for payment in since["data"]] == [new["id"]]
        assert [payment["id"] for payment in posted["data"]] == [old["id"]]

    def test_needs_the_financial_account(self, bank: BankProcess) -> None:
        assert bank.get(PAYMENTS)["error"]["param"] == "financial_account"

    def test_lists_bookings_but_not_holds(self, bank: BankProcess) -> None:
        posted = bank.create("k1").json()
        bank.advance()
        bank.create("k2")

        lines = bank.get("/v1/treasury/transactions", financial_account="fa_so")["data"]
        assert [line["amount"] for line in lines] == [-500_000, 100_000_000]
        assert lines[0]["id"] == posted["transaction"]
        assert lines[0]["flow"] == posted["id"]


class TestActions:
    def test_cancels_what_is_processing_and_frees_the_money(self, bank: BankProcess) -> None:
        payment = bank.create("k1").json()

        cancelled = bank.call("POST", f"{PAYMENTS}/{payment['id']}/cancel").json()
        again = bank.call("POST", f"{PAYMENTS}/{payment['id']}/cancel")

        assert (cancelled["status"], cancelled["cancelable"]) == ("canceled", False)
        assert again.status_code == 400
        assert bank.get("/v1/treasury/financial_accounts/fa_so")["balance"]["cash"]["vnd"] == 100_000_000

    def test_does_not_cancel_what_is_posted(self, bank: BankProcess) -> None:
        payment = bank.create("k1").json()
        bank.advance()

        assert bank.call("POST", f"{PAYMENTS}/{payment['id']}/cancel").status_code == 400
        assert bank.status(payment)["status"] == "posted"

    def test_test_helpers_move_a_payment(self, bank: BankProcess) -> None:
        first, second, third = (bank.create(key).json()["id"] for key in ("k1", "k2", "k3"))

        posted = bank.call("POST", f"{HELPERS}/{first}/post").json()
        failed = bank.call("POST", f"{HELPERS}/{second}/fail").json()
        returned = bank.call("POST", f"{HELPERS}/{third}/return", data={"returned_details[code]": "no_account"}).json()
        later = bank.call("POST", f"{HELPERS}/{first}/return").json()

        assert [posted["status"], failed["status"], returned["status"]] == ["posted", "failed", "returned"]
        assert returned["returned_details"]["code"] == "no_account"
        assert (later["status"], later["returned_details"]["code"]) == ("returned", "other")
        assert bank.admin("/books/verify") == {"ok": True, "wrong": []}

    def test_unknown_ids_and_paths_are_404(self, bank: BankProcess) -> None:
        assert bank.call("GET", f"{PAYMENTS}/obp_00000001aaaaaaaaaaaaaaaa").status_code == 404
        assert bank.call("GET", "/v1/treasury/nothing").status_code == 404
        assert bank.call("POST", f"{PAYMENTS}/obp_1/explode").status_code == 404


class TestEvents:
    def test_show_the_payment_as_it_was_then(self, bank: BankProcess) -> None:
        bank.create("k1")
        bank.advance()

        events = bank.get("/v1/events")["data"]
        assert [event["type"].rpartition(".")[2] for event in events] == ["posted", "created"]
        assert [event["data"]["object"]["status"] for event in events] == ["posted", "processing"]
        assert bank.get(f"/v1/events/{events[0]['id']}") == events[0]
