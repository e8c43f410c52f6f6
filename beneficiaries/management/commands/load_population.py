"""`manage.py load_population dan_cu.csv --actor nguoilap`: the population extract; residents already known are brought up to date."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress, TextColumn

from beneficiaries.errors.files import ColumnsMissing
from beneficiaries.services.identity.load_population import load_population
from staff.errors import NotAllowed
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require
from staff.services.labels import labelled


class Command(BaseCommand):
    """All of the file or nothing; loading it again changes nothing."""

    help = "Nạp bản trích dữ liệu dân cư (CSV, UTF-8). Đọc hết rồi mới ghi: một dòng sai thì không ghi gì."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, who."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người nạp")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say how many."""
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        province = AdministrativeUnit.objects.filter(kind="PROVINCE").first()
        if actor is None or province is None:
            raise CommandError("Không có người dùng này, hoặc chưa nạp đơn vị hành chính.")
        columns = (TextColumn("{task.description}"), TextColumn("{task.completed} người"))
        try:
            require(actor, Right.LOAD_POPULATION, unit=province)
            with (
                labelled(actor_id=actor.pk, why="manage.py load_population"),
                Progress(*columns, console=Console(), transient=True) as progress,
            ):
                bar = progress.add_task("Nạp dữ liệu dân cư", total=None)
                count = load_population(
                    path=options["file"], progress=lambda rows: progress.update(bar, completed=rows)
                )
        except (NotAllowed, ColumnsMissing) as refusal:
            raise CommandError(refusal.sentence) from refusal
        except UnicodeDecodeError as error:
            raise CommandError("Tệp không phải CSV mã hóa UTF-8.") from error
        except ValueError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError("Không mở được tệp; mời kiểm tra đường dẫn.") from error
        self.stdout.write(f"Đã đọc {count} người.")
