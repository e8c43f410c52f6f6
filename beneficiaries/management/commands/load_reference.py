"""`manage.py load_reference [--units don-vi.csv]`: policies, categories, rates and rules; and units from the province's own list."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from beneficiaries.services.rules.reference import load_reference
from staff.services.units import load_units


class Command(BaseCommand):
    """Safe to repeat: only what is missing is added."""

    help = "Nạp danh mục chính sách, đối tượng, mức chuẩn; và đơn vị hành chính từ tệp CSV của tỉnh."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which units; a real province comes by `load_province`."""
        parser.add_argument(
            "--units", type=Path, help="tệp CSV: code,name,kind,parent_code,valid_from,valid_to; cấp trên đứng trước"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load both, or say what is wrong with the file."""
        load_reference()
        if options["units"] is None:
            self.stdout.write("Đã nạp danh mục.")
            return
        try:
            added = load_units(path=options["units"])
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError("Không đọc được tệp đơn vị hành chính.") from error
        except (KeyError, ValueError) as error:
            raise CommandError(
                f"Tệp đơn vị hành chính thiếu cột, thiếu đơn vị cấp trên hoặc sai ngày: {error}."
            ) from error
        self.stdout.write(f"Đã nạp danh mục; thêm {added} đơn vị.")
