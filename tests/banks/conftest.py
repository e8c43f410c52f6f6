"""Banks to talk to: a scripted server that misbehaves as told, the mock bank's own process, and the fake."""

import json
import re
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from urllib.request import Request, urlopen

import pytest

from banks.fake import FakeTransfers
from banks.stripe_api import StripeTransfers
from banks.transfers import Status, Transfer

ROOT = Path(__file__).resolve().parents[2]
API_KEY = "sk_test_an_sinh"
VERSION = "2024-06-20"
CREATED = 1_722_470_400  # 1 August 2024, 07:00 in Vietnam


@dataclass(frozen=True)
class Recorded:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: str

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body, keep_blank_values=True, strict_parsing=bool(self.body)))


@dataclass
class ScriptedBank:
    """Answers each request with the next reply of its script: bytes to send, or a function of the connection."""

    script: list[bytes | Callable[[socket.socket], None]] = field(default_factory=list)
    requests: list[Recorded] = field(default_factory=list)
    connections: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.released.set()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            while (request := _read_request(stream)) is not None:
                self.requests.append(request)
                reply = self.script.pop(0) if self.script else http_reply(200, payment_document(request.form))
                if callable(reply):
                    reply(connection)
                    return
                connection.sendall(reply)


def _read_request(stream: Any) -> Recorded | None:
    line = stream.readline().decode("latin-1")
    if not line.strip():
        return None
    method, target, _ = line.split(" ")
    headers: dict[str, str] = {}
    while (header := stream.readline().decode("latin-1").strip()) != "":
        name, _, value = header.partition(": ")
        headers[name] = value
    body = stream.read(int(headers.get("Content-Length", "0"))).decode("ascii")
    return Recorded(method=method, target=target, headers=headers, body=body)


def http_reply(status: int, document: object, *, headers: dict[str, str] | None = None) -> bytes:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    lines = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + body


def payment_document(form: dict[str, str] | None = None, **changes: object) -> dict[str, object]:
    """An outbound payment as Stripe shows it, from the form that asked for it."""
    form = form or {}
    return {
        "id": "obp_1",
        "object": "treasury.outbound_payment",
        "amount": int(form.get("amount", "500000")),
        "currency": "vnd",
        "created": CREATED,
        "financial_account": form.get("financial_account", "fa_test"),
        "metadata": {name[9:-1]: value for name, value in form.items() if name.startswith("metadata[")},
        "status": "processing",
        "status_transitions": {"canceled_at": None, "failed_at": None, "posted_at": None, "returned_at": None},
        "returned_details": None,
        **changes,
    }


def reset(connection: socket.socket) -> None:
    """Close with RST, as a crashed peer does."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.fixture
def scripted() -> Iterator[ScriptedBank]:
    bank = ScriptedBank()
    yield bank
    bank.close()


@pytest.fixture
def reply() -> Callable[..., bytes]:
    return http_reply


@pytest.fixture
def document() -> Callable[..., dict[str, object]]:
    return payment_document


@pytest.fixture
def resetting() -> Callable[[socket.socket], None]:
    return reset


@pytest.fixture
def connect() -> Callable[..., StripeTransfers]:
    """Makes the client of a bank at an address."""

    def make(base_url: str, **options: Any) -> StripeTransfers:
        options = {"timeout": (0.5, 0.5), "concurrency": 4, "api_key": API_KEY, **options}
        return StripeTransfers(base_url=base_url, version=VERSION, **options)

    return make


@pytest.fixture
def make_transfer() -> Callable[..., Transfer]:
    def make(**changes: Any) -> Transfer:
        values: dict[str, Any] = {
            "end_to_end_id": "AS202408000000001",
            "attempt": 1,
            "amount": 500_000,
            "financial_account": "fa_test",
            "bank_bin": "970436",
            "account_number": "0123456789",
            "holder_name": "NGUYỄN THỊ HOÀ",
            "description": "Trợ cấp xã hội tháng 8/2024",
            "payment_id": 7,
        }
        return Transfer(**{**values, **changes})

    return make


@dataclass
class MockBank:
    """The mock bank's process and its admin port."""

    process: subprocess.Popen[str]
    base_url: str
    admin_url: str

    def admin(self, path: str, body: dict[str, object] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        with urlopen(Request(self.admin_url + path, data=data), timeout=10) as answer:  # noqa: S310 - our own process
            document: dict[str, Any] = json.load(answer)
        return document


@pytest.fixture(scope="session")
def mock_bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockBank]:
    command = [sys.executable, "-m", "mockbank", "--port", "0", "--admin-port", "0", "--seed", "7"]
    command += ["--data", str(tmp_path_factory.mktemp("bank")), "--api-key", API_KEY, "--settle-delay", "3600"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    addresses = re.findall(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    yield MockBank(process=process, base_url=addresses[0], admin_url=addresses[1])
    process.terminate()
    process.wait(timeout=10)


class FakeUnderTest:
    """The fake, as the contract suite drives it."""

    def __init__(self, balances: dict[str, int]) -> None:
        self.transfers = FakeTransfers(balances=balances)

    def settle(self) -> None:
        self.transfers.post_all()

    def end_as(self, bank_reference: str, status: Status, return_code: str | None) -> None:
        self.transfers.move(bank_reference, to=status, return_code=return_code)


class MockBankUnderTest:
    """The mock bank behind the real client, as the contract suite drives it."""

    def __init__(self, bank: MockBank, balances: dict[str, int]) -> None:
        self.bank = bank
        self.transfers = StripeTransfers(base_url=bank.base_url, api_key=API_KEY, version=VERSION, concurrency=4)
        for account, amount in balances.items():
            bank.admin("/financial_accounts", {"id": account, "name": "UBND xã"})
            bank.admin("/topups", {"financial_account": account, "amount": amount, "reference": "KBNN-1"})

    def settle(self) -> None:
        self.bank.admin("/clock", {"advance_seconds": 3601})

    def end_as(self, bank_reference: str, status: Status, return_code: str | None) -> None:
        verb = {Status.POSTED: "post", Status.FAILED: "fail", Status.RETURNED: "return"}[status]
        url = f"{self.bank.base_url}/v1/test_helpers/treasury/outbound_payments/{bank_reference}/{verb}"
        body = f"returned_details[code]={return_code}".encode() if return_code else b""
        request = Request(url, data=body, headers={"Authorization": f"Bearer {API_KEY}"})  # noqa: S310
        urlopen(request, timeout=10).close()  # noqa: S310 - our own process


@dataclass(frozen=True)
class BanksUnderTest:
    """The ways a test may get a bank that keeps the contract."""

    fake: Callable[[dict[str, int]], FakeUnderTest] = FakeUnderTest
    mock_bank: Callable[[MockBank, dict[str, int]], MockBankUnderTest] = MockBankUnderTest


@pytest.fixture
def banks_under_test() -> BanksUnderTest:
    return BanksUnderTest()
