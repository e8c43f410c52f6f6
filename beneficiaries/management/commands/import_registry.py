"""`manage.py import_registry --unit 97101 --actor nguoilap FILE…`: take in wards' lists; `--preview` shows what it would do and writes nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import track
from rich.table import Table

from beneficiaries.errors.files import ColumnsMissing, FileUnreadable
from beneficiaries.parsers.registry import CellError
from beneficiaries.parsers.workbook import read_file
from beneficiaries.services.intake.annotated_file import annotate, reasons_of
from beneficiaries.services.intake.import_registry import Intake, import_registry, read_for
from staff.errors import NotAllowed
from staff.models import AdministrativeUnit, User

REMARKS_SHOWN = 20


class Command(BaseCommand):
    """One commune, one or more files; each file is taken in whole or not at all."""

    help = "Nạp danh sách đối tượng của một xã từ tệp Excel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which unit, who, which files."""
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--unit", required=True, help="mã xã")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người nạp")
        parser.add_argument("--preview", action="store_true", help="xem trước, không ghi gì")
        parser.add_argument("--sheet", help="tên trang tính, nếu tệp có nhiều trang là danh sách")
        parser.add_argument("--errors-to", type=Path, help="thư mục để ghi lại tệp kèm cột lý do, việc cần làm")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import or preview; exit 1 if a file was refused."""
        console = Console()
        unit = AdministrativeUnit.objects.filter(code=options["unit"]).first()
        actor = User.objects.filter(username=options["actor"]).first()
        if unit is None or actor is None:
            raise CommandError("Không có xã hoặc người dùng này; mời kiểm tra --unit và --actor.")
        refused = rows_rejected = 0
        for path in track(options["files"], description="Nạp danh sách", console=console, transient=True):
            try:
                content, sheet = read_file(path), options["sheet"]
                with transaction.atomic():
                    intake = import_registry(content=content, unit=unit, actor=actor, now=timezone.now(), sheet=sheet)
                    transaction.set_rollback(options["preview"])
                show(intake, name=path.name, preview=options["preview"], console=console)
                rows_rejected += intake.rejected
                if options["errors_to"] and intake.remarks:
                    write_reasons(
                        intake,
                        content=content,
                        unit=unit,
                        sheet=sheet,
                        to=options["errors_to"] / f"{path.stem}-ly-do.xlsx",
                    )
            except ColumnsMissing as missing:
                refused += 1
                console.print(
                    f"[red]✗ {path.name}: {missing.to_be_named} Khai ở trang “Nạp danh sách đối tượng”.[/red]"
                )
            except (FileUnreadable, NotAllowed) as refusal:
                refused += 1
                console.print(f"[red]✗ {path.name}: {refusal.sentence}[/red]")
            except KeyboardInterrupt as stopped:
                raise CommandError(
                    f"Đã dừng khi đang nạp {path.name}: tệp này chưa ghi gì, các tệp trước đã nạp; chạy lại thì không ghi hai lần."
                ) from stopped
            except OSError:
                refused += 1
                console.print(f"[red]✗ {path.name}: không mở được tệp; mời kiểm tra đường dẫn.[/red]")
        if refused:
            raise CommandError(f"{refused} tệp không được nhận; các tệp đó không ghi gì.")
        if rows_rejected:
            raise CommandError(f"{rows_rejected} dòng không nhận; mời sửa theo ghi chú rồi nạp lại tệp.")


def write_reasons(intake: Intake, *, content: bytes, unit: AdministrativeUnit, sheet: str | None, to: Path) -> None:
    """The same list with what is wrong in it, to be fixed and sent again."""
    by_row: dict[int, list[dict[str, object]]] = {}
    for row_number, error in intake.remarks:
        by_row.setdefault(row_number, []).append({**error.as_json(), "fatal": error.fatal})
    table = read_for(unit, content=content, sheet=sheet).table
    to.write_bytes(annotate(table, {row: reasons_of(errors) for row, errors in by_row.items()}))


def show(intake: Intake, *, name: str, preview: bool, console: Console) -> None:
    """What a file did, or would do, and its remarks by row and column."""
    if intake.repeated:
        console.print(f"= {name}: nội dung này đã nạp trước đây, không có gì thay đổi.")
        return
    verb = "sẽ thêm" if preview else "đã thêm"
    console.print(
        f"✓ {name}: {intake.rows} dòng, {verb} {intake.added}, đã có {intake.known} (khác dữ liệu đang lưu {intake.changed}), "
        f"không nhận {intake.rejected}, đang hưởng mà không còn trong danh sách {len(intake.gone)}, "
        f"đang hưởng theo hồ sơ khác {intake.elsewhere}.",
        highlight=False,
    )
    for row in intake.ignored:
        console.print(f"  dòng {row.row_number}: {row.sentence}", highlight=False)
    if intake.remarks:
        table = Table("Dòng", "Cột", "Việc cần làm", title=f"{len(intake.remarks)} ghi chú", title_justify="left")
        for row_number, error in intake.remarks[:REMARKS_SHOWN]:
            table.add_row(str(row_number), error.column, _marked(error))
        console.print(table)
        if len(intake.remarks) > REMARKS_SHOWN:
            console.print(f"… và {len(intake.remarks) - REMARKS_SHOWN} ghi chú nữa.")


def _marked(error: CellError) -> str:
    return f"[red]Không nhận dòng này: {error.sentence}[/red]" if error.fatal else error.sentence
