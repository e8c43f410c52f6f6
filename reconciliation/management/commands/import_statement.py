"""`manage.py import_statement FILE… --actor ketoan`: take in bank statements; each file whole or not at all."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console

from payments.money import format_amount
from reconciliation.services.import_statement import StatementIntake, import_statements
from staff.errors import Refusal
from staff.models import User


class Command(BaseCommand):
    """One or more files of any format we read."""

    help = "Nạp sao kê ngân hàng (camt.053, MT940) và đối chiếu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which files, who."""
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--actor", required=True, help="tên đăng nhập của kế toán")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import; exit 1 if a file was refused."""
        actor = User.objects.filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
        console, refused = Console(), 0
        for path in options["files"]:
            try:
                intakes = import_statements(content=path.read_bytes(), actor=actor, now=timezone.now())
            except (Refusal, OSError) as error:
                refused += 1
                sentence = error.sentence if isinstance(error, Refusal) else "không mở được tệp."
                console.print(f"[red]✗ {path.name}: {sentence}[/red]")
                continue
            for intake in intakes:
                console.print(_said(intake, name=path.name))
        if refused:
            raise CommandError(f"{refused} tệp không được nhận; các tệp đó không ghi gì.")


def _said(intake: StatementIntake, *, name: str) -> str:
    lines = format_amount(intake.lines)
    if intake.statement is None or intake.matched is None:
        return f"• {name}: {lines} dòng đã có từ trước, không ghi gì."
    found = intake.matched
    return (
        f"✓ {name}: {lines} dòng, khớp {format_amount(found.payments)} khoản chi và {format_amount(found.top_ups)} khoản cấp tiền; "
        f"{format_amount(found.discrepancies)} chênh lệch."
    )
