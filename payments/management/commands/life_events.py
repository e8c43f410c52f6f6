"""`manage.py life_events --actor nguoilap FILE…`: take in files of civil-registry events, weigh them, and say what they came to."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from beneficiaries.errors.files import FileUnreadable
from beneficiaries.parsers.life_events import read_life_events
from beneficiaries.parsers.workbook import read_file
from beneficiaries.services.life_events.settle import progress_of_file
from payments.services.life import Received, events_with_reasons, receive, settle_waiting
from staff.errors import NotAllowed
from staff.models import User

PROBLEMS_SHOWN = 20


class Command(BaseCommand):
    """A repeated file changes nothing."""

    help = "Nạp tệp sự kiện hộ tịch (khai tử, khai sinh, chuyển cư trú, đổi họ tên, cấp lại số)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, which files."""
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument(
            "--errors-to", type=Path, help="thư mục để ghi lại từng tệp có dòng không nhận, thêm cột lý do"
        )
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người nạp")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 if a file was refused or a row not kept."""
        console = Console()
        actor = User.objects.filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
        refused = problems = 0
        for path in options["files"]:
            try:
                content = read_file(path)
                events = list(read_life_events(content))
                received = receive(events=events, actor=actor, now=timezone.now(), from_file=True)
            except (FileUnreadable, NotAllowed) as refusal:
                refused += 1
                console.print(f"[red]✗ {path.name}: {refusal.sentence}[/red]")
                continue
            except OSError:
                refused += 1
                console.print(f"[red]✗ {path.name}: không mở được tệp; mời kiểm tra đường dẫn.[/red]")
                continue
            _weigh(received, console=console)
            _show(received, name=path.name, console=console)
            problems += len(received.recorded.problems)
            if received.recorded.problems and options["errors_to"]:
                reasons = events_with_reasons(content=content, actor=actor, now=timezone.now())
                (options["errors_to"] / f"{path.stem}-ly-do.xlsx").write_bytes(reasons)
        if refused or problems:
            raise CommandError(f"{refused} tệp không nhận, {problems} dòng không nhận; mời sửa rồi nạp lại.")


def _weigh(received: Received, *, console: Console) -> None:
    """What a long file left to the background is done here, with a bar; whoever runs a command waits for its end."""
    file_id = received.recorded.file_id
    if received.consequences is not None or file_id is None:
        return
    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("Đối chiếu sự kiện", total=len(received.recorded.added))
        while settle_waiting(now=timezone.now()):
            progress.update(bar, completed=progress_of_file(file_id)[0])


def _show(received: Received, *, name: str, console: Console) -> None:
    recorded, drawn = received.recorded, received.consequences
    console.print(
        f"✓ {name}: {recorded.received} dòng, mới {len(recorded.added)}, đã có {recorded.repeated}, "
        f"không nhận {len(recorded.problems)}.",
        highlight=False,
    )
    if drawn is not None:
        console.print(
            f"  Rút tên {drawn.stopped} khoản, thông báo dừng chi {drawn.stop_notices}, đề nghị thu hồi {drawn.recoveries} tháng.",
            highlight=False,
        )
    for row, sentence in recorded.problems[:PROBLEMS_SHOWN]:
        console.print(f"  Dòng {row}: {sentence}", highlight=False)
