"""Reports somebody asks for, who was shown them, reminders, and what comes back signed."""

import io
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from pyhanko.pdf_utils.generic import StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from rest_framework.test import APIClient

from payments.models import Alarm
from payments.services.pdfs.only_signed import only_signed
from payments.services.pdfs.pdf_signatures import signers_of
from reconciliation.errors import (
    PaperOfAnotherReport,
    PeriodNotOver,
    ReportBearsNoSignature,
    ReportOrdered,
    WrongReportState,
)
from reconciliation.models import ReportReading, ReportRun, SignedReport
from reconciliation.reports.pdf import render_pdf
from reconciliation.reports.verify import verify_report
from reconciliation.services.papers.keep_signed_report import content_of_paper, keep_signed_report
from reconciliation.services.papers.make_reports import make_reports
from reconciliation.services.papers.order_report import order_report
from reconciliation.services.papers.plan_reports import plan_reports
from reconciliation.services.papers.report_reminders import remind_of_reports
from reconciliation.services.papers.sign_report import sign_report
from staff.errors import NotAllowed
from staff.models import AdministrativeUnit, User
from tests.pages.forms import Browser
from tests.pages.test_daily_work import picture
from tests.reports.world import AUGUST, JULY, SEPTEMBER, World
from tests.signing import signing_program

NOW = datetime(2024, 10, 3, 3, 0, tzinfo=UTC)


def staff(role: str, unit: AdministrativeUnit) -> User:
    return User.objects.create(username=f"{role}.{unit.code}", full_name=f"{role} {unit.code}", role=role, unit=unit)


@pytest.fixture
def paid(world: World) -> World:
    person = world.person()
    account = world.account(person.beneficiary)
    for month in (JULY, AUGUST, SEPTEMBER):
        world.pay(person, month, account=account)
    world.play()
    return world


def order(world: World, *, actor: User, first: date = JULY, last: date = AUGUST, now: datetime = NOW) -> ReportRun:
    return order_report(
        unit=world.province, from_month=first, to_month=last, reason="Họp giao ban.", actor=actor, now=now
    )


def made(world: World) -> ReportRun:
    """A report of July and August, made."""
    run = order(world, actor=staff("CHECKER", world.province))
    make_reports(holder="w", clock=lambda: NOW, only=run.pk)
    return ReportRun.objects.select_related("snapshot__unit").get(pk=run.pk)


class TestOrdering:
    def test_any_months_that_are_over_are_counted_and_wait_for_the_signer(self, paid: World) -> None:
        run = made(paid)

        assert (run.kind, run.status, run.from_on, run.to_on) == ("PERIOD", "MADE", JULY, date(2024, 8, 31))
        assert run.snapshot is not None
        assert run.snapshot.figures["headline"]["account_money"] == 1_000_000

    def test_one_of_the_same_last_day_does_not_stand_in_its_way_and_the_same_months_do(self, paid: World) -> None:
        actor = staff("CHECKER", paid.province)
        first = order(paid, actor=actor)
        order(paid, actor=actor, first=date(2024, 6, 1))

        with pytest.raises(ReportOrdered) as refused:
            order(paid, actor=actor)
        assert refused.value.conflicts == [str(first.pk)]

    def test_a_quarter_asked_for_early_is_the_quarter_of_the_clock(self, paid: World) -> None:
        run = order(paid, actor=staff("LEADER", paid.province), last=SEPTEMBER)
        plan_reports(now=NOW + timedelta(days=9), since=JULY)

        assert ReportRun.objects.get(kind="QUARTER", unit=paid.province).pk == run.pk

    @pytest.mark.parametrize(
        ("first", "last"), [(AUGUST, JULY), (SEPTEMBER, date(2024, 10, 1)), (date(2022, 8, 1), AUGUST)]
    )
    def test_months_to_come_turned_round_or_too_many_are_refused(self, paid: World, first: date, last: date) -> None:
        with pytest.raises(PeriodNotOver):
            order(paid, actor=staff("CHECKER", paid.province), first=first, last=last)

    def test_who_may_not_order_or_does_not_reach_the_unit_is_refused(self, paid: World) -> None:
        for actor in (staff("AUDITOR", paid.province), staff("CHECKER", paid.communes[0])):
            with pytest.raises(NotAllowed):
                order(paid, actor=actor)

    def test_the_command_writes_all_four_files(self, paid: World, tmp_path, capsys) -> None:
        staff("CHECKER", paid.province)
        arguments = ("report", "2024-07", "2024-08", "--unit", "97", "--actor", "CHECKER.97", "--folder", str(tmp_path))
        call_command(*arguments)

        assert sorted(path.suffix for path in tmp_path.iterdir()) == [".docx", ".json", ".pdf", ".xlsx"]
        with pytest.raises(CommandError, match="đã có"):
            call_command(*arguments)


class TestDelivery:
    def test_tells_who_was_shown_it_and_who_it_is_addressed_to_was_not(self, paid: World) -> None:
        signer, leader = staff("RELEASER", paid.province), staff("LEADER", paid.province)
        run = made(paid)
        client = APIClient()
        client.force_authenticate(leader)
        client.get(f"/api/report-runs/{run.pk}/")
        first = ReportReading.objects.get().read_at
        delivery = client.get(f"/api/report-runs/{run.pk}/").json()["delivery"]
        client.force_authenticate(signer)
        client.get(f"/api/report-runs/{run.pk}/files/json/")

        assert [(row["name"], row["addressed"], row["read_at"] is None) for row in delivery] == [
            ("RELEASER 97", True, True),
            ("LEADER 97", False, False),
        ]
        assert ReportReading.objects.get(reader=leader).read_at == first
        assert ReportReading.objects.filter(reader=signer).count() == 1

    def test_what_was_written_down_is_never_edited(self, paid: World) -> None:
        run = made(paid)
        assert run.snapshot is not None
        ReportReading.objects.create(run=run, snapshot=run.snapshot, reader=staff("LEADER", paid.province), read_at=NOW)

        for change in (lambda: ReportReading.objects.update(read_at=NOW), lambda: ReportReading.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_a_reminder_is_raised_once_past_the_day_and_cleared_by_the_signature(self, paid: World) -> None:
        run, signer = made(paid), staff("RELEASER", paid.province)
        assert run.snapshot is not None
        late = datetime.combine(run.due_on, NOW.time(), tzinfo=UTC) + timedelta(days=1)

        raised = [remind_of_reports(now=moment) for moment in (late - timedelta(days=1), late, late)]
        sign_report(run_id=run.pk, digest=run.snapshot.digest, actor=signer, now=late)
        remind_of_reports(now=late)

        assert raised == [0, 1, 0]
        assert not Alarm.objects.filter(cleared_at__isnull=True).exists()

    def test_by_api_it_is_ordered_by_unit_and_months(self, paid: World) -> None:
        client = APIClient()
        client.force_authenticate(staff("LEADER", paid.district))
        body = {"from_month": "2024-07", "to_month": "2024-08", "reason": "Họp.", "unit": paid.communes[0].code}

        answer = client.post("/api/report-runs/", body, format="json")
        foreign = client.post("/api/report-runs/", {**body, "unit": "97"}, format="json")
        again = client.post("/api/report-runs/", body, format="json")

        assert (answer.status_code, foreign.status_code, again.status_code) == (202, 404, 409)
        assert (answer.json()["status"], answer.json()["ordered_by"]) == ("WAITING", "LEADER 971")


class TestSignedPapers:
    def test_our_pdf_signed_digitally_is_kept_and_its_signature_listed(self, paid: World) -> None:
        run, maker = made(paid), staff("MAKER", paid.province)
        assert run.snapshot is not None
        content = signing_program()(render_pdf(snapshot=run.snapshot))
        client = APIClient()
        client.force_authenticate(maker)
        url = f"/api/report-runs/{run.pk}/papers/"
        for _ in range(2):
            answer = client.post(url, {"file": SimpleUploadedFile("ky.pdf", content)}, format="multipart")

        assert answer.status_code == 200, answer.json()
        paper = SignedReport.objects.get()
        assert (paper.kind, paper.data_matches, content_of_paper(paper)) == ("SIGNED_PDF", True, content)
        assert "Lê Văn Duyệt" in client.get(url).json()[0]["signatures"][0]["signer"]
        assert client.get(f"{url}{paper.pk}/file/").content == content
        verdict = verify_report(content)
        assert (verdict.original, len(verdict.signers), len(verdict.received)) == (True, 1, 1)

    def test_a_signature_damaged_in_any_way_is_told_and_nothing_falls_over(self, paid: World) -> None:
        run, rng = made(paid), random.Random(2024)
        assert run.snapshot is not None
        ours = render_pdf(snapshot=run.snapshot)
        signed = signing_program()(ours)
        for _ in range(40):
            damaged = bytearray(signed)
            for at in rng.sample(range(len(ours), len(signed)), 3):
                damaged[at] = rng.randrange(256)
            only_signed(ours, bytes(damaged))
            assert all(line.startswith(("Ký bởi: ", "Chữ ký trong tệp")) for line in signers_of(bytes(damaged)))

    def test_the_page_takes_the_scan_and_gives_it_back(self, paid: World) -> None:
        run, client = made(paid), Browser()
        client.force_login(staff("MAKER", paid.province))
        scan = SimpleUploadedFile("ban-quet.jpg", picture())

        answer = client.send(f"/bao-cao/{run.pk}/ban-da-ky/", {"file": scan}, follow=True)
        paper = SignedReport.objects.get()

        assert "Đã lưu bản báo cáo đã ký." in answer.content.decode()
        assert client.get(f"/bao-cao/{run.pk}/ban-da-ky/{paper.pk}/").getvalue() == picture()

    def test_one_drawn_over_before_it_was_signed_is_refused_and_does_not_hold(self, paid: World) -> None:
        run, maker = made(paid), staff("MAKER", paid.province)
        assert run.snapshot is not None
        writer = IncrementalPdfFileWriter(io.BytesIO(render_pdf(snapshot=run.snapshot)), strict=False)
        writer.add_stream_to_page(0, writer.add_object(StreamObject(stream_data=b"0 0 200 200 re f")))
        stream = io.BytesIO()
        writer.write(stream)
        altered = signing_program()(stream.getvalue())

        with pytest.raises(PaperOfAnotherReport):
            keep_signed_report(run_id=run.pk, content=altered, actor=maker, now=NOW)
        assert not verify_report(altered).original

    def test_as_it_was_handed_out_without_a_signature_is_no_signed_one(self, paid: World) -> None:
        run = made(paid)
        assert run.snapshot is not None

        with pytest.raises(ReportBearsNoSignature):
            keep_signed_report(
                run_id=run.pk, content=render_pdf(snapshot=run.snapshot), actor=staff("MAKER", paid.province), now=NOW
            )
        assert not SignedReport.objects.exists()

    def test_the_pdf_of_another_report_is_refused_and_a_draft_takes_none(self, paid: World) -> None:
        run, maker = made(paid), staff("MAKER", paid.province)
        other = order(paid, actor=maker, first=JULY, last=JULY)
        with pytest.raises(WrongReportState):
            keep_signed_report(run_id=other.pk, content=b"%PDF-", actor=maker, now=NOW)
        make_reports(holder="w", clock=lambda: NOW, only=other.pk)
        other.refresh_from_db()
        assert other.snapshot is not None

        with pytest.raises(PaperOfAnotherReport):
            keep_signed_report(run_id=run.pk, content=render_pdf(snapshot=other.snapshot), actor=maker, now=NOW)

    def test_who_sees_reports_but_keeps_no_papers_is_refused(self, paid: World) -> None:
        run = made(paid)
        with pytest.raises(NotAllowed):
            keep_signed_report(run_id=run.pk, content=b"%PDF-", actor=staff("LEADER", paid.province), now=NOW)
