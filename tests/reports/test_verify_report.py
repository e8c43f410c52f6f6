"""A report that comes back: ours, edited, signed, or counted differently since."""

import hashlib
import io
import json
import subprocess
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from docx import Document

from payments.models import Payment
from payments.services.pdfs import pdfs_apart
from payments.states import Cause
from reconciliation.errors import FileNotKnown
from reconciliation.models import IssuedFile, ReportSnapshot
from reconciliation.reports import take_snapshot, verify
from reconciliation.reports.docx import render_docx
from reconciliation.reports.pdf import render_pdf
from reconciliation.reports.snapshot import digest_of
from reconciliation.reports.verify import NotAReport, verify_report, was_issued
from reconciliation.reports.workbook import render_workbook
from reconciliation.services.papers.issue_files import note_issued
from reconciliation.services.papers.verify_file import find_file
from staff.models import User
from tests.reports.world import JULY, NOW, QUARTER, World


@pytest.fixture
def snapshot(world: World) -> ReportSnapshot:
    enrolment = world.person()
    world.pay(enrolment, JULY, account=world.account(enrolment.beneficiary))
    world.play()
    return take_snapshot(unit=world.province, now=NOW, **QUARTER)


@pytest.mark.parametrize("render", [render_pdf, render_docx, render_workbook])
def test_what_we_issued_is_recognised_and_holds(snapshot: ReportSnapshot, render):
    verdict = verify_report(render(snapshot=snapshot))

    assert (verdict.original, verdict.holds) == (True, True)


def test_a_number_changed_in_word_is_named_and_a_sentence_added_is_not(snapshot: ReportSnapshot):
    document = Document(io.BytesIO(render_docx(snapshot=snapshot)))
    document.add_paragraph("Đoạn cơ quan tự viết.")
    edited = io.BytesIO()
    document.save(edited)
    assert verify_report(edited.getvalue()).holds
    grid = next(table for table in document.tables if len(table.columns) == 20)
    grid.rows[2].cells[2].text = "999"
    changed = io.BytesIO()
    document.save(changed)

    verdict = verify_report(changed.getvalue())

    assert verdict.differences == ["Bảng 2, dòng 3, cột 3: đã chốt “1”, trong tệp “999”."]


def test_json_with_another_figure_is_named_by_its_key(snapshot: ReportSnapshot):
    figures = json.loads(json.dumps(snapshot.figures))
    figures["headline"]["account_money"] += 1

    verdict = verify_report(json.dumps({"digest": snapshot.digest, "figures": figures}).encode())

    assert verdict.differences == ["Số liệu toàn đơn vị, Số tiền chi qua tài khoản: đã chốt 500000, nay 500001"]


def test_a_return_that_lies_in_the_period_and_was_learnt_later_shows_up_in_the_recount(snapshot: ReportSnapshot):
    Payment.objects.all().apply(Cause.BANK_RETURNED, now=NOW, returned_on=date(2024, 9, 30))

    verdict = verify_report(render_workbook(snapshot=snapshot))

    assert (verdict.original, verdict.differences) == (True, [])
    assert "Số liệu toàn đơn vị, Số tiền chi qua tài khoản: đã chốt 500000, nay 0" in verdict.recount


def test_a_pdf_with_something_appended_holds_and_one_with_other_data_does_not(snapshot: ReportSnapshot):
    content = render_pdf(snapshot=snapshot)

    assert verify_report(content + b"\n% appended by a signature\n").original
    other = content.replace(b"/FlateDecode", b"/FlateDecod ", 1)
    assert not verify_report(other).holds


class TestIssued:
    """A later version of the program draws other bytes of the same figures; what was handed out stays ours."""

    @pytest.mark.parametrize(
        ("suffix", "content"),
        [(".docx", render_docx), (".xlsx", render_workbook), (".pdf", render_pdf)],
        ids=["docx", "xlsx", "pdf"],
    )
    def test_what_was_handed_out_by_an_earlier_version_is_ours(
        self, snapshot: ReportSnapshot, monkeypatch: pytest.MonkeyPatch, suffix: str, content
    ):
        issued = content(snapshot=snapshot)
        note_issued(names=snapshot.digest, files=[(suffix, issued)], now=NOW)
        for name in ("render_docx", "render_workbook", "render_pdf"):
            monkeypatch.setattr(verify, name, lambda *, snapshot: b"drawn otherwise")

        assert (verify_report(issued).original, verify_report(issued).holds) == (True, True)

    def test_of_a_pdf_nothing_but_signatures_may_follow(self, snapshot: ReportSnapshot, monkeypatch):
        issued = render_pdf(snapshot=snapshot)
        note_issued(names=snapshot.digest, files=[(".pdf", issued)], now=NOW)
        monkeypatch.setattr(verify, "render_pdf", lambda *, snapshot: b"drawn otherwise")

        assert verify_report(issued + b"\n% a signature's comment\n").original
        assert not verify_report(issued.replace(b"/FlateDecode", b"/FlateDecod ", 1)).original

    def test_one_byte_more_or_another_report_is_another_file(self, snapshot: ReportSnapshot):
        issued = render_docx(snapshot=snapshot)
        note_issued(names="0" * 64, files=[(".docx", issued)], now=NOW)

        assert not was_issued(issued, ".docx", snapshot.digest)
        note_issued(names=snapshot.digest, files=[(".docx", issued + b"x")], now=NOW)
        assert not was_issued(issued, ".docx", snapshot.digest)
        assert not was_issued(issued + b"xx", ".docx", snapshot.digest)
        assert was_issued(issued + b"x", ".docx", snapshot.digest)

    @pytest.mark.parametrize("mark", ["", "0" * 64, "dấu", "of another file"])
    def test_a_row_written_by_sql_vouches_for_nothing(self, snapshot: ReportSnapshot, mark: str):
        ours = render_docx(snapshot=snapshot)
        note_issued(names=snapshot.digest, files=[(".docx", ours)], now=NOW)
        forged = ours + b"forged"
        taken = IssuedFile.objects.values_list("mark", flat=True).get() if mark == "of another file" else mark

        insert_by_sql(snapshot.digest, forged, mark=taken)

        assert was_issued(ours, ".docx", snapshot.digest)
        assert not was_issued(forged, ".docx", snapshot.digest)

    def test_a_row_somebody_put_before_ours_does_not_keep_ours_out(self, snapshot: ReportSnapshot):
        ours = render_docx(snapshot=snapshot)
        insert_by_sql(snapshot.digest, ours, mark="0" * 64)
        assert not was_issued(ours, ".docx", snapshot.digest)

        note_issued(names=snapshot.digest, files=[(".docx", ours)], now=NOW)

        assert was_issued(ours, ".docx", snapshot.digest)

    def test_what_was_written_down_is_never_edited(self, snapshot: ReportSnapshot):
        note_issued(names=snapshot.digest, files=[(".json", b"{}")] * 2, now=NOW)

        assert IssuedFile.objects.count() == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            IssuedFile.objects.update(digest="0" * 64)


def insert_by_sql(names: str, content: bytes, *, mark: str) -> None:
    """As whoever holds the application's role at the database may, without the program's keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reconciliation_issuedfile (names, suffix, size, digest, issued_at, mark) VALUES (%s, '.docx', %s, %s, now(), %s)",
            [names, len(content), hashlib.sha256(content).hexdigest(), mark],
        )


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04", b"{}", b"[]", b"\xff"])
def test_what_is_no_report_is_refused(content: bytes, db: None):
    with pytest.raises(NotAReport):
        verify_report(content)


class TestAPdfThatKeepsItsReaderBusy:
    """One byte changed in a stream of objects is enough: the bounds of the library that reads them do not hold for all it can nest."""

    @pytest.fixture
    def busy(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        asked = []

        def run(command, **_):
            asked.append(command[-2])
            raise subprocess.TimeoutExpired("", 0, output=b"begun\n")

        monkeypatch.setattr(pdfs_apart.subprocess, "run", run)
        return asked

    def test_is_refused_in_words_by_whoever_judges_it(self, snapshot: ReportSnapshot, busy: list[str]):
        with pytest.raises(NotAReport, match="hỏng hoặc đã bị sửa"):
            verify_report(render_pdf(snapshot=snapshot))
        assert busy == ["subject"]

    def test_is_refused_in_words_by_the_page_that_looks_at_its_head(self, snapshot: ReportSnapshot, busy: list[str]):
        with pytest.raises(FileNotKnown, match="hỏng hoặc đã bị sửa"):
            find_file(content=render_pdf(snapshot=snapshot), actor=User())
        assert busy == ["subject"]

    def test_nobody_of_us_opens_it_beside_whoever_can_be_ended(self):
        rooms = Path(verify.__file__).parents[2]
        opens = [
            path.relative_to(rooms).as_posix()
            for room in ("staff", "beneficiaries", "payments", "reconciliation", "config")
            for path in (rooms / room).rglob("*.py")
            if "PdfReader(" in path.read_text()
        ]
        assert sorted(opens) == ["payments/services/pdfs/pdf_judge.py", "reconciliation/reports/person/pdf.py"]


def test_the_command_says_so_and_fails_for_a_stranger(snapshot: ReportSnapshot, tmp_path, capsys):
    file = tmp_path / "bao-cao.xlsx"
    file.write_bytes(render_workbook(snapshot=snapshot))
    call_command("verify_report", str(file))
    assert "✓" in capsys.readouterr().out
    file.write_bytes(b"PK")
    with pytest.raises(CommandError):
        call_command("verify_report", str(file))


class TestAnOlderDefinition:
    """A report frozen before column E of Biểu 04 changed its meaning."""

    @staticmethod
    def frozen_then(snapshot: ReportSnapshot, *, schema: str = "ansinh.report/4", **more: int) -> bytes:
        figures = json.loads(json.dumps(snapshot.figures))
        figures["schema"] = schema
        figures["gap"]["doing"] += 7
        figures["headline"].update(more)
        del figures["cash_results"]  # a figure its version may not have had
        then = ReportSnapshot.objects.create(
            kind=snapshot.kind, unit=snapshot.unit, from_on=snapshot.from_on, to_on=snapshot.to_on, figures=figures, ties_out=True,
            digest=digest_of(figures), created_at=NOW,
        )  # fmt: skip
        return json.dumps({"digest": then.digest, "figures": figures}).encode()

    def test_is_told_as_that_and_everything_else_is_counted_again(self, snapshot: ReportSnapshot):
        verdict = verify_report(self.frozen_then(snapshot))

        assert (verdict.holds, verdict.recount) == (True, [])
        assert verdict.definitions[0].startswith("Báo cáo chốt theo định nghĩa số liệu phiên bản 4, nay là phiên bản 6")
        assert "Biểu 04, cột E" in verdict.definitions[1]

    def test_hides_no_figure_that_means_the_same(self, snapshot: ReportSnapshot):
        verdict = verify_report(self.frozen_then(snapshot, account_money=3))

        assert [one.partition(": ")[2] for one in verdict.recount] == ["đã chốt 3, nay 500000"]
        assert not verdict.holds

    @pytest.mark.parametrize("schema", ["ansinh.report/6", "ansinh.report/7", "ansinh.report/0", "gì đó"])
    def test_is_no_excuse_for_any_other_version(self, snapshot: ReportSnapshot, schema: str):
        verdict = verify_report(self.frozen_then(snapshot, schema=schema))

        assert not verdict.holds and verdict.definitions == []
        assert any("đang xử lý: đã chốt 7" in one for one in verdict.recount)

    def test_is_told_by_the_command(self, snapshot: ReportSnapshot, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
        file = tmp_path / "bao-cao.json"
        file.write_bytes(self.frozen_then(snapshot))
        call_command("verify_report", str(file))

        said = capsys.readouterr().out
        assert "phiên bản 4" in said and "✓ Mọi số liệu" in said
