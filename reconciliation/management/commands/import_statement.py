"""`manage.py import_statement FILE… --actor ketoan [--account TKCT-971] [--together] [--preview]
[--heading-row 3] [--column 1=booked_on …]`: take in bank statements; each file whole or not at all.

Read as on the page, in a process with an end in memory and time; larger than a page takes, since whoever calls it stands at the machine, but not of
any size: a file is copied for the reader before it is read, and a disk that is full stops everybody."""

from argparse import ArgumentParser
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from payments.models import FundingAccount
from payments.money import format_amount
from reconciliation.errors import StatementNotAccepted
from reconciliation.parsers.table_columns import WORDINGS
from reconciliation.services.lines.match_statement import lines_in_words, taken_in_words
from reconciliation.services.statements.import_statement import StatementIntake, import_statements
from reconciliation.services.statements.preview_statement import Preview, preview_statements, save_statement_mapping
from staff.errors import Refusal
from staff.models import User
from staff.services.database_clock import database_now

MOST_BYTES = 2 * 1024 * 1024 * 1024  # of the files of one statement; a million entries of camt.053 have about 1.3 GB


class Command(BaseCommand):
    """One or more files of any format we read."""

    help = "Nạp sao kê ngân hàng (camt.053, camt.054, MT940, CSV, Excel) và đối chiếu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which files, who."""
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--actor", required=True, help="tên đăng nhập của kế toán")
        parser.add_argument("--account", help="mã tài khoản chi trả, khi tệp bảng không ghi số tài khoản")
        parser.add_argument("--sheet", help="tên trang tính, khi tệp có nhiều trang")
        parser.add_argument(
            "--together",
            action="store_true",
            help="các tệp là những trang của cùng sao kê: nhận tất cả hoặc không tệp nào",
        )
        parser.add_argument("--preview", action="store_true", help="chỉ xem tệp nói gì, không ghi gì")
        parser.add_argument("--heading-row", type=int, help="số dòng tiêu đề của tệp bảng, khi khác dòng tìm được")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="SỐ=TÊN",
            help="khai cột của tệp bảng, lưu cho --account: số cột như --preview in ra, tên là một trong "
            + ", ".join(f"{key} ({wording.label})" for key, wording in WORDINGS.items()),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import; exit 1 if a file was refused."""
        actor = User.objects.filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
        account = FundingAccount.objects.filter(code=options["account"]).first()
        if options["account"] and account is None:
            raise CommandError("Không có tài khoản chi trả này; mời kiểm tra --account.")
        given: dict[str, Any] = {"actor": actor, "account": account, "sheet": options["sheet"]}
        columns = columns_of(options["column"])
        if columns and account is None:
            raise CommandError("Khai cột là khai cho một nguồn sao kê; mời thêm --account.")
        of_table = {"heading_row": options["heading_row"]}
        console, refused = Console(), 0
        paths: list[Path] = options["files"]
        for group in [paths] if options["together"] else [[path] for path in paths]:
            name = group[0].name if len(group) == 1 else f"{group[0].name} … ({len(group)} tệp)"
            try:
                with ExitStack() as opened:
                    refuse_what_is_no_file(group)
                    sources = [opened.enter_context(path.open("rb")) for path in group]
                    if columns and account:
                        save_statement_mapping(
                            sources=sources, columns=columns, now=database_now(), **given, **of_table
                        )
                        of_table = {}
                    if options["preview"]:
                        for preview in preview_statements(sources=sources, **given, **of_table):
                            print_preview(preview, name=name, console=console)
                        continue
                    intakes = import_statements(sources=sources, now=database_now(), **given)
            except (Refusal, OSError) as error:
                refused += len(group)
                print_refusal(error, name=name, console=console)
                continue
            for intake in intakes:
                console.print(said(intake, name=name))
        if refused:
            raise CommandError(f"{refused} tệp không được nhận; các tệp đó không ghi gì.")


def print_refusal(error: Refusal | OSError, *, name: str, console: Console) -> None:
    """Why a file was not taken, and each thing in it that is wrong."""
    sentence = error.sentence if isinstance(error, Refusal) else "không mở được tệp."
    console.print(f"[red]✗ {name}: {sentence}[/red]")
    for problem in getattr(error, "conflicts", []):
        console.print(f"  {problem}")


def refuse_what_is_no_file(paths: list[Path]) -> None:
    """Before anything is copied. Raises `StatementNotAccepted`, OSError where one is not there."""
    if not all(path.is_file() for path in paths if path.exists()):
        raise StatementNotAccepted("Không phải tệp (thư mục, thiết bị hoặc ống dẫn); mời nêu đúng tệp sao kê.")
    if sum(path.stat().st_size for path in paths) > MOST_BYTES:
        raise StatementNotAccepted(
            f"Lớn hơn {MOST_BYTES // 1024**3} GB, nên không nhận; mời xin ngân hàng sao kê theo những ngày ngắn hơn rồi nạp lần lượt."
        )


def columns_of(said: list[str]) -> dict[int, str]:
    """Column keys by position from 0. Raises CommandError for what is no "number=name"."""
    columns: dict[int, str] = {}
    for one in said:
        number, _, key = one.partition("=")
        if not number.isdigit() or int(number) < 1 or key not in ("", *WORDINGS):
            raise CommandError(f"Không hiểu “{one}”; mời viết số cột=tên cột, ví dụ 1=booked_on.")
        columns[int(number) - 1] = key
    return columns


def print_preview(preview: Preview, *, name: str, console: Console) -> None:
    """What a file says, for a person to agree to."""
    for row in preview.shown.rows if preview.shown else ():
        console.print(f"  dòng {row.number}: {' | '.join(row.cells)}", markup=False)
    for heading in preview.headings:
        known = WORDINGS[heading.key].label if heading.key else "(không dùng)"
        console.print(f"  cột {heading.position + 1} “{heading.text}” → {known}{'' if heading.certain else '?'}")
    if preview.missing:
        console.print(
            f"[red]✗ {name}: chưa rõ cột {', '.join(preview.missing)}; mời khai cột một lần bằng --account và --column.[/red]"
        )
    for sentence in (*preview.problems, *preview.doubts):
        console.print(f"[red]! {sentence}[/red]")
    if preview.statement is None:
        return
    head = preview.statement
    balances = (
        "thông báo biến động, không có số dư"
        if head.opening is None or head.closing is None
        else f"số dư {format_amount(head.opening)} → {format_amount(head.closing)} đ"
    )
    console.print(
        f"• {name}: {preview.account}, {head.from_on:%d/%m/%Y}–{head.to_on:%d/%m/%Y}, {format_amount(preview.lines)} dòng "
        f"({format_amount(preview.fresh)} dòng mới), ghi Nợ {format_amount(preview.debits)} đ, ghi Có {format_amount(preview.credits)} đ, {balances}."
    )


def said(intake: StatementIntake, *, name: str) -> str:
    """What taking in one statement did, in a line."""
    if intake.statement is None or intake.matched is None:
        return f"• {name}: {format_amount(intake.lines)} dòng đã có từ trước, không ghi gì."
    return f"✓ {name}: {lines_in_words(intake.lines, new=intake.new_lines)}, {taken_in_words(asdict(intake.matched))}."
