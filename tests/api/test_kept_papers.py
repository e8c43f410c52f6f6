"""Papers that were kept can be read: by who has the right, within the reach, as a file nothing runs; and each reading is written down."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from beneficiaries.models import BenefitCategory, Decision, PayeeRelation, RegistrationSlip
from beneficiaries.services.accounts.register_slip import attach_scan
from beneficiaries.services.decisions import keep_paper
from beneficiaries.services.read_papers import attach_payee_paper
from payments.models import SignedPaper
from payments.services.signing.papers import PAPER
from staff.encryption import seal
from staff.models import PaperReading
from tests.api.world import NOW, World

Client = Callable[[str, str], APIClient]
PDF = b"%PDF-1.7\n<script>alert(1)</script>"
HOME, ELSEWHERE = "Trần Văn Ân", "Ngô Văn Cường"


def decision(world: World, name: str, *, content: bytes = PDF, number: str = "12/QĐ") -> Decision:
    paper = keep_paper(content=content, actor=world.staff["MAKER", "97"], now=NOW)
    return Decision.objects.create(
        enrolment=world.people[name].enrolments.get(), kind="GRANT", number=number, signed_on=NOW.date(),
        effective_month="2024-08-01", paper=paper,
    )  # fmt: skip


@pytest.fixture
def papers(world: World) -> dict[str, str]:
    """Address of one paper of each kind, all of a person or a list of district 971."""
    BenefitCategory.objects.filter(code="HIV-NGHEO").update(sensitive=False, neutral_code="HIV-NGHEO")
    maker, person = world.staff["MAKER", "97"], world.people[HOME]
    slip = RegistrationSlip.objects.create(
        beneficiary=person, method="CASH", signed_on=NOW.date(), signer_kind="OWN", signer_name=HOME,
        recorded_by=maker, recorded_at=NOW,
    )  # fmt: skip
    attach_scan(slip=slip, content=PDF, actor=maker, now=NOW)
    relation = PayeeRelation.objects.create(
        beneficiary=person, kind="CARER", full_name="Lê Thị Ba", name_key="lethiba", valid_from=NOW.date(),
        recorded_by=maker, recorded_at=NOW,
    )  # fmt: skip
    attach_payee_paper(relation=relation, content=PDF, actor=maker, now=NOW)
    batch = world.lists["971", "ACCOUNT"]
    signed = SignedPaper.objects.create(
        batch=batch, revision=1, list_digest="0" * 64, kind="SCAN", media_type="application/pdf",
        sealed=seal(PDF, purpose=PAPER), content_digest="1" * 64, received_by=maker, received_at=NOW,
    )  # fmt: skip
    return {
        "DECISION": f"/api/decisions/{decision(world, HOME).pk}/paper/",
        "SLIP": f"/api/slips/{slip.pk}/scan/",
        "PAYEE": f"/api/payees/{relation.pk}/paper/",
        "LIST": f"/api/batches/{batch.pk}/papers/{signed.pk}/",
    }


KINDS = ["DECISION", "SLIP", "PAYEE", "LIST"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_is_given_out_as_a_file_and_the_reading_is_written_down(
    kind: str, papers: dict[str, str], as_staff: Client
) -> None:
    answer = as_staff("MAKER", "971").get(papers[kind])

    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert PaperReading.objects.values_list("kind", "read_by__username").get() == (kind, "maker.971")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("role", ["COMMUNE_OFFICER", "MAKER", "CHECKER", "AUDITOR"])
def test_outside_the_reach_there_is_none(kind: str, role: str, papers: dict[str, str], as_staff: Client) -> None:
    assert as_staff(role, "972").get(papers[kind]).status_code == 404
    assert not PaperReading.objects.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_who_sees_no_persons_reads_none(kind: str, papers: dict[str, str], as_staff: Client) -> None:
    assert as_staff("LEADER", "97").get(papers[kind]).status_code == 403
    assert as_staff("CIVIL_REGISTRY", "97").get(papers[kind]).status_code == 403


def test_a_decision_that_names_people_elsewhere_is_the_provinces_to_read(world: World, as_staff: Client) -> None:
    here, _ = decision(world, HOME), decision(world, ELSEWHERE)
    address = f"/api/decisions/{here.pk}/paper/"

    assert as_staff("MAKER", "971").get(address).status_code == 404
    assert as_staff("MAKER", "97").get(address).status_code == 200


def test_a_decision_that_tells_of_an_illness_is_for_who_keeps_decisions(world: World, as_staff: Client) -> None:
    address = f"/api/decisions/{decision(world, HOME).pk}/paper/"  # HIV-NGHEO

    assert as_staff("COMMUNE_OFFICER", "97101").get(address).status_code == 200
    assert as_staff("CHECKER", "971").get(address).status_code == 404
    assert as_staff("AUDITOR", "971").get(address).status_code == 404


def test_slips_and_papers_of_a_person_are_found_and_kept_by_api(world: World, as_staff: Client) -> None:
    officer, person = as_staff("COMMUNE_OFFICER", "97101"), world.people[HOME]
    body = {"method": "CASH", "signed_on": "2024-08-01", "signer_kind": "OWN", "signer_name": HOME}
    slip = officer.post(f"/api/beneficiaries/{person.pk}/slips/", body, format="json").json()["id"]
    payee = officer.post(
        f"/api/beneficiaries/{person.pk}/payees/",
        {"kind": "CARER", "full_name": "Lê Thị Ba", "valid_from": "2024-01-01", "paper_number": "7/QĐ-UBND"}, format="json",
    ).json()["id"]  # fmt: skip

    assert officer.get(f"/api/slips/{slip}/scan/").json()["code"] == "PAPER_NOT_KEPT"
    scan = {"file": SimpleUploadedFile("x.exe", PDF)}
    assert officer.post(f"/api/payees/{payee}/paper/", scan, format="multipart").status_code == 201
    again = {"file": SimpleUploadedFile("x.pdf", PDF)}
    assert officer.post(f"/api/payees/{payee}/paper/", again, format="multipart").json()["code"] == "SCAN_REFUSED"
    assert [row["has_scan"] for row in officer.get(f"/api/beneficiaries/{person.pk}/slips/").json()] == [False]
    assert [row["has_paper"] for row in officer.get(f"/api/beneficiaries/{person.pk}/payees/").json()] == [True]


def test_auditors_see_who_read_what_in_their_reach(papers: dict[str, str], as_staff: Client) -> None:
    as_staff("MAKER", "971").get(papers["SLIP"])

    (row,) = as_staff("AUDITOR", "971").get("/api/paper-readings/?kind=SLIP").json()["results"]
    assert (row["read_by"], row["unit"]) == ("MAKER 971", "xã Phước Thuận")
    assert as_staff("AUDITOR", "972").get("/api/paper-readings/").json()["count"] == 0
    assert as_staff("MAKER", "971").get("/api/paper-readings/").status_code == 403


def test_a_reading_is_never_edited_or_deleted(world: World, papers: dict[str, str], as_staff: Client) -> None:
    as_staff("MAKER", "971").get(papers["SLIP"])
    for change in (lambda: PaperReading.objects.update(read_at=timezone.now()), PaperReading.objects.all().delete):
        with pytest.raises(DatabaseError, match=r"permission denied|append"), transaction.atomic():
            change()
    assert PaperReading.objects.count() == 1
