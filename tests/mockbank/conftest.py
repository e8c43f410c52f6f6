"""A real bank process per test, on free ports and a frozen clock."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

API_KEY = "sk_test_mockbank"
THURSDAY_MORNING = "2024-08-01T09:00:00+07:00"
SETTLE_DELAY = 60
TRUTH = """routing_number,account_number,holder_name,status,from_date
970436,1001,NGUYEN VAN AN,open,2020-01-01
970436,1002,TRAN THI BE,closed,2020-01-01
970436,1003,LE VAN CU,frozen,2020-01-01
970436,1004,PHAM THI DUNG,restricted,2020-01-01
970436,1005,HOANG VAN EM,ownership_changed,2020-01-01
970436,1006,VU THI GAM,name_mismatch,2020-01-01
970436,1007,DANG VAN HAI,declined,2020-01-01
970436,1008,BUI THI KE,deceased,2020-01-01
970436,1009,DO VAN LAM,open,2020-01-01
970436,1009,DO VAN LAM,closed,2024-08-05
970436,1010,NGO THI MAI,open,2024-12-01
"""
READY = re.compile(r"mockbank ready: (\S+) admin (\S+) data ")


class BankProcess:
    """`python -m mockbank`, driven over its two ports like any client would."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self.options = options
        self.session = requests.Session()
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "mockbank", "--port", "0", "--admin-port", "0", "--seed", "7"]
        command += ["--data", str(self.data), "--settle-delay", str(SETTLE_DELAY), *self.options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        ready = READY.match(self.process.stdout.readline())
        assert ready is not None, "the bank did not start"
        self.url, self.admin_url = ready.groups()

    def stop(self, sent: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(sent)
        code = self.process.wait(timeout=10)
        self.process.stdout.close()
        return code

    def restart(self, sent: signal.Signals = signal.SIGTERM) -> None:
        self.stop(sent)
        self.start()

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {API_KEY}", **options.pop("headers", {})}
        if method == "POST":
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        options.setdefault("timeout", 10)
        return self.session.request(method, self.url + path, headers=headers, **options)

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        return self.call("GET", path, params=params).json()

    def create(self, key: str, *, account: str = "1001", amount: int = 500_000, **options: Any) -> requests.Response:
        form = order(key, account=account, amount=amount) | options.pop("extra", {})
        return self.call("POST", PAYMENTS, data=form, headers={"Idempotency-Key": key}, **options)

    def admin(self, path: str, body: dict[str, Any] | None = None, method: str | None = None) -> dict[str, Any]:
        verb = method or ("GET" if body is None else "POST")
        answer = requests.request(verb, self.admin_url + path, data=json.dumps(body or {}), timeout=30)
        return answer.json()

    def advance(self, seconds: int = SETTLE_DELAY + 1) -> dict[str, Any]:
        return self.admin("/clock", {"advance_seconds": seconds})

    def status(self, payment: dict[str, Any]) -> dict[str, Any]:
        return self.get(f"{PAYMENTS}/{payment['id']}")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(f"file:{self.data / 'bank.sqlite3'}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()


PAYMENTS = "/v1/treasury/outbound_payments"
HELPERS = "/v1/test_helpers/treasury/outbound_payments"


def order(key: str, *, account: str = "1001", amount: int = 500_000) -> dict[str, str]:
    data = "destination_payment_method_data"
    return {
        "amount": str(amount),
        "currency": "vnd",
        "financial_account": "fa_so",
        "description": "Trợ cấp tháng 8/2024",
        f"{data}[type]": "us_bank_account",
        f"{data}[us_bank_account][routing_number]": "970436",
        f"{data}[us_bank_account][account_number]": account,
        f"{data}[billing_details][name]": "Nguyễn Văn Ấn",
        "metadata[end_to_end_id]": f"E{key}",
        "metadata[attempt]": "1",
    }


@pytest.fixture
def start_bank(tmp_path: Path) -> Iterator[Callable[..., BankProcess]]:
    started: list[BankProcess] = []

    def start(*options: str) -> BankProcess:
        truth = tmp_path / "accounts.csv"
        truth.write_text(TRUTH, encoding="utf-8")
        clock = ("--clock", THURSDAY_MORNING, "--frozen")
        bank = BankProcess(tmp_path / "bank", "--accounts", str(truth), *clock, *options)
        started.append(bank)
        bank.admin("/financial_accounts", {"id": "fa_so", "name": "Sở Lao động & Xã hội"})
        top_up = {"financial_account": "fa_so", "amount": 100_000_000, "reference": "LENH-01", "description": "Cấp vốn"}
        bank.admin("/topups", top_up)
        return bank

    yield start
    for bank in started:
        bank.stop(signal.SIGKILL)


@pytest.fixture
def bank(start_bank: Callable[..., BankProcess]) -> BankProcess:
    return start_bank()
