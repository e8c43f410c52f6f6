"""`manage.py serve`: leave the product running on what the last demo made, until Ctrl-C."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from rich.console import Console

from config.behind import advice
from config.demo.environment import MARK, SEED, is_free, resume
from config.demo.intake import OFFICERS
from config.demo.outside import known_where
from config.demo.processes import STOP_SECONDS, ProcessDidNotStart, Processes, ended_by_signals
from config.demo.starting import start_everything, web_address
from config.demo.turn import DemoInUse, is_done, take_turn
from config.environment import VAR
from staff.models import Role

PORT = 8000
WAITS = f"Dữ liệu này đang có lần chạy khác dùng; nếu lần ấy vừa được dừng, chờ nó dừng hẳn, tối đa {STOP_SECONDS + 5} giây…"
IN_USE = (
    "Chưa chạy được: `make demo` hoặc `make serve` khác vẫn đang chạy trên dữ liệu này. Hãy nhấn Ctrl-C ở cửa sổ ấy, chờ nó báo “Đã dừng” "
    "rồi chạy lại; hoặc dùng luôn lần đang chạy ấy."
)


class Command(BaseCommand):
    """Mock bank on its kept books, web, worker and beat."""

    help = "Chạy hệ thống trên dữ liệu của lần chạy thử (make demo) gần nhất, đến khi nhấn Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--port", type=int, default=PORT, help=f"cổng trên 127.0.0.1, mặc định {PORT}")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find what the demo left, then run again in its environment; the second run serves."""
        if MARK not in os.environ:
            environment = resume(var=VAR, web_port=options["port"])
            if environment is None or not is_done(folder=VAR / "demo"):
                raise CommandError("Chưa có dữ liệu trọn một quý để chạy. Hãy chạy `make demo` trước.")
            try:
                take_turn(var=VAR, wait_seconds=STOP_SECONDS + 5, tell=self._waits)
            except DemoInUse as error:
                raise CommandError(IN_USE) from error
            if not is_free(options["port"]):
                raise CommandError(
                    f"Cổng {options['port']} đang có chương trình khác dùng. Hãy chọn cổng khác: make serve PORT=8001."
                )
            os.environ.update(environment)
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606  # the same command, in the demo's environment
        if behind := advice():
            raise CommandError(f"{behind} Dữ liệu mẫu mới: `make demo`.")
        serve(console=Console())

    def _waits(self) -> None:
        """Said before this process becomes another: what stands unwritten is lost then."""
        self.stdout.write(WAITS)
        self.stdout.flush()


def serve(*, console: Console) -> None:
    """Run until Ctrl-C or SIGTERM, or until one of the processes ends; that is an error and names its log."""
    folder = VAR / "demo"
    ended = ""
    with ended_by_signals(), Processes(logs=folder / "log") as running:
        try:
            start_everything(running, folder=folder, seed=int(os.environ[SEED]))
            print_addresses(console=console, password=(folder / "mat-khau.txt").read_text())
            with known_where(folder=folder, bank=settings.BANK_STATEMENTS_BASE):
                ended = running.wait_for_an_end()
        except KeyboardInterrupt:
            console.print("Đang dừng các tiến trình, mất vài giây…")
        except ProcessDidNotStart as error:
            raise CommandError(f"Không khởi động được {error}") from error
    if not ended:
        console.print("Đã dừng; chạy lại được ngay.")
        return
    raise CommandError(f"Tiến trình {ended} đã dừng; xem {folder / 'log' / ended}.log")


def print_addresses(*, console: Console, password: str) -> None:
    """Where to go and who one can be there."""
    address = web_address()
    console.print(f"An Sinh đang chạy tại {address}", highlight=False)
    console.print(f"Mô tả API: {address.rstrip('/')}{reverse('api-schema')}", highlight=False)
    console.print(f"Đăng nhập thử (lấy mã tại {address.rstrip('/')}{reverse('api-token')}):", highlight=False)
    for role, (username, full_name) in OFFICERS.items():
        console.print(f"  {username:<14} {Role(role).label}, {full_name}", highlight=False)
    console.print(f"  mật khẩu chung: {password}", highlight=False, markup=False)
    command = f"curl -s {address.rstrip('/')}{reverse('api-token')} -d username=ketoantruong -d password={password}"
    console.print(f"Ví dụ: {command}", highlight=False, markup=False, soft_wrap=True)
    console.print("Nhấn Ctrl-C để dừng.")
