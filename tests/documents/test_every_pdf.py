"""Every PDF the product makes, judged by veraPDF: PDF/A-3a and PDF/UA-1, and PDF/A-3u for lists printed as lines (ADR 26)."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from beneficiaries.reports.lookup_slip import LookupSlip, render_lookup_slips
from beneficiaries.reports.slip import SlipForm, render_slip
from payments.models import Enquiry, FundingAccount, PaymentBatch
from payments.services.certificates import print_certificate
from payments.services.signing.list_paper import print_list
from reconciliation.reports.pdf import render_pdf
from reconciliation.reports.rolls.pdf import render_roll
from reconciliation.services.months.minutes import Minutes, MinutesRow
from reconciliation.services.months.minutes_paper import render_minutes
from reconciliation.services.months.minutes_roll import minutes_roll
from reconciliation.services.papers.person_history import print_person
from reconciliation.services.papers.trace_letter import print_trace_letter
from reconciliation.services.papers.write_dossier import bind_dossier
from staff.models import User
from staff.printing import archive_pdf
from tests.documents.verapdf import validate
from tests.reports.provinces import province_snapshot
from tests.reports.test_rolls import roll_of
from tests.reports.world import JULY, NOW, World

ROOMS = ("config", "staff", "banks", "beneficiaries", "payments", "reconciliation")
ROOT = Path(__file__).resolve().parents[2]


def test_no_pdf_is_made_but_by_the_one_function():
    writers = [
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if re.search(r"write_pdf\(|\bimport HTML\b", path.read_text())
    ]

    assert writers == ["staff/printing.py"]


# Who makes a PDF, and under which name the fixture `papers` has one of it. Another maker is another paper to be judged.
MAKERS = {
    "beneficiaries/reports/lookup_slip.py": "lookup",
    "beneficiaries/reports/slip.py": "slip",
    "payments/services/certificates.py": "certificate",
    "payments/services/signing/list_paper.py": "list",
    "reconciliation/services/months/minutes_paper.py": "minutes",
    "reconciliation/reports/dossier/pdf.py": "dossier",
    "reconciliation/reports/pdf.py": "report",
    "reconciliation/reports/person/pdf.py": "history",
    "reconciliation/reports/rolls/pdf.py": "roll",
    "reconciliation/services/papers/trace_letter.py": "trace",
}


def test_every_maker_of_a_pdf_is_judged():
    makers = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if "archive_pdf(" in path.read_text() and path != ROOT / "staff/printing.py"
    }

    assert makers == set(MAKERS)


def test_whoever_prints_the_motto_draws_the_rules_of_the_head():
    """Decree 30/2020: one under who issues the paper, one under the motto; in Word they are borders."""
    heads = {
        path.relative_to(ROOT).as_posix(): text
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.suffix in (".py", ".html") and "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in (text := path.read_text())
    }
    word, pdf = ({path for path in heads if path.endswith("docx.py") is of_word} for of_word in (True, False))

    assert len(word) == 2 and len(pdf) == 8
    assert [path for path in word if heads[path].count("rule_below(") != 2] == []
    ruled = {
        path for path in pdf if 'class="motto"' in heads[path] and heads[path].count('<span class="rule"></span>') == 2
    }
    assert pdf - ruled == {"staff/printing.py"}


@pytest.fixture
def papers(world: World, tmp_path: Path) -> dict[str, list[Path]]:
    """Files by the strictness they must meet."""
    enrolment = world.person()
    world.pay(enrolment, JULY, account=world.account(enrolment.beneficiary))
    batch = PaymentBatch.objects.select_related("cycle", "programme", "paying_unit").get()
    minutes = Minutes(
        FundingAccount.objects.get(), date(2024, 9, 1), [MinutesRow("Dư đầu kỳ", 5, 5), MinutesRow("Đã chi", 7, None)]
    )
    form = SlipForm(beneficiary=enrolment.beneficiary, payees=[], signs_alone=True, agency="Sở", on=date(2024, 9, 1))
    roll = roll_of([500_000] * 90)
    reader = User.objects.create(username="kt", full_name="Lê Thị Soát", role="CHECKER", unit=world.province)
    dossier, _, _ = bind_dossier(unit=world.province, month=JULY, actor=reader, now=NOW)
    asked = batch.payments.get()
    Enquiry.objects.create(payment=asked, attempt=asked.attempt, owner=reader, owner_role="CHECKER", taken_at=NOW)
    officer = User.objects.create(
        username="cb", full_name="Phạm Thị Xã", role="COMMUNE_OFFICER", unit=world.communes[0]
    )
    made = {
        "tagged": {
            "certificate": print_certificate(
                beneficiary=enrolment.beneficiary, purpose="Miễn giảm học phí", actor=officer, now=NOW
            ),
            "trace": print_trace_letter(payment_id=asked.pk, actor=reader, now=NOW),
            "report": render_pdf(snapshot=province_snapshot(districts=2, communes=2)),
            "draft": render_pdf(snapshot=province_snapshot(districts=1, communes=1, differences=("Lệch 4 người.",))),
            "minutes": render_minutes(minutes, minutes_roll(minutes, now=NOW)),
            "slip": render_slip(form),
            "lookup": render_lookup_slips(
                [LookupSlip(enrolment.beneficiary, "ABCD-EFGH")], address="ansinh.vn", phone="1022"
            ),
            "history": print_person(person=enrolment.beneficiary, purpose="Thử", actor=reader, now=NOW),
        },
        "lines": {
            "list": print_list(batch),
            "roll": render_roll(roll),
            "empty": render_roll(replace(roll, cells=())),
            "dossier": dossier,
        },
    }
    assert set(MAKERS.values()) <= {name for kind in made.values() for name in kind}
    paths: dict[str, list[Path]] = {}
    for kind, contents in made.items():
        for name, content in contents.items():
            path = tmp_path / f"{name}.pdf"
            path.write_bytes(content)
            paths.setdefault(kind, []).append(path)
    return paths


@pytest.mark.slow
def test_archived_and_accessible_by_the_reference_validator(papers: dict[str, list[Path]]):
    verdicts = validate(papers["tagged"], "3a", "ua1") + validate(papers["lines"], "3u")

    assert len(verdicts) == 2 * len(papers["tagged"]) + len(papers["lines"])
    assert [verdict for verdict in verdicts if not verdict.compliant] == []
    assert all(verdict.checks > 1_000 for verdict in verdicts)


@pytest.mark.slow
def test_the_validator_finds_what_is_wrong(tmp_path: Path):
    path = tmp_path / "wrong.pdf"
    figure = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    path.write_bytes(archive_pdf(f'<html lang="vi"><title>x</title><h1>x</h1>{figure}', identifier=b"0123456789abcdef"))

    (verdict,) = validate([path], "ua1")

    assert not verdict.compliant
    assert {failure["clause"] for failure in verdict.failures} == {"7.3-1"}
