"""Money that moves on an account beside payments: in from the Treasury, out by an order of its holder."""

from __future__ import annotations

import subprocess
import sys

from tests.mockbank.conftest import BankProcess
from tests.mockbank.test_statements import booked, fetch, read, texts

LUMP = {"financial_account": "fa_so", "amount": 30_000_000, "reference": "CHUYEN-01", "description": "Chuyển bưu điện"}


def test_a_transfer_is_a_debit_line_with_its_reference_and_the_books_stay_sound(bank: BankProcess) -> None:
    made = bank.admin("/transfers", LUMP)
    bank.advance(86_400)

    statement = read(fetch(bank, "2024-08-01", "2024-08-01").content)

    assert (made["amount"], made["reference"]) == (-30_000_000, "CHUYEN-01")
    assert booked(statement) == [100_000_000, -30_000_000]
    assert texts(statement, "//c:Ntry//c:EndToEndId") == ["LENH-01", "CHUYEN-01"]
    assert bank.admin("/books/verify") == {"ok": True, "wrong": []}
    flows = [row["flow_type"] for row in bank.get("/v1/treasury/transactions", financial_account="fa_so")["data"]]
    assert sorted(flows) == ["outbound_transfer", "received_credit"]


def test_never_more_than_is_there_and_not_held(bank: BankProcess) -> None:
    bank.create("k1", amount=80_000_000)

    refused = bank.admin("/transfers", LUMP)

    assert refused["error"]["code"] == "insufficient_funds"
    assert bank.query("SELECT count(*) FROM transactions WHERE kind = 'transfer'") == [(0,)]


def test_by_hand(bank: BankProcess) -> None:
    port = bank.admin_url.rpartition(":")[2]

    def move(kind: str, amount: int) -> int:
        command = [sys.executable, "-m", "mockbank.move_money", kind, "--admin-port", port, "--account", "fa_so"]
        return subprocess.run(
            [*command, "--amount", str(amount), "--reference", f"{kind}-1"], check=False, capture_output=True
        ).returncode

    assert (move("topup", 5), move("transfer", 7), move("transfer", 10**12)) == (0, 0, 1)
    assert bank.query("SELECT kind, amount FROM transactions WHERE amount < 10 ORDER BY kind") == [
        ("topup", 5),
        ("transfer", -7),
    ]
