"""`manage.py match --actor nguoilap`: compare everyone not matched yet with identity data."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from beneficiaries.models import MatchRun
from beneficiaries.services.match import match_people
from staff.models import User
from staff.services.labels import labelled


class Command(BaseCommand):
    """Matching; a second run changes nothing."""

    help = "Đối khớp đối tượng với dữ liệu dân cư."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who."""
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người chạy")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print the counts."""
        actor = User.objects.filter(username=options["actor"]).first()
        if actor is None:
            raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
        with labelled(actor_id=actor.pk, why="manage.py match"):
            found = match_people(actor_id=actor.pk, now=timezone.now())
        for rule, count in MatchRun.objects.latest("id").manifest["rules"].items():
            self.stdout.write(f"  {rule}: {count}")
        self.stdout.write(
            f"Khớp đúng {found.matched}; việc cần xử lý mới: xác minh {found.cases}, nghi trùng {found.duplicates}."
        )
