"""`manage.py accept_reviews --unit 97 --actor ketoantruong`: the second person's yes to identities found by a review."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from beneficiaries.services.identity.review_lists import accept_reviews
from staff.errors import Refusal
from staff.models import AdministrativeUnit, User
from staff.services.labels import labelled


class Command(BaseCommand):
    """Own proposals are left alone; accepting again changes nothing."""

    help = "Xác nhận kết quả rà soát định danh do người khác đề xuất, cho cả một địa bàn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where, who."""
        parser.add_argument("--unit", help="mã đơn vị; để trống là địa bàn của người xác nhận")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người xác nhận")

    def handle(self, *args: Any, **options: Any) -> None:
        """Accept and count."""
        actor = User.objects.select_related("unit").filter(username=options["actor"]).first()
        if actor is None or actor.unit is None:
            raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
        unit = AdministrativeUnit.objects.filter(code=options["unit"]).first() if options["unit"] else actor.unit
        if unit is None:
            raise CommandError("Không có đơn vị này; mời kiểm tra --unit.")
        try:
            with labelled(actor_id=actor.pk, why="manage.py accept_reviews"):
                people = accept_reviews(unit=unit, actor=actor, now=timezone.now())
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"Đã xác nhận {people} người.")
