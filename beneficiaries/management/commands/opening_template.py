"""`manage.py opening_template --bank Agribank --actor nguoilap FORM.json`: the form in which a bank wants its list of accounts to open."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from beneficiaries.services.accounts.banks import bank_bin_of
from beneficiaries.services.accounts.opening_templates import FIELDS, form_of, record_template
from staff.errors import Refusal
from staff.models import User


class Command(BaseCommand):
    """Without a file: show the form in force."""

    help = "Mẫu danh sách đề nghị mở tài khoản của từng ngân hàng."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which bank, who, which form."""
        parser.add_argument("--bank", required=True, help="tên hoặc mã ngân hàng")
        parser.add_argument("--actor", default="", help="tên đăng nhập của người ghi mẫu")
        parser.add_argument("form", nargs="?", type=Path, help=f"tệp JSON; các cột có: {', '.join(FIELDS)}")

    def handle(self, *args: Any, **options: Any) -> None:
        """Keep it and show it; exit 1 when it is refused."""
        bank_bin = bank_bin_of(options["bank"])
        if bank_bin is None:
            raise CommandError("Không có ngân hàng này.")
        if options["form"] is not None:
            actor = User.objects.filter(username=options["actor"]).first()
            if actor is None:
                raise CommandError("Không có người dùng này; mời kiểm tra --actor.")
            try:
                content = options["form"].read_bytes()
                record_template(bank_bin=bank_bin, content=content, actor=actor, now=timezone.now())
            except OSError as error:
                raise CommandError(f"Không đọc được tệp {options['form'].name}.") from error
            except Refusal as refusal:
                raise CommandError(refusal.sentence) from refusal
        self.stdout.write(" | ".join(form_of(bank_bin).headings))
