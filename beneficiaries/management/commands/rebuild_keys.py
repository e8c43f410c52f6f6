"""`manage.py rebuild_keys`: after a new version of the normaliser, make the kept keys of names anew."""

from typing import Any

from django.core.management.base import BaseCommand

from beneficiaries.services.identity.rebuild_keys import rebuild_keys


class Command(BaseCommand):
    """Safe to repeat."""

    help = "Tính lại khóa so sánh họ tên sau khi quy tắc chuẩn hóa thay đổi."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and say how many rows changed."""
        self.stdout.write(f"Đã tính lại khóa của {rebuild_keys()} dòng.")
