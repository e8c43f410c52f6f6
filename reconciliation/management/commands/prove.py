"""`manage.py prove 2024-09`: print the proof of a cycle; exit 1 if there is a difference."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.utils import ProgrammingError
from rich.console import Console
from rich.table import Table

from payments.models import Cycle
from payments.money import format_amount
from reconciliation.services.months.proof_places import MOST_NAMED
from reconciliation.services.months.prove import Proof, prove_cycle


class Command(BaseCommand):
    """Prove one cycle."""

    help = "In bảng kiểm tra khớp số của một kỳ chi trả; thoát mã 1 nếu có chênh lệch."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One month."""
        parser.add_argument("cycle", help="tháng, dạng 2024-09")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print and judge."""
        try:
            month = date.fromisoformat(f"{options['cycle']}-01")
            proof = prove_cycle(month=month)
        except ValueError as error:
            raise CommandError("Tháng phải có dạng 2024-09.") from error
        except ProgrammingError as error:
            raise CommandError(
                "Cơ sở dữ liệu chưa có bảng. Dữ liệu chạy thử: make prove CYCLE=2024-08; hệ thống mới: manage.py migrate."
            ) from error
        except Cycle.DoesNotExist as error:
            raise CommandError(f"Chưa có kỳ chi trả {options['cycle']}.") from error
        print_proof(proof, console=Console())
        if not proof.proven:
            raise CommandError(f"{len(proof.differences)} chênh lệch.")


def print_proof(proof: Proof, *, console: Console) -> None:
    """The proof as two tables a person reads; differences last, one a line."""
    answers = Table(title=f"Kỳ {proof.month:%m/%Y}: mỗi hồ sơ một câu trả lời", title_justify="left")
    for heading in ("Câu trả lời", "Hồ sơ", "Số tiền (đ)"):
        answers.add_column(heading, justify="left" if heading == "Câu trả lời" else "right")
    for line in proof.lines:
        answers.add_row(line.name, format_amount(line.people), format_amount(line.amount))
    answers.add_section()
    answers.add_row(
        "Tổng cộng",
        format_amount(sum(line.people for line in proof.lines)),
        format_amount(sum(line.amount for line in proof.lines)),
    )
    console.print(answers)
    failed = [check for check in proof.checks if not check.holds]
    console.print(f"{len(proof.checks) - len(failed)}/{len(proof.checks)} phép kiểm tra khớp.")
    for difference in proof.differences:
        console.print(f"[red]✗ {difference}[/red]")
    for place in proof.places[:MOST_NAMED]:
        console.print(f"  {place.sentence}", highlight=False)
    if len(proof.places) > MOST_NAMED:
        console.print(f"  và {format_amount(len(proof.places) - MOST_NAMED)} chỗ nữa.")
    if proof.proven:
        console.print(f"[green]✓ Kỳ {proof.month:%m/%Y}: khớp đến từng đồng với sao kê ngân hàng.[/green]")
