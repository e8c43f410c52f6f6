"""Who may do what with statements, differences and periods where: every address × role, and nothing exists outside the scope (I13)."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from config.environment import ROOT
from payments.models import FundingAccount
from reconciliation.api import person_history
from reconciliation.api.urls import urlpatterns
from reconciliation.models import (
    Discrepancy,
    PaperOrder,
    ReportRun,
    ReportSnapshot,
    SignedMinutes,
    SignedReport,
    Statement,
    StatementLine,
    StatementMatch,
)
from reconciliation.services.lines.match_by_likeness import COUNTERPARTY
from reconciliation.services.papers.keep_signed_minutes import PURPOSE as MINUTES
from reconciliation.services.papers.keep_signed_report import PURPOSE
from staff.encryption import seal
from tests.api.known_keys import ask_with_what_it_knows
from tests.api.world import NOW, World
from tests.parsers.camt053_documents import balance, document, entry, statement

ROLES = ["COMMUNE_OFFICER", "MAKER", "CHECKER", "RELEASER", "LEADER", "AUDITOR", "CIVIL_REGISTRY"]
READ = [403, 403, 200, 200, 403, 200, 403]
AUDITOR = [403, 403, 403, 403, 403, 200, 403]
ASKING = [403, 403, 200, 403, 403, 200, 403]
REPORTS = [403, 200, 200, 200, 200, 200, 403]
PROOF = [403, 200, 200, 200, 200, 200, 403]


def finance(answer: int) -> list[int]:
    return [403, 403, answer, 403, 403, 403, 403]


# 409: may, and a rule says no to this one; 415: may, but a file is wanted.
EXPECTED: dict[str, tuple[str, list[int]]] = {
    "api-proof": ("GET", PROOF),
    "api-proof-page": ("GET", PROOF),
    "api-compare-list": ("POST", [415, 415, 415, 415, 403, 415, 403]),
    "api-statements": ("GET", READ),
    "api-statement-preview": ("POST", finance(415)),
    "api-statement-mappings": ("POST", finance(415)),
    "api-statement": ("GET", READ),
    "api-statement-lines": ("GET", READ),
    "api-match-undo": ("POST", finance(200)),
    "api-discrepancies": ("GET", READ),
    "api-discrepancies-ageing": ("GET", READ),
    "api-discrepancy": ("GET", READ),
    "api-discrepancy-assign": ("POST", finance(200)),
    "api-discrepancy-note": ("POST", finance(200)),
    "api-discrepancy-ask-bank": ("POST", finance(200)),
    "api-discrepancy-accept-answer": ("POST", finance(409)),
    "api-discrepancy-link": ("POST", finance(409)),
    "api-discrepancy-book": ("POST", finance(200)),
    "api-discrepancy-look-again": ("POST", finance(409)),
    "api-discrepancy-propose": ("POST", finance(200)),
    "api-discrepancy-sign": ("POST", [403, 403, 409, 409, 403, 403, 403]),
    "api-discrepancy-decline": ("POST", [403, 403, 409, 409, 403, 403, 403]),
    "api-discrepancy-reopen": ("POST", finance(409)),
    "api-periods": ("GET", READ),
    "api-period-states": ("GET", READ),
    "api-period": ("GET", READ),
    "api-period-close": ("POST", finance(409)),
    "api-period-reopen": ("POST", [403, 403, 403, 409, 403, 403, 403]),
    "api-minutes": ("GET", READ),
    "api-minutes-paper": ("GET", READ),
    "api-minutes-word": ("GET", READ),
    "api-minutes-workbook": ("GET", READ),
    "api-minutes-signed": ("GET", READ),
    "api-minutes-signed-file": ("GET", READ),
    "api-journal-export": ("GET", READ),
    # An order is its asker's, here the chief accountant's: nobody else's rights show it.
    "api-paper-orders": ("POST", [202, 202, 202, 202, 403, 202, 403]),
    "api-paper-order": ("GET", [404, 404, 200, 404, 403, 404, 403]),
    "api-paper-file": ("GET", [404, 404, 409, 404, 403, 404, 403]),
    "api-person-history": ("POST", [200, 200, 200, 200, 403, 200, 403]),
    "api-person-data": ("GET", [200, 200, 200, 200, 403, 200, 403]),
    "api-trace-letter": ("POST", [409, 409, 409, 409, 403, 403, 403]),
    "api-dashboard": ("GET", REPORTS),
    "api-dashboard-page": ("GET", REPORTS),
    "api-dashboard-latest": ("GET", REPORTS),
    "api-history": ("GET", AUDITOR),
    "api-history-seals": ("GET", AUDITOR),
    "api-history-seals-check": ("POST", [403, 403, 403, 403, 403, 202, 403]),
    "api-exports": ("GET", [403, 403, 404, 404, 403, 404, 403]),  # of the province alone: test_exports.py
    "api-export-approve": ("POST", finance(404)),
    "api-export-decline": ("POST", finance(404)),
    "api-verifications": ("POST", [403, 415, 415, 415, 415, 415, 403]),
    "api-verification": ("GET", [403, 404, 404, 404, 404, 404, 403]),
    "api-history-readings": ("GET", AUDITOR),
    "api-prison-lists": ("GET", [200, 200, 200, 403, 403, 200, 403]),  # sending one in: test_prison_lists.py
    "api-questions": ("GET", ASKING),
    "api-question": ("GET", ASKING),
    "api-question-file": ("GET", ASKING),
    "api-report-runs": ("GET", REPORTS),
    "api-report-runs-awaiting": ("GET", REPORTS),
    "api-report-runs-progress": ("GET", REPORTS),
    "api-report-run": ("GET", REPORTS),
    "api-report-run-parts": ("GET", REPORTS),
    "api-report-run-papers": ("GET", REPORTS),
    "api-report-run-paper": ("GET", REPORTS),
    # 404: may, but it is not made yet; 409: may, and there is nothing to sign or to count again.
    "api-report-run-file": ("GET", [403, 404, 404, 404, 404, 404, 403]),
    "api-report-run-sign": ("POST", [403, 403, 403, 409, 403, 403, 403]),
    "api-report-run-order-again": ("POST", [403, 409, 409, 409, 409, 403, 403]),
    "api-transfers": ("POST", finance(200)),
    "api-batch-results": ("GET", READ),  # sending one in: test_provider_work.py
    "api-batch-held": ("GET", READ),
    "api-held-of-lists": ("GET", READ),
}
PERIOD = "?from_on=2024-08-01&to_on=2024-08-31"
QUERIES = {
    "api-question": PERIOD, "api-question-file": PERIOD, "api-history": "?actor=maker.971", "api-held-of-lists": "?lists=1,2",
}  # fmt: skip
OTHERWISE: dict[str, dict[str, object]] = {"api-paper-orders": {"kind": "LISTS", "month": "2024-08"}}
OF_ONE_OBJECT = [p.name for p in urlpatterns if "<int:" in str(p.pattern) or "<str:account>" in str(p.pattern)]
Client = Callable[[str, str], APIClient]


@pytest.fixture
def world(same_world: World) -> World:
    return same_world


@pytest.fixture
def ids(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, object]]:
    """For each district a statement with one charge that was matched and one line that is a difference. What a history holds is tested elsewhere."""
    monkeypatch.setattr(person_history, "print_person", lambda **_: b"%PDF")
    found: dict[str, dict[str, object]] = {}
    for district, person in (("971", "Trần Văn Ân"), ("972", "Ngô Văn Cường")):
        statement = Statement.objects.create(
            funding_account=FundingAccount.objects.get(code=f"TK-{district}"), content_digest=district.encode(), statement_id="SP1",
            sequence_number=1, from_on=date(2024, 8, 1), to_on=date(2024, 8, 31), opening=0, closing=-2000, line_count=2, received_at=NOW,
        )  # fmt: skip
        matched, open_line = (
            StatementLine.objects.create(
                statement=statement,
                ordinal=at,
                amount=-1000,
                booked_on=date(2024, 8, 9),
                sealed_counterparty=seal(b'["", "", ""]', purpose=COUNTERPARTY),
            )
            for at in (1, 2)
        )
        match = StatementMatch.objects.create(
            line=matched, kind="CHARGE", basis="BY_HAND", amount=-1000, reason="Phí", matched_by=world.staff["CHECKER", district], matched_at=NOW
        )  # fmt: skip
        item = Discrepancy.objects.create(
            kind="UNEXPECTED_LINE", key=f"line:{open_line.pk}", statement=statement, line=open_line, theirs=-1000, sentence="Dòng lạ.", found_at=NOW
        )  # fmt: skip
        run = ReportRun.objects.create(
            kind="MONTH", unit=world.units[district], from_on=date(2024, 8, 1), to_on=date(2024, 8, 31), ready_at=NOW, due_on=date(2024, 9, 6), status_at=NOW
        )  # fmt: skip
        found[district] = {
            "<int:statement_id>": statement.pk, "<int:match_id>": match.pk, "<int:discrepancy_id>": item.pk,
            "<str:account>": f"TK-{district}", "<str:month>": "2024-08", "payment": world.payments[person].end_to_end_id,
            "owner": f"checker.{district}", "<int:run_id>": run.pk, "<str:file_format>": "json", "<str:question>": "unclaimed",
            "<int:minutes_id>": _signed_minutes(f"TK-{district}", world.staff["CHECKER", district]).pk,
            "<int:paper_id>": _signed_paper(run, world.staff["CHECKER", district]).pk,
            "<int:batch_id>": world.lists[district, "ACCOUNT"].pk,
            "<int:person_id>": world.people[person].pk, "<int:payment_id>": world.payments[person].pk,
            "<int:order_id>": PaperOrder.objects.create(
                kind="LISTS", unit=world.units[district], month=date(2024, 7, 1), asked_by=world.staff["CHECKER", district], asked_at=NOW
            ).pk,
        }  # fmt: skip
    return found


def _signed_paper(run: ReportRun, by: object) -> SignedReport:
    snapshot = ReportSnapshot.objects.create(
        kind="MONTH", unit=run.unit, from_on=run.from_on, to_on=run.to_on, ties_out=True, digest="0" * 64, created_at=NOW,
        figures={"headline": {"unpaid": 0, "in_flight": 0}, "rates": {}, "work": []},
    )  # fmt: skip
    return SignedReport.objects.create(
        run=run, snapshot=snapshot, kind="SCAN", media_type="application/pdf", sealed=seal(b"%PDF", purpose=PURPOSE), content_digest="0" * 64,
        received_by=by, received_at=NOW,
    )  # fmt: skip


def _signed_minutes(account: str, by: object) -> SignedMinutes:
    return SignedMinutes.objects.create(
        account=FundingAccount.objects.get(code=account), month=date(2024, 8, 1), kind="SCAN", media_type="application/pdf",
        sealed=seal(b"%PDF", purpose=MINUTES), content_digest="0" * 64, received_by=by, received_at=NOW,
    )  # fmt: skip


def call(client: APIClient, name: str, own: dict[str, object]) -> int:
    route = next(str(pattern.pattern) for pattern in urlpatterns if pattern.name == name)
    for placeholder, value in own.items():
        route = route.replace(placeholder, str(value)) if placeholder.startswith("<") else route
    body = {
        "note": "Theo công văn 12.", "owner": own["owner"], "answer_due_on": "2024-09-10", "payment": own["payment"], "kind": "CHARGE",
        "number": "15/QĐ", "decided_on": "2024-09-12", "signer": "Nguyễn Văn Chủ", "reason": "Bổ sung", "digest": "0" * 64,
        **({"kind": "FEE", "amount": 20000, "reference": "PHI-1", "booked_on": "2024-08-09"} if name == "api-transfers" else {}),
        "purpose": "Trả lời gia đình.", **OTHERWISE.get(name, {}),
    }  # fmt: skip
    method = EXPECTED[name][0]
    url = f"/api/{route}{QUERIES.get(name, '')}"
    return int(ask_with_what_it_knows(client, url, {} if method == "GET" else body, method=method).status_code)


def test_the_table_names_every_address() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(EXPECTED)


def test_the_document_names_every_address() -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    addresses = ["/api/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern)) for pattern in urlpatterns]

    assert [address for address in addresses if f" {address}`" not in text] == []


@pytest.mark.parametrize("name", EXPECTED)
def test_inside_the_scope_the_role_decides(name: str, ids: dict, as_staff: Client) -> None:
    assert [call(as_staff(role, "971"), name, ids["971"]) for role in ROLES] == EXPECTED[name][1]


@pytest.mark.parametrize("name", OF_ONE_OBJECT)
def test_outside_the_scope_nothing_exists(name: str, ids: dict, as_staff: Client) -> None:
    for role in ("CHECKER", "RELEASER", "AUDITOR"):
        assert call(as_staff(role, "971"), name, ids["972"]) in (403, 404)


def test_nobody_gets_in_without_log_in(ids: dict) -> None:
    assert {call(APIClient(), name, ids["971"]) for name in EXPECTED} <= {401, 403}


def test_a_list_shows_only_what_is_in_reach(ids: dict, as_staff: Client) -> None:
    answer = as_staff("AUDITOR", "971").get("/api/discrepancies/?status=OPEN").json()

    assert [item["id"] for item in answer["results"]] == [ids["971"]["<int:discrepancy_id>"]]
    assert answer["results"][0]["account"] == "TK-971"


def test_a_payment_of_another_district_can_not_be_linked(ids: dict, as_staff: Client) -> None:
    body = {"note": "x", "payment": ids["972"]["payment"]}
    url = f"/api/discrepancies/{ids['971']['<int:discrepancy_id>']}/link/"

    assert as_staff("CHECKER", "971").post(url, body, format="json").status_code == 404


@pytest.mark.parametrize(("role", "status"), list(zip(ROLES, [403, 403, 409, 403, 403, 403, 403], strict=True)))
def test_a_file_that_is_no_statement_is_refused_in_words(
    role: str, status: int, world: World, as_staff: Client
) -> None:
    file = SimpleUploadedFile("sao-ke.txt", b"khong phai sao ke")

    answer = as_staff(role, "971").post("/api/statements/", {"file": file}, format="multipart")

    assert answer.status_code == status


def test_a_page_without_the_others_is_refused_and_all_of_them_are_one_statement(world: World, as_staff: Client) -> None:
    client, head = as_staff("CHECKER", "971"), "<StmtPgntn><PgNb>{}</PgNb><LastPgInd>{}</LastPgInd></StmtPgntn>"
    first = statement(head=head.format(1, "false"), balances=balance("OPBD", "500000"))
    last = statement(entry(), head=head.format(2, "true"), balances=balance("CLBD", "0"))
    pages = [document(page).replace(b"fa_1", b"fa_971") for page in (last, first)]

    def send(*files: bytes) -> Any:
        uploads = [SimpleUploadedFile(f"{at}.xml", file) for at, file in enumerate(files)]
        return client.post("/api/statements/", {"file": uploads}, format="multipart")

    alone, together = send(pages[0]), send(*pages)

    assert alone.status_code == 409
    assert [(item["lines"], item["repeated"]) for item in together.json()] == [(1, False)]


def test_the_page_names_each_difference_and_links_it(ids: dict, as_staff: Client) -> None:
    page = as_staff("AUDITOR", "971").get("/api/cycles/2024-08/proof/page/").content.decode()

    assert f'href="/api/discrepancies/{ids["971"]["<int:discrepancy_id>"]}/"' in page
    assert f"/api/discrepancies/{ids['972']['<int:discrepancy_id>']}/" not in page
    assert "Chưa khớp" in page


TABLE = """Ngày GD,Rút,Nạp,Còn lại
05/08/2024,500,,500
06/08/2024,,200,700
"""


class TestTables:
    """A bank's own table: looked at, its columns explained once, then taken in."""

    def test_columns_are_explained_once_and_the_file_is_then_read(self, world: World, as_staff: Client) -> None:
        client = as_staff("CHECKER", "971")
        columns = json.dumps({"1": "debit", "2": "credit", "3": "balance"})

        (unclear,) = _send(client, "statements/preview/").json()
        (clear,) = _send(client, "statement-mappings/", columns=columns).json()
        taken = _send(client, "statements/")

        assert unclear["missing"] == ["Ghi nợ", "Ghi có"]
        assert [heading["text"] for heading in unclear["headings"]] == ["Ngày GD", "Rút", "Nạp", "Còn lại"]
        assert (clear["opening"], clear["closing"], clear["lines"], clear["fresh"]) == (1000, 700, 2, 2)
        assert taken.status_code == 201
        assert [(item["lines"], item["repeated"]) for item in taken.json()] == [(2, False)]

    def test_a_preview_writes_nothing(self, ids: dict, as_staff: Client) -> None:
        before = Statement.objects.count()
        head = TABLE.replace("Rút,Nạp,Còn lại", "Nợ,Có,Số dư")

        assert _send(as_staff("CHECKER", "971"), "statements/preview/", content=head).status_code == 200
        assert Statement.objects.count() == before

    def test_an_account_out_of_reach_is_not_there(self, world: World, as_staff: Client) -> None:
        assert _send(as_staff("CHECKER", "971"), "statements/preview/", account="TK-972").status_code == 404

    def test_columns_another_district_explained_count_for_nobody_else(self, world: World, as_staff: Client) -> None:
        columns = json.dumps({"1": "debit", "2": "credit", "3": "balance"})
        own, other = as_staff("CHECKER", "971"), as_staff("CHECKER", "972")
        _send(own, "statement-mappings/", columns=columns)
        naming = "Số tài khoản,fa_971\n" + TABLE

        assert _send(own, "statements/preview/", content=naming, account="").json()[0]["missing"] == []
        assert _send(other, "statements/preview/", content=naming, account="").json()[0]["missing"] == [
            "Ghi nợ",
            "Ghi có",
        ]

    def test_a_mapping_that_names_a_column_twice_is_refused(self, world: World, as_staff: Client) -> None:
        answer = _send(as_staff("CHECKER", "971"), "statement-mappings/", columns='{"1": "debit", "2": "debit"}')

        assert (answer.status_code, answer.json()["code"]) == (409, "MAPPING_UNCLEAR")


def _send(client: APIClient, address: str, *, content: str = TABLE, account: str = "TK-971", **more: str) -> Any:
    file = SimpleUploadedFile("so-phu.csv", content.encode())
    return client.post(f"/api/{address}", {"file": file, "account": account, **more}, format="multipart")


@pytest.mark.parametrize(
    "address",
    [
        f"questions/unclaimed/{PERIOD}&unit=972",
        "dashboard/?unit=972",
        "dashboard/page/?unit=972",
        "dashboard/latest/?unit=972",
        "dashboard/?unit=khongco",
    ],
)
def test_another_district_s_code_is_as_unknown_as_one_there_is_not(
    address: str, world: World, as_staff: Client
) -> None:
    assert as_staff("AUDITOR", "971").get(f"/api/{address}").status_code == 404
