"""A province paid for a month as an office would: files, commands and addresses only. No service is called; the bank's books are the judge."""

import csv
import io
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import requests
from django.core.management import CommandError, call_command
from django.core.wsgi import get_wsgi_application
from rest_framework.test import APIClient

from config.demo.bank_desk import BankDesk
from config.demo.environment import free_port
from config.demo.processes import Processes, mock_bank
from config.demo.provider import PostOffice
from config.sample_province.writing import generate
from payments.services.sending.bank import the_bank, the_files, the_statements
from payments.tasks import build_ordered_lists, fetch_from_bank, find_work, send_payments, work_on_files

pytestmark = pytest.mark.slow

MONTH, FOLDER, PASSWORD = "2024-07", "2024-06", "mot-mat-khau-rat-dai"
STAFF = {"MAKER": "nguoilap", "CHECKER": "ketoantruong", "RELEASER": "chutaikhoan"}
FINAL = {"POSTED", "FAILED", "RETURNED", "CANCELLED"}


@dataclass
class Office:
    """The sample's files, the bank, and what the three people type and call."""

    sample: Path
    bank: BankDesk
    books: Path
    folder: Path
    clients: dict[str, APIClient] = field(default_factory=dict)

    def type(self, *command: str) -> str:
        """What a command says; rows it does not take are said with an exit code, and the office goes on."""
        out = io.StringIO()
        try:
            call_command(*command, stdout=out)
        except CommandError as error:
            return f"{out.getvalue()}{error}"
        return out.getvalue()

    def log_in(self) -> None:
        """A token for each."""
        for role, name in STAFF.items():
            answer = APIClient().post("/api/token/", {"username": name, "password": PASSWORD}, format="json")
            self.clients[role] = APIClient(headers={"Authorization": f"Token {answer.json()['token']}"})

    def get(self, role: str, address: str) -> Any:
        """What an address shows."""
        answer = self.clients[role].get(address)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def post(self, role: str, address: str, body: dict[str, object], *, form: bool = False) -> Any:
        """What an address answers."""
        answer = self.clients[role].post(address, body, format="multipart" if form else "json")
        assert answer.status_code < 300, answer.content
        return answer.json() if answer.content else None

    def lists(self) -> list[dict[str, Any]]:
        """All lists of the month."""
        return self.get("MAKER", "/api/batches/?limit=200")["results"]


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def web() -> Iterator[str]:
    """The product's web process in a thread: where the bank rings."""
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/bank/events/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def office(committed_db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An empty product, a bank whose clients have the sample's accounts, and nobody who ever logged in."""
    sample = tmp_path / "sample"
    generate(out=sample, scale=0.005, seed=2024)
    settings.BANK_API_BASE, settings.BANK_STATEMENTS_BASE = (f"http://127.0.0.1:{free_port()}" for _ in "12")
    settings.BANK_FILES_BASE = settings.BANK_API_BASE
    for client in (the_bank, the_files, the_statements):
        client.cache_clear()
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n" * len(STAFF)))
    settings.BANK_WEBHOOK_SECRETS = ["whsec_cua_bai_thu"]
    with web() as address, Processes(logs=tmp_path) as running:
        command = mock_bank(
            api=settings.BANK_API_BASE,
            admin=settings.BANK_STATEMENTS_BASE,
            data=tmp_path / "bank",
            seed=2024,
            api_key=settings.BANK_API_KEY,
            accounts=sample / "bank" / "accounts.csv",
            clock="2024-07-01T07:00:00+07:00",
        )
        running.start("bank", *command)
        running.wait_for("bank", f"{settings.BANK_STATEMENTS_BASE}/health")
        bank = BankDesk(settings.BANK_STATEMENTS_BASE)
        bank.send_events_to(url=address, secret=settings.BANK_WEBHOOK_SECRETS[0])
        yield Office(
            sample=sample,
            bank=bank,
            books=tmp_path / "bank" / "bank.sqlite3",
            folder=tmp_path,
        )
    for client in (the_bank, the_files, the_statements):
        client.cache_clear()


def units(office: Office, kind: str) -> list[str]:
    with (office.sample / "units.csv").open(encoding="utf-8-sig", newline="") as stream:
        return [row["code"] for row in csv.DictReader(stream) if row["kind"] == kind]


def set_up(office: Office) -> None:
    office.type("load_reference", "--units", str(office.sample / "units.csv"))
    (province,) = units(office, "PROVINCE")
    for role, name in STAFF.items():
        assert "Đã tạo" in office.type("create_user", name, "--name", name, "--role", role, "--unit", province)
    for code in units(office, "DISTRICT"):
        office.type(
            "funding_account",
            f"TKCT-{code}",
            "--unit",
            code,
            "--bank-account",
            f"fa_{code}",
            "--document",
            "12/QĐ",
            "--actor",
            "chutaikhoan",
        )
        office.bank.open_funding_account(account_id=f"fa_{code}", name=code)
        office.type("setting_change", "accept", "--waiting", "--actor", "ketoantruong")
    office.log_in()


def take_in(office: Office) -> None:
    """Registries, residents, matching and reviews by command; decisions, accounts and opening balances by address."""
    office.type("load_population", str(office.sample / "population" / "dan_cu.csv"), "--actor", "nguoilap")
    for path in sorted((office.sample / "registries" / FOLDER).glob("*.xlsx")):
        office.type("import_registry", str(path), "--unit", path.stem, "--actor", "nguoilap")
    assert "Khớp đúng" in office.type("match", "--actor", "nguoilap")
    review = office.sample / "reviews" / f"ra_soat_{FOLDER}.xlsx"
    office.type("import_office_file", "REVIEWS", str(review), "--actor", "nguoilap")
    assert "Đã xác nhận" in office.type("accept_reviews", "--actor", "ketoantruong")
    sent = [("DECISIONS", office.sample / "decisions" / f"{FOLDER}.xlsx", "")]
    sent += [
        ("ACCOUNTS", path, path.stem.split("_")[1])
        for path in sorted((office.sample / "accounts").glob(f"{FOLDER}_*.xlsx"))
    ]
    sent += [("UNCLAIMED", office.sample / "unclaimed" / f"{FOLDER}.xlsx", "")]
    for kind, path, bank in sent:
        if path.exists():
            with path.open("rb") as stream:
                body = {"kind": kind, "file": stream, "bank": bank, "said_on": "2024-06-15"}
                office.post("MAKER", "/api/office-files/", body, form=True)
    work_on_files()
    files = office.get("MAKER", "/api/office-files/")["results"]
    assert {file["stage"] for file in files} == {"DONE"}
    assert {file["kind"] for file in files} >= {"ACCOUNTS", "REVIEWS"}


def build(office: Office) -> None:
    body = {"month": MONTH, "listed_on": "2024-06-18", "pay_on": "2024-07-05"}
    order = office.post("MAKER", "/api/cycles/", body)
    build_ordered_lists()
    after = office.get("MAKER", f"/api/list-orders/{order['id']}/")
    assert (after["stage"], after["conflicts"]) == ("DONE", [])
    assert MONTH in office.type("build_lists", MONTH, "--actor", "nguoilap")  # refused: the month stands


def sign(office: Office) -> None:
    ids = [row["id"] for row in office.lists()]
    for pk in ids:
        if any(not one["hard"] for one in office.get("MAKER", f"/api/batches/{pk}/conflicts/")):
            reason = {"reason": "Đã đối chiếu hồ sơ giấy."}
            office.post("MAKER", f"/api/batches/{pk}/conflicts/note/", reason)
    for role, step in (("MAKER", "MAKER"), ("CHECKER", "CHECKER"), ("RELEASER", "RELEASER")):
        if role == "RELEASER":
            top_up(office)
        answers = office.post(role, "/api/batches/sign/", {"step": step, "batches": ids})
        assert [one for one in answers if not one["signed"]] == []


def top_up(office: Office) -> None:
    """The Treasury pays what the lists need; the accountant writes it down."""
    needed: dict[str, int] = {}
    for row in office.lists():
        if row["channel"] == "ACCOUNT":
            unit = row["paying_unit"]["code"]
            needed[unit] = needed.get(unit, 0) + row["total"]["amount"]
    for unit, amount in needed.items():
        reference = f"CAP-202407-{unit}"
        office.bank.top_up(account_id=f"fa_{unit}", amount=amount, reference=reference)
        said = ("--amount", str(amount), "--reference", reference, "--on", "2024-07-01", "--actor", "ketoantruong")
        assert "đ ngày 01/07/2024" in office.type("top_up", f"TKCT-{unit}", *said)


def until(holds: Callable[[], bool], *, ring: Callable[[], None]) -> None:
    deadline = time.monotonic() + 40
    while not holds():
        assert time.monotonic() < deadline
        ring()
        time.sleep(0.3)


def pay(office: Office) -> None:
    """The worker sends, the bank's clock goes on to the end of the month; money comes back on the way."""

    def all_final() -> bool:
        lists = [row for row in office.lists() if row["channel"] == "ACCOUNT"]
        return {step["status"] for row in lists for step in row["progress"]} <= FINAL

    office.bank.set_clock(datetime.fromisoformat("2024-07-05T08:00:00+07:00"))
    send_payments()
    until(all_final, ring=fetch_from_bank)
    office.bank.set_clock(datetime.fromisoformat("2024-07-31T18:00:00+07:00"))
    until(lambda: not office.bank.pending()["webhooks_undelivered"], ring=find_work)
    find_work()


def pay_in_cash(office: Office) -> None:
    """Cash lists go out to the post office in its form and come back with who collected."""
    post_office = PostOffice(not_coming=office.sample / "cash" / "khong_den_nhan.csv")
    for row in office.lists():
        if row["channel"] == "CASH":
            address = f"/api/batches/{row['id']}"
            out = office.clients["CHECKER"].post(f"{address}/hand-over/", {}, format="json")
            assert out.status_code == 200, out.content
            back = post_office.pay(out.content, month=date(2024, 7, 1), paid_on=date(2024, 7, 20))
            taken = office.post("CHECKER", f"{address}/results/", {"file": io.BytesIO(back)}, form=True)
            assert taken["problems"] == []


def reconcile(office: Office) -> None:
    office.bank.set_clock(datetime.fromisoformat("2024-08-01T01:00:00+07:00"))
    for unit in {row["paying_unit"]["code"] for row in office.lists() if row["channel"] == "ACCOUNT"}:
        days = {"from": "2024-07-01", "to": "2024-07-31", "format": "camt053"}
        statement = requests.get(f"{office.bank.base}/statements/fa_{unit}", params=days, timeout=30)
        path = office.folder / f"sao-ke-{unit}.xml"
        path.write_bytes(statement.content)
        office.type("import_statement", str(path), "--actor", "ketoantruong")


def test_a_month_from_files_to_its_proof(office: Office) -> None:
    set_up(office)
    take_in(office)
    build(office)
    sign(office)
    pay(office)
    pay_in_cash(office)
    reconcile(office)

    call_command("prove", MONTH)  # exit 1, a CommandError, for any difference

    with closing(sqlite3.connect(f"file:{office.books}?mode=ro", uri=True)) as books:
        (live,) = books.execute("SELECT sum(amount) FROM debits WHERE returned_at IS NULL").fetchone()
    posted = sum(
        step["amount"]
        for row in office.lists()
        if row["channel"] == "ACCOUNT"
        for step in row["progress"]
        if step["status"] == "POSTED"
    )
    assert posted == live > 0
