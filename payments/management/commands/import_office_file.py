"""`manage.py import_office_file DECISIONS --actor nguoilap FILE…`: take in files of offices, banks and providers, each once by its content."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console

from beneficiaries.parsers.workbook import read_file
from payments.models import OfficeFile
from payments.services.office_files import read_reasons, receive_office_file, work_on_office_files
from staff.errors import Refusal
from staff.models import AdministrativeUnit, Order, User

PROBLEMS_SHOWN = 20


class Command(BaseCommand):
    """One kind, one or more files; a bad row stops nothing, a file that can't be read writes nothing."""

    help = "Nạp tệp của cơ quan, ngân hàng, tổ chức chi trả: tài khoản, quyết định, kết quả rà soát, tiền chưa nhận kỳ trước."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which kind, who, for which unit."""
        listed = "; ".join(f"{kind.value}: {kind.label}" for kind in OfficeFile.Kind)
        parser.add_argument("kind", type=str.upper, choices=OfficeFile.Kind.values, help=listed)
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người nạp")
        parser.add_argument("--unit", help="mã đơn vị của danh sách; để trống là địa bàn của người nạp")
        parser.add_argument("--bank", default="", help="ngân hàng của danh sách tài khoản: mã BIN hoặc tên")
        parser.add_argument("--reasons", type=Path, help="thư mục ghi lại tệp kèm cột lý do của các dòng không nhận")
        parser.add_argument("--on", type=_day, help="ngày số liệu, ví dụ 2024-09-15; để trống là hôm nay")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take in and print; exit 1 if a file was refused or a row not taken in."""
        console = Console()
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        if actor is None or actor.unit is None:
            raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
        unit = AdministrativeUnit.objects.filter(code=options["unit"]).first() if options["unit"] else actor.unit
        if unit is None:
            raise CommandError("Không có đơn vị này; mời kiểm tra --unit.")
        refused = rejected = 0
        for path in options["files"]:
            try:
                file = receive_office_file(
                    file_name=path.name,
                    kind=options["kind"],
                    content=read_file(path),
                    unit=unit,
                    actor=actor,
                    now=timezone.now(),
                    bank=options["bank"],
                    said_on=options["on"],
                )
            except Refusal as refusal:
                refused += 1
                console.print(f"[red]✗ {path.name}: {refusal.sentence}[/red]")
                continue
            except OSError:
                refused += 1
                console.print(f"[red]✗ {path.name}: không mở được tệp; mời kiểm tra đường dẫn.[/red]")
                continue
            work_on_office_files(clock=timezone.now, file_id=file.pk)
            file.refresh_from_db()
            _show(file, name=path.name, console=console)
            refused += file.stage != Order.Stage.DONE
            rejected += file.rejected
            if options["reasons"] and file.sealed_reasons:
                _write_reasons(file, folder=options["reasons"], name=path.stem, console=console)
        if refused or rejected:
            raise CommandError(f"{refused} tệp không nhận, {rejected} dòng không nhận; mời sửa rồi nạp lại.")


def _write_reasons(file: OfficeFile, *, folder: Path, name: str, console: Console) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}-ly-do.xlsx"
    target.write_bytes(read_reasons(file))
    console.print(f"  Tệp kèm lý do: {target}", highlight=False)


def _show(file: OfficeFile, *, name: str, console: Console) -> None:
    if file.stage != Order.Stage.DONE:
        console.print(f"[red]✗ {name}: {file.problem}[/red]")
        return
    if file.repeated:
        console.print(f"= {name}: nội dung này đã nạp trước đây, không có gì thay đổi.", highlight=False)
        return
    console.print(f"✓ {name}: {file.rows} dòng, nhận {file.applied}, không nhận {file.rejected}.", highlight=False)
    for problem in file.problems[:PROBLEMS_SHOWN]:
        column = f", cột “{problem['column']}”" if problem["column"] else ""
        row = f"Dòng {problem['row']}{column}: " if problem["row"] else ""
        console.print(f"  {row}{problem['sentence']}", highlight=False)
    if file.rejected > PROBLEMS_SHOWN:
        console.print(f"  … và {file.rejected - PROBLEMS_SHOWN} dòng nữa.", highlight=False)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError("ngày viết 2024-09-15") from error
