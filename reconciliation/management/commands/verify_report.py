"""`manage.py verify_report FILE`: is this the report we issued, and would we count the same today; exit 1 if not."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reconciliation.reports.verify import NotAReport, Verdict, verify_report
from reconciliation.reports.verify_paper import PaperVerdict, verify_paper


class Command(BaseCommand):
    """Verify one file."""

    help = "Kiểm tra tệp báo cáo (PDF, Word, Excel, JSON), danh sách tháng, hồ sơ, quá trình hưởng với bản đã lập và tính lại; thoát mã 1 nếu khác."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One file."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was found."""
        try:
            content = options["file"].read_bytes()
            verdict = _verify(content)
        except OSError as error:
            raise CommandError("Không mở được tệp.") from error
        except NotAReport as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_told(verdict))
        self.stdout.write(
            "Tệp: đúng bản hệ thống đã phát hành."
            if verdict.original
            else "Tệp: đã sửa hoặc ghi lại bằng phần mềm khác."
        )
        received = verdict.received if isinstance(verdict, Verdict) else []
        for line in (*verdict.signers, *received):
            self.stdout.write(line)
        for line in verdict.differences:
            self.stdout.write(f"✗ {line}")
        for line in verdict.recount:
            self.stdout.write(f"✗ tính lại: {line}")
        if not verdict.holds:
            raise CommandError(f"{len(verdict.differences)} khác biệt trong tệp, {len(verdict.recount)} khi tính lại.")
        self.stdout.write("✓ Mọi số liệu trong tệp khớp với số liệu đã chốt và với kết quả tính lại.")


def _verify(content: bytes) -> Verdict | PaperVerdict:
    """A report by its snapshot, else a list or dossier by what was written down when it was made."""
    try:
        return verify_report(content)
    except NotAReport:
        return verify_paper(content, now=timezone.now())


def _told(verdict: Verdict | PaperVerdict) -> str:
    if isinstance(verdict, PaperVerdict):
        paper = verdict.paper
        made = f"lập {timezone.localtime(paper.made_at):%d/%m/%Y %H:%M} cho {paper.made_for.full_name}"
        return f"{paper.get_kind_display()} {paper.name}, {made}, mã số liệu {paper.digest[:12]}"
    snapshot = verdict.snapshot
    period = f"{snapshot.from_on:%d/%m/%Y} – {snapshot.to_on:%d/%m/%Y}"
    return f"Báo cáo {snapshot.figures['unit']['name']}, {period}, mã số liệu {snapshot.digest[:12]}"
