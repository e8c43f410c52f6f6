"""What the truth about an account makes of a payment, and what the books say about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mockbank.__main__ import read_arguments
from tests.mockbank.conftest import BankProcess

MONDAY_TEN = 1722826800  # 2024-08-05T10:00:00+07:00, two bank days after Thursday 1 August


class TestOutcomes:
    def test_an_open_account_is_posted_once_and_stays(self, bank: BankProcess) -> None:
        payment = bank.create("k1").json()
        bank.advance()
        bank.advance(30 * 86_400)

        assert bank.status(payment)["status"] == "posted"
        assert bank.query("SELECT end_to_end_id, attempt, amount, returned_at FROM debits") == [
            ("Ek1", 1, 500_000, None)
        ]

    @pytest.mark.parametrize(
        ("account", "code"),
        [
            ("1002", "account_closed"),
            ("1003", "account_frozen"),
            ("1004", "bank_account_restricted"),
            ("1005", "bank_ownership_changed"),
            ("1006", "incorrect_account_holder_name"),
            ("1008", "other"),
        ],
    )
    def test_a_bad_account_is_posted_then_returned_two_bank_days_later(
        self, bank: BankProcess, account: str, code: str
    ) -> None:
        payment = bank.create("k1", account=account).json()
        bank.advance()
        posted = bank.status(payment)
        bank.advance(7 * 86_400)
        returned = bank.status(payment)

        assert (posted["status"], posted["returned_details"]) == ("posted", None)
        assert (returned["status"], returned["returned_details"]["code"]) == ("returned", code)
        assert returned["status_transitions"]["returned_at"] == MONDAY_TEN
        assert returned["status_transitions"]["posted_at"] == posted["status_transitions"]["posted_at"]
        assert bank.get("/v1/treasury/financial_accounts/fa_so")["balance"]["cash"]["vnd"] == 100_000_000

    @pytest.mark.parametrize("account", ["9999", "1010"])
    def test_a_missing_account_is_returned_without_being_posted(self, bank: BankProcess, account: str) -> None:
        payment = bank.create("k1", account=account).json()
        bank.advance()

        returned = bank.status(payment)
        assert (returned["status"], returned["returned_details"]["code"]) == ("returned", "no_account")
        assert returned["status_transitions"]["posted_at"] is None
        kinds = bank.query("SELECT kind, amount FROM transactions WHERE kind <> 'topup' ORDER BY number")
        assert kinds == [("debit", -500_000), ("return", 500_000)]

    def test_a_declined_payment_is_never_booked(self, bank: BankProcess) -> None:
        payment = bank.create("k1", account="1007").json()
        bank.advance()

        assert bank.status(payment)["status"] == "failed"
        assert bank.query("SELECT * FROM debits") == []
        assert bank.get("/v1/treasury/financial_accounts/fa_so")["balance"]["outbound_pending"]["vnd"] == 0

    def test_the_status_of_the_day_counts(self, bank: BankProcess) -> None:
        before = bank.create("k1", account="1009").json()
        bank.advance()
        bank.admin("/clock", {"now": "2024-08-06T09:00:00+07:00"})
        after = bank.create("k2", account="1009").json()
        bank.admin("/clock", {"now": "2024-08-20T09:00:00+07:00"})

        assert bank.status(before)["status"] == "posted"
        assert bank.status(after)["status"] == "returned"


class TestClock:
    def test_a_jump_runs_everything_due_in_order_and_dates_it_when_it_was_due(self, bank: BankProcess) -> None:
        payment = bank.create("k1", account="1002").json()

        bank.admin("/clock", {"now": "2024-09-01T09:00:00+07:00"})

        moves = bank.status(payment)["status_transitions"]
        assert moves["posted_at"] == payment["created"] + 60
        assert moves["returned_at"] == MONDAY_TEN
        assert [row[0] for row in bank.query("SELECT created FROM events ORDER BY seq")] == [
            payment["created"], payment["created"] + 60, MONDAY_TEN,
        ]  # fmt: skip

    def test_a_return_is_booked_before_what_falls_due_after_it(self, bank: BankProcess) -> None:
        early = bank.create("k1", account="1002").json()
        bank.admin("/limits", {"settle_delay_seconds": 10 * 86_400})
        late = bank.create("k2").json()

        bank.admin("/clock", {"now": "2024-09-01T09:00:00+07:00"})

        order = bank.query(
            "SELECT payments.id, type FROM events JOIN payments ON payments.seq = payment_seq ORDER BY events.seq"
        )
        assert [(id, type.rpartition(".")[2]) for id, type in order[2:]] == [
            (early["id"], "posted"), (early["id"], "returned"), (late["id"], "posted"),
        ]  # fmt: skip

    def test_does_not_go_back_behind_the_books(self, bank: BankProcess) -> None:
        bank.create("k1")

        refusal = bank.admin("/clock", {"now": "2024-07-01T09:00:00+07:00"})
        assert refusal["error"]["code"] == "clock_behind_books"

    @pytest.mark.parametrize("body", [{"now": "soon"}, {"advance_seconds": 1e300}, {"advance_seconds": "nan"}])
    def test_goes_to_no_time_a_calendar_does_not_have(self, bank: BankProcess, body: dict[str, object]) -> None:
        assert bank.admin("/clock", body)["error"]["param"] == "now"
        assert bank.admin("/health")["ok"]

    def test_a_start_without_sense_is_refused_with_a_sentence(self, tmp_path: Path) -> None:
        ports = ["--port", "0", "--admin-port", "0", "--data", str(tmp_path)]
        for options in (["--frozen"], ["--clock", "tomorrow"]):
            with pytest.raises(SystemExit) as refused:
                read_arguments([*ports, *options])
            assert refused.value.code == 2

    def test_a_frozen_clock_does_not_hold_payments_for_ever(self, start_bank: Callable[..., BankProcess]) -> None:
        bank = start_bank("--settle-delay", "0.2")
        payment = bank.create("k1").json()

        time.sleep(0.6)

        assert bank.status(payment)["status"] == "posted"
        assert bank.status(payment)["status_transitions"]["posted_at"] == payment["created"]

    def test_pending_counts_what_is_still_to_come(self, bank: BankProcess) -> None:
        bank.create("k1", account="1002")
        before = bank.admin("/pending")
        bank.advance()
        after = bank.admin("/pending")

        assert (before["processing"], before["returns_scheduled"]) == (1, 0)
        assert (after["processing"], after["returns_scheduled"]) == (0, 1)


class TestBooks:
    def test_balance_is_the_sum_of_its_entries_through_every_outcome(self, bank: BankProcess) -> None:
        for number in range(1, 11):
            bank.create(f"k{number}", account=f"{1000 + number}")
        for _ in range(3):
            assert bank.admin("/books/verify") == {"ok": True, "wrong": []}
            bank.advance(3 * 86_400)

        sums = bank.query("SELECT account_no, sum(amount) FROM entries GROUP BY account_no")
        balances = dict(bank.query("SELECT no, balance FROM accounts"))
        assert all(balances[no] == total for no, total in sums)
        assert sum(balances.values()) == 0

    def test_the_truth_can_change_while_the_bank_runs(self, bank: BankProcess) -> None:
        row = ("970436", "1001", "NGUYEN VAN AN", "declined", "2024-08-01")
        names = ("routing_number", "account_number", "holder_name", "status", "from_date")
        bank.admin("/accounts", {"rows": [dict(zip(names, row, strict=True))]})
        payment = bank.create("k1").json()
        bank.advance()

        assert bank.status(payment)["status"] == "failed"
