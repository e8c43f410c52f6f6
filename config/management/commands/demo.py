"""`manage.py demo`: a quarter on a sample province, from the wards' files to the report, with every process real; exit 0 only when all is proven."""

import os
import secrets
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from beneficiaries.services.quality import measure_quality
from config.demo import intake, month, processes
from config.demo.bank_desk import BankDesk
from config.demo.environment import MARK, keep, prepare
from config.demo.memory import largest_peaks
from config.demo.provider import PostOffice
from config.demo.starting import BANK_WORKERS, open_funding_accounts, start_everything
from config.demo.truth import differences_from_truth
from config.demo.turn import DemoInUse, mark_done, take_turn
from config.environment import VAR
from config.sample_province.__main__ import main as write_sample
from payments.money import format_amount, format_percent
from reconciliation.management.commands.prove import print_proof
from reconciliation.models import ReportRun, ReportSnapshot
from reconciliation.reports.writing import write_report
from reconciliation.services.papers.issue_files import note_issued_paths
from reconciliation.services.papers.make_reports import make_reports
from reconciliation.services.papers.order_report import order_report
from staff.services.sealing import seal_history
from staff.time_zone import VIETNAM

MONTHS = (date(2024, 7, 1), date(2024, 8, 1), date(2024, 9, 1))
FOLDERS = {7: "2024-06", 8: "2024-07", 9: "2024-08"}
PEOPLE_AT_SCALE_1 = 750_408
SMALLEST, LARGEST = 0.005, 2.0
LAST_EVENING = datetime.fromisoformat("2024-09-30T23:30:00+07:00")
BANK_OPENS = "2024-07-01T07:00:00+07:00"


class Command(BaseCommand):
    """The main job, end to end."""

    help = "Chạy trọn một quý trên tỉnh mẫu: nạp danh sách, đối khớp, lập, ký, chi, đối chiếu, báo cáo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which province."""
        parser.add_argument("--scale", type=_scale, default=1.0, help="1 = 26.794 người hưởng; từ 0,005 đến 2")
        parser.add_argument("--seed", type=int, default=2024)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare the demo's environment, then run again in it; the second run does the work."""
        if MARK not in os.environ:
            try:
                take_turn(var=VAR)
                os.environ.update(prepare(var=VAR))
            except DemoInUse as error:
                raise CommandError(
                    "Đang có `make demo` hoặc `make serve` khác chạy trên dữ liệu này; hãy dừng (Ctrl-C) trước."
                ) from error
            except KeyError as error:
                raise CommandError(
                    "Có DATABASE_URL thì cần cả DATABASE_OWNER_URL (vai trò được tạo cơ sở dữ liệu)."
                ) from error
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606  # the same command, now in its own environment
        try:
            with processes.ended_by_signals():
                Demo(scale=options["scale"], seed=options["seed"]).run()
        except KeyboardInterrupt as error:
            raise CommandError("Đã dừng; dữ liệu chưa đủ một quý, hãy chạy lại make demo.") from error


def _scale(text: str) -> float:
    """A scale as people type it, "0,02" too; checked before anything of the last demo is touched."""
    try:
        scale = float(text.replace(",", "."))
    except ValueError:
        scale = 0.0
    if not SMALLEST <= scale <= LARGEST:
        raise ArgumentTypeError("tỷ lệ phải là số từ 0,005 đến 2")
    return scale


def office_hours(day: date) -> datetime:
    """When the offices of the sample took in what had arrived: cases and accounts bear the day people worked on them, not today's."""
    return datetime.combine(day, time_of_day(10), tzinfo=VIETNAM)


class Demo:
    """One run: stages with their times, one folder of results."""

    def __init__(self, *, scale: float, seed: int) -> None:
        self.scale, self.seed = scale, seed
        self.console = Console()
        self.folder = VAR / "demo"
        self.sample = VAR / "sample" / f"{seed}-{scale:g}"
        self.times: list[tuple[str, float]] = []
        self.peaks: dict[str, int] = {}

    def run(self) -> None:
        """All stages."""
        began = time.monotonic()
        self._clear_folder()
        keep(folder=self.folder, environment=os.environ, seed=self.seed)
        with self._stage("Tạo dữ liệu mẫu"):
            write_sample(["--out", str(self.sample), "--scale", f"{self.scale:g}", "--seed", str(self.seed)])
        with self._stage("Tạo cơ sở dữ liệu"):
            call_command("migrate", verbosity=0)
            office = intake.open_office(sample=self.sample, password=self._password())
        with processes.Processes(logs=self.folder / "log") as running:
            desk = self._start(running)
            self._take_in_first(office)
            for first in MONTHS:
                self._pay_month(first, office=office, desk=desk)
            with self._stage("Nạp tài khoản mở đến 30/9/2024"):
                intake.take_in_accounts(
                    sample=self.sample,
                    folder="2024-09",
                    office=office,
                    now=office_hours(date(2024, 9, 30)),
                    business_day=date(2024, 9, 30),
                )
            started = {name: process.pid for name, process in running.running.items()}
            self.peaks = largest_peaks(started=started, var=VAR)
        self._report(office, began=began)
        intake.give_new_terms(today=timezone.localdate())

    def _clear_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(self.folder.rglob("*"), reverse=True):
            path.unlink() if path.is_file() or path.is_symlink() else path.rmdir()

    def _password(self) -> str:
        """One password for the demo's log-ins, kept where only this user reads it."""
        path = self.folder / "mat-khau.txt"
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(12))
        return path.read_text()

    def _start(self, running: processes.Processes) -> BankDesk:
        with self._stage("Khởi động ngân hàng mẫu, web, tiến trình gửi"):
            accounts = self.sample / "bank" / "accounts.csv"
            desk = start_everything(running, folder=self.folder, seed=self.seed, accounts=accounts, clock=BANK_OPENS)
            open_funding_accounts(desk)
        return desk

    def _take_in_first(self, office: intake.Office) -> None:
        with self._bar("Nạp dữ liệu dân cư") as progress:
            intake.read_population(sample=self.sample, rows=round(PEOPLE_AT_SCALE_1 * self.scale), progress=progress)
        self._take_in(FOLDERS[7], office=office, business_day=date(2024, 6, 15))

    def _take_in(self, folder: str, *, office: intake.Office, business_day: date) -> None:
        with self._bar(f"Nạp danh sách, đối khớp, tài khoản {folder}") as progress:
            intake.take_in_month(
                sample=self.sample,
                folder=folder,
                office=office,
                now=office_hours(business_day),
                business_day=business_day,
                progress=progress,
            )

    def _pay_month(self, first: date, *, office: intake.Office, desk: BankDesk) -> None:
        post_office = PostOffice(not_coming=self.sample / "cash" / "khong_den_nhan.csv")
        the_month = month.Month(
            first=first, office=office, desk=desk, post_office=post_office, folder=self.folder, workers=BANK_WORKERS
        )
        label = f"Tháng {first:%m/%Y}"
        if first != MONTHS[0]:
            self._take_in(FOLDERS[first.month], office=office, business_day=the_month.listed_on.replace(day=15))
        with self._stage(f"{label}: lập danh sách"):
            month.build(the_month)
        with self._stage(f"{label}: trình, kiểm soát, duyệt chi"):
            month.sign(the_month)
        for name, step in (
            ("chuyển khoản", month.pay_accounts),
            ("tiền mặt", month.pay_cash),
            ("hoàn trả", month.end_month),
            ("sao kê, đối chiếu", month.reconcile),
        ):
            with self._bar(f"{label}: {name}") as progress:
                step(the_month, progress=progress)
        proof = month.prove(the_month)
        print_proof(proof, console=self.console)
        if not proof.proven:
            raise CommandError(f"Kỳ {first:%m/%Y} chưa khớp: {len(proof.differences)} chênh lệch.")

    def _report(self, office: intake.Office, *, began: float) -> None:
        with self._stage("Báo cáo quý III/2024"):
            measure_quality(now=LAST_EVENING)
            seal_history(now=timezone.now())
            snapshot = self._ordered(office)
            paths = write_report(snapshot=snapshot, folder=self.folder)
            note_issued_paths(names=snapshot.digest, paths=paths, now=timezone.now())
        self._print_figures(snapshot)
        if differences := differences_from_truth(headline=snapshot.figures["headline"], sample=self.sample):
            raise CommandError("Số liệu khác số liệu đúng của dữ liệu mẫu: " + "; ".join(differences))
        self.console.print("✓ Số liệu báo cáo đúng bằng số liệu lúc tạo dữ liệu mẫu.", highlight=False)
        self._print_costs(seconds=time.monotonic() - began)
        self.console.print("Báo cáo:")
        for path in paths:
            self.console.print(f"  {_shown(path)}", highlight=False, soft_wrap=True)
        self.console.print("Xem tiếp: make serve · make prove CYCLE=2024-08", highlight=False)
        mark_done(folder=self.folder)
        if not snapshot.ties_out:
            raise CommandError("Số liệu báo cáo chưa khớp; trang đầu của báo cáo nêu chênh lệch.")

    def _ordered(self, office: intake.Office) -> ReportSnapshot:
        """Ordered as an office orders it: it stands on the page of reports, and waits for its signature."""
        run = order_report(
            unit=office.province, from_month=MONTHS[0], to_month=MONTHS[-1], reason="Báo cáo quý III/2024", actor=office.maker, now=timezone.now()
        )  # fmt: skip
        make_reports(holder=f"demo:{os.getpid()}", clock=timezone.now, only=run.pk)
        made = ReportRun.objects.select_related("snapshot__unit").get(pk=run.pk)
        if made.snapshot is None:
            raise CommandError(f"Chưa lập được báo cáo quý: {made.problem or made.get_status_display()}.")
        return made.snapshot

    def _print_figures(self, snapshot: ReportSnapshot) -> None:
        headline = snapshot.figures["headline"]
        people, accounts, paid = headline["beneficiaries"], headline["accounts"], headline["paid_cashless"]
        figures = Table(title="Quý III/2024, số liệu chốt đến 24 giờ ngày 30/9/2024", title_justify="left")
        for heading in ("Chỉ tiêu", "Tử số / mẫu số", "Tỷ lệ"):
            figures.add_column(heading, justify="left" if heading == "Chỉ tiêu" else "right")
        for name, numerator, denominator in (
            ("Tỷ lệ có tài khoản", accounts, people),
            ("Tỷ lệ chi trả qua tài khoản", paid, accounts),
            ("Tỷ lệ không dùng tiền mặt", paid, people),
        ):
            figures.add_row(
                name,
                f"{format_amount(numerator)} / {format_amount(denominator)}",
                format_percent(numerator, denominator),
            )
        figures.add_row("Số tiền chi qua tài khoản", f"{format_amount(headline['account_money'])} đ", "")
        self.console.print(figures)

    def _print_costs(self, *, seconds: float) -> None:
        times = Table(title="Thời gian", title_justify="left")
        times.add_column("Việc")
        times.add_column("giây", justify="right")
        for name, spent in (*self.times, ("Tổng cộng", seconds)):
            times.add_row(name, f"{spent:.1f}".replace(".", ","))
        self.console.print(times)
        memory = Table(title="Bộ nhớ lớn nhất", title_justify="left")
        memory.add_column("Tiến trình")
        memory.add_column("MB", justify="right")
        for name, peak in self.peaks.items():
            memory.add_row(name, f"{peak / 1_000_000:.0f}")
        self.console.print(memory)

    @contextmanager
    def _stage(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        with self.console.status(name):
            yield
        self.times.append((name, time.monotonic() - began))
        self.console.print(f"[green]✓[/green] {name} [dim]{_seconds(self.times[-1][1])} giây[/dim]", highlight=False)

    @contextmanager
    def _bar(self, name: str) -> Iterator[month.Progress]:
        began = time.monotonic()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal) as bar:
            task = bar.add_task(name, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
        self.times.append((name, time.monotonic() - began))
        self.console.print(f"[green]✓[/green] {name} [dim]{_seconds(self.times[-1][1])} giây[/dim]", highlight=False)


def _seconds(spent: float) -> str:
    return f"{spent:.1f}".replace(".", ",")


def _shown(path: Path) -> Path:
    """As a person in the project's folder would type it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
