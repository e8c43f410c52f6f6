"""`manage.py seal`: seal the history written since the last seal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from staff.errors import SealKeyMissing
from staff.services.sealing import seal_history


class Command(BaseCommand):
    """One link of the chain."""

    help = "Niêm phong nhật ký hệ thống từ lần niêm phong trước đến nay."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal and print the digest that goes on paper."""
        try:
            sealed = seal_history(now=timezone.now())
        except SealKeyMissing as error:
            raise CommandError(error.sentence) from error
        if sealed is None:
            self.stdout.write("Không có dòng nhật ký mới.")
        else:
            self.stdout.write(
                f"Niêm phong số {sealed.number}: dòng {sealed.first_id}–{sealed.last_id}, {sealed.rows} dòng, mã {sealed.digest}"
            )
