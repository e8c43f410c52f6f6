"""`manage.py measure_quality`: count the four scores of today, as the clock does every night."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from beneficiaries.services.quality import measure_quality


class Command(BaseCommand):
    """A day is counted once."""

    help = "Chốt số liệu đúng, đủ, sạch, sống của ngày hôm nay."

    def handle(self, *args: Any, **options: Any) -> None:
        """Count and say how many rows were added."""
        self.stdout.write(f"Đã chốt {measure_quality(now=timezone.now())} dòng (xã, chính sách).")
