"""Phiếu tra soát: printed from the enquiry that is open about a payment, by whoever asks bank or provider; that it was printed stays known."""

import io

import pytest
from pypdf import PdfReader

from beneficiaries.models import Case
from payments.models import Enquiry, Payment, Signature
from payments.money import format_amount
from payments.services.learning.not_seen import report_not_seen
from payments.services.signing.sign import list_digest
from payments.states import Cause
from reconciliation.models import IssuedPaper
from reconciliation.reports.verify_paper import verify_paper
from staff.services.database_clock import database_now
from tests.api.world import NOW, World
from tests.pages.forms import Browse

BUTTON = "In phiếu tra soát"


@pytest.fixture
def payment(world: World) -> Payment:
    found = world.payments["Trần Văn Ân"]
    batch = found.batch
    for role, status in [("MAKER", "SUBMITTED"), ("CHECKER", "APPROVED"), ("RELEASER", "RELEASED")]:
        signed = {"digest": list_digest(batch.pk), "signer": world.staff[role, "971"], "signed_at": NOW}
        Signature.objects.create(batch=batch, revision=1, step=role, **signed)
        batch.status = status
        batch.save(update_fields=["status"])
    for cause in (Cause.RELEASE, Cause.CLAIM, Cause.BANK_POSTED):
        assert Payment.objects.filter(pk=found.pk).apply(cause, now=NOW)
    found.refresh_from_db()
    return found


@pytest.fixture
def not_seen(payment: Payment, world: World) -> Case:
    maker = world.staff["MAKER", "971"]
    return report_not_seen(payment_id=payment.pk, note="hỏi ở ngân hàng", actor=maker, now=database_now())


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def printed(browse: Browse, payment: Payment, *, role: str = "CHECKER", unit: str = "971"):
    return browse(role, unit).post(f"/tra-soat/{payment.pk}/phieu/")


class TestLetter:
    def test_is_printed_from_the_payments_page_and_says_what_is_asked_by_when(self, payment, not_seen, browse):
        page = browse("CHECKER", "971").get(f"/danh-sach/{payment.batch_id}/khoan-chi/{payment.pk}/").content.decode()
        assert BUTTON in page

        answer = printed(browse, payment)

        text = text_of(answer.content)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        for said in ("PHIẾU TRA SOÁT", payment.end_to_end_id, payment.payee_name, "người hưởng báo chưa nhận được tiền",
                     f"trước ngày {not_seen.due_on:%d/%m/%Y}", "THỦ TRƯỞNG ĐƠN VỊ", "Số: ……/TS-UBND", f"{format_amount(payment.amount)} đồng"):  # fmt: skip
            assert said in text
        assert len(PdfReader(io.BytesIO(answer.content)).pages) == 1

    def test_is_written_down_with_who_and_why_and_known_again(self, payment, not_seen, browse):
        pdf = printed(browse, payment).content

        paper = IssuedPaper.objects.get()
        assert (paper.kind, paper.name, paper.made_for.role) == (
            "TRACE",
            f"tra-soat-{payment.end_to_end_id}",
            "CHECKER",
        )
        assert paper.purpose == "người hưởng báo chưa nhận được tiền"
        assert verify_paper(pdf, now=NOW).original
        assert not verify_paper(pdf.replace(b"/FlateDecode", b"/FlateDecod ", 1), now=NOW).original

    def test_is_printed_of_an_unknown_outcome_somebody_looks_into(self, world, payment, browse):
        checker = world.staff["CHECKER", "971"]
        Enquiry.objects.create(
            payment=payment, attempt=payment.attempt, owner=checker, owner_role="CHECKER", taken_at=NOW
        )

        text = text_of(printed(browse, payment, role="RELEASER").content)

        assert "chưa rõ kết quả thực hiện lệnh chuyển tiền" in text and f"Người tra soát: {checker.full_name}" in text

    def test_is_not_printed_while_nothing_is_asked_or_when_it_was_answered(self, world, payment, browse, not_seen):
        Case.objects.filter(pk=not_seen.pk).update(status="SOLVED", decided_by=world.staff["CHECKER", "971"], decided_at=NOW)  # fmt: skip

        page = browse("CHECKER", "971").get(f"/danh-sach/{payment.batch_id}/khoan-chi/{payment.pk}/").content.decode()
        refused = browse("CHECKER", "971").post(f"/api/payments/{payment.pk}/trace-letter/")

        assert BUTTON not in page
        assert (refused.status_code, refused.json()["code"]) == (409, "NOTHING_TO_TRACE")
        assert not IssuedPaper.objects.exists()

    @pytest.mark.parametrize(("role", "unit", "code"), [("AUDITOR", "971", 403), ("LEADER", "971", 403), ("CHECKER", "972", 404)])  # fmt: skip
    def test_is_not_printed_by_who_only_reads_nor_elsewhere(self, payment, not_seen, browse, role, unit, code):
        assert printed(browse, payment, role=role, unit=unit).status_code == code
        assert not IssuedPaper.objects.exists()
