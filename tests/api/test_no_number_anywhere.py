"""I14: whatever address is asked, by whomever it lets in, no answer, log line, task argument or URL holds a number of a person or an account.

The addresses are those of the URL configuration: a new one is asked too, and one with a new kind of parameter fails until it is given a value.
"""

import io
import json
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pypdf
import pytest
from celery.app.task import Task
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from knox.models import AuthToken
from rest_framework.test import APIClient

from banks.fake import FakeTransfers
from beneficiaries.models import (
    AccountChange,
    BankAccount,
    Beneficiary,
    Case,
    Decision,
    Enrolment,
    IdentityEnquiry,
    IdentityRecord,
    PayeeRelation,
    RegistrationSlip,
    RegistryUpload,
)
from beneficiaries.services.accounts.register_slip import attach_scan
from beneficiaries.services.numbers import keep_identity_numbers
from beneficiaries.services.receiving.payees import Paper, record_payee
from payments.models import OfficeFile, Payment, PaymentBatch
from payments.services.learning.cases import open_payment_cases
from payments.tasks import work_on_files
from tests.api.known_keys import ask_with_what_it_knows
from tests.api.test_access import BODY
from tests.api.test_office_file_errors import send
from tests.api.world import NOW, World
from tests.corrected import put_on_record

Client = Callable[[str, str], APIClient]
RUNS = re.compile(rb"\d{8,}")
SCAN = b"%PDF-1.7 a scan in which nothing is read"
ROLES = ["MAKER", "CHECKER", "RELEASER", "AUDITOR"]
# What an address is about: the newest row of its kind. The rest stands for itself.
NEWEST: dict[str, type[Model]] = {
    "batch_id": PaymentBatch, "payment_id": Payment, "case_id": Case, "enrolment_id": Enrolment, "beneficiary_id": Beneficiary,
    "person_id": Beneficiary, "account_id": BankAccount, "change_id": AccountChange, "slip_id": RegistrationSlip, "payee_id": PayeeRelation,
    "decision_id": Decision, "enquiry_id": IdentityEnquiry, "upload_id": RegistryUpload, "file_id": OfficeFile,
}  # fmt: skip
CONSTANT = {
    "month": "2024-08",
    "programme": "TCXH",
    "provider": "BUU-DIEN",
    "account": "TK-971",
    "question": "unclaimed",
    "file_format": "pdf",
}
ANY = (
    "order_id",
    "run_id",
    "statement_id",
    "match_id",
    "discrepancy_id",
    "sample_id",
    "item_id",
    "freeze_id",
    "report_id",
    "delegation_id",
)
ANY += (
    "kept_id",
    "handover_id",
    "paper_id",
    "minutes_id",
    "proposal_id",
    "snapshot_id",
    "alarm_id",
    "line_id",
    "correction_id",
)
# Made to be sent to a bank, the police or the post, the sender's own file, or one person's history printed for a purpose that is written
# down: numbers are their purpose, and each has a right of its own.
MEANT = {
    "api-openings-file",
    "api-enquiry-list",
    "api-batch-hand-over",
    "api-office-file-errors",
    "api-person-history",
    "api-registry-upload-errors",
    "page-enquiry-list",  # the same files as those of the API
    "page-file-errors",
    "page-registry-errors",
}
PERIOD = "from_on=2024-08-01&to_on=2024-08-31"
# What an address that answers nothing without filters is asked with.
FILTERS = {
    "api-coverage": "on=2024-08-31&by=sex",
    "api-quality-sign-off": "taken_on=2024-08-31",
    "api-history": "actor=maker.97",
    "api-question": PERIOD,
    "api-question-file": PERIOD,
    "api-held-of-lists": "lists=1",
}
PAGES = {
    "start",
    "page-lists",
    "page-list",
    "page-list-print",
    "page-cases",
    "page-case",
    "page-proof",
    "page-differences",
    "page-figures",
}


def addresses(patterns: Any = None, before: str = "/") -> Iterator[tuple[str, str]]:
    """(name, route) of every address there is."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name), route


def filled(route: str) -> str:
    def value(found: re.Match[str]) -> str:
        name = found[1].rpartition(":")[2]
        if (model := NEWEST.get(name)) is not None:
            return str(model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 1)
        return CONSTANT[name] if name in CONSTANT else dict.fromkeys(ANY, "1")[name]

    return re.sub(r"<([^>]+)>", value, route)


def in_clear(content: bytes) -> bytes:
    """Everything a person could read in an answer: cells of a workbook, text and attachments of a PDF."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return b"\n".join(parts.read(name) for name in parts.namelist())
    if content.startswith(b"%PDF-") and content != SCAN:
        paper = pypdf.PdfReader(io.BytesIO(content))
        texts = [page.extract_text().encode() for page in paper.pages]
        return b"\n".join(texts + [data for found in paper.attachments.values() for data in found])
    return content


def found_in(text: bytes, numbers: set[bytes]) -> set[bytes]:
    runs = b"|".join(RUNS.findall(text))
    return {number for number in numbers if number in runs}


@pytest.fixture
def numbers(world: World, as_staff: Client, quiet_tasks: list[Any]) -> set[bytes]:
    """Everybody has a number, a matched record, a payee with number and telephone; there is one of nearly everything an address is about."""
    given: set[str] = {f"55501{commune}" for commune in ("97101", "97102", "97201")}
    maker = world.staff["MAKER", "97"]
    for n, person in enumerate(world.people.values(), start=1):
        number = f"09704200000{n}"
        pk = keep_identity_numbers({number})[number]
        record = IdentityRecord.objects.create(
            number_id=pk,
            full_name=person.full_name,
            name_key=person.name_key,
            birth_year=1942,
            sex="MALE",
            unit=person.unit,
        )
        put_on_record(person, number_id=pk)
        Beneficiary.objects.filter(pk=person.pk).update(identity=record, identity_status="MATCHED")
        paper = Paper(
            number="12/CT", certified_by="UBND xã", valid_from=NOW.date(), valid_until=NOW.date().replace(year=2099)
        )
        record_payee(
            beneficiary=person, kind="AUTHORISED", full_name="Trần Thị Con", identity_number=f"09714200007{n}",
            phone=f"091234567{n}", paper=paper, actor=maker, now=NOW,
        )  # fmt: skip
        new = world.open_account(person, f"66601000{n}0")
        AccountChange.objects.create(
            old_account=person.accounts.first(), new_account=new, requested_by=maker, requested_at=NOW
        )
        given |= {number, f"09714200007{n}", f"091234567{n}", f"66601000{n}0"}
    person = world.people["Trần Văn Ân"]
    slip = RegistrationSlip.objects.create(
        beneficiary=person,
        method="CASH",
        signed_on=NOW.date(),
        signer_kind="OWN",
        signer_name="A",
        recorded_by=maker,
        recorded_at=NOW,
    )
    attach_scan(slip=slip, content=SCAN, actor=maker, now=NOW)
    open_payment_cases(payment_ids=[payment.pk for payment in world.payments.values()], reason="ORDER_REFUSED", now=NOW)
    send(as_staff("MAKER", "97"), {"identity": "097042000001", "registered": ""}, {"identity": "09704200O001"})
    work_on_files()
    registry = ("code,name\n" + "\n".join(sorted(given))).encode()
    as_staff("MAKER", "97").post(
        "/api/registry-uploads/", {"file": SimpleUploadedFile("x.csv", registry), "unit": "97101"}, format="multipart"
    )
    return {number.lstrip("0").encode() for number in given}


@pytest.fixture
def quiet_tasks(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What tasks were rung with; nothing is rung."""
    rung: list[Any] = []
    monkeypatch.setattr(
        Task, "apply_async", lambda self, args=None, kwargs=None, **options: rung.append((args, kwargs))
    )
    return rung


def test_the_search_finds_a_number_in_every_kind_of_answer() -> None:
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as parts:
        parts.writestr("xl/worksheets/sheet1.xml", "<v>97042000001</v>")
    wanted = {b"97042000001"}

    assert found_in(in_clear(book.getvalue()), wanted) == wanted
    assert found_in(in_clear(b'{"x": "0097042000001"}'), wanted) == wanted
    assert found_in(in_clear(b'{"x": "***0001"}'), wanted) == set()


@pytest.mark.slow
def test_no_number_stands_in_any_answer_log_line_task_or_address(
    world: World,
    numbers: set[bytes],
    as_staff: Client,
    bank: FakeTransfers,
    quiet_tasks: list[Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    asked, answered, leaks, broken, refused = 0, set(), [], set(), set()
    for role in ROLES:
        client, user = as_staff(role, "97"), world.staff[role, "97"]
        client.force_login(user)  # pages know people by their session
        client.force_authenticate(user, token=AuthToken.objects.create(user=user)[0])
        client.raise_request_exception = False
        for name, route in addresses():
            if name == "log-out":
                continue
            url = filled(route)
            for method in ("GET", "POST"):
                with transaction.atomic():
                    connection.atomic_blocks[
                        -1
                    ]._from_testcase = True  # else what wants a transaction of its own refuses
                    if method == "POST" and url.startswith("/api/"):
                        answer = ask_with_what_it_knows(client, url, BODY)
                    else:
                        body = b"" if method == "GET" else json.dumps(BODY).encode()
                        answer = client.generic(method, url, body, content_type="application/json")
                    if (
                        method == "GET" and answer.status_code == 400
                    ):  # it wants filters; other addresses refuse what is none of theirs
                        answer = client.get(f"{url}?{FILTERS.get(name, 'on=2024-08-31')}")
                    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
                    transaction.set_rollback(True)
                asked += 1
                answered |= {name} if answer.status_code < 300 else set()
                refused |= {name} if (method, answer.status_code) == ("GET", 400) else set()
                broken |= {(name, method)} if answer.status_code >= 500 else set()
                text = in_clear(content) + json.dumps(dict(answer.headers)).encode() + url.encode()
                if name not in MEANT and (leak := found_in(text, numbers)):
                    leaks.append((name, method, role, len(leak)))

    assert leaks == []
    assert broken == set()
    assert found_in(caplog.text.encode(), numbers) == set()
    assert found_in(repr(quiet_tasks).encode(), numbers) == set()
    assert asked > 1_000
    assert len(answered) > 90, sorted(answered)
    assert not refused, refused
    assert answered >= PAGES, PAGES - answered


@pytest.mark.django_db
def test_every_address_is_given_something_to_be_about() -> None:
    """Quick, so that whoever adds an address with a new kind of parameter learns it at once."""
    assert [route for _, route in addresses() if "<" in filled(route)] == []
