"""`manage.py warn_of_ages`: open cases for everyone who reaches an age of their category within 60 days (beat does it every morning)."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from beneficiaries.services.rules.age_warnings import warn_of_ages


class Command(BaseCommand):
    """Run it as often as you like: each age is asked about once."""

    help = "Báo trước 60 ngày các trường hợp sắp đến tuổi thay đổi mức hưởng."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many are new."""
        self.stdout.write(f"{warn_of_ages(now=timezone.now())} việc cần xử lý mới.")
