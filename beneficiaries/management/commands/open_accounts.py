"""`manage.py open_accounts --unit 97 --actor nguoilap [--bank Agribank] [--file OUT.xlsx]`: accounts in bulk. Answers: `import_office_file`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from beneficiaries.services.accounts.account_files import export_openings
from beneficiaries.services.accounts.banks import bank_bin_of
from beneficiaries.services.accounts.open_accounts import note_needed, request_accounts
from staff.errors import Refusal
from staff.models import AdministrativeUnit, User


class Command(BaseCommand):
    """Without a file: whoever needs an account is asked for through the bank's API, by the workers."""

    help = "Mở tài khoản đồng loạt: lập danh sách cần mở, đề nghị ngân hàng. Kết quả nạp bằng import_office_file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where, who, which bank, which file."""
        parser.add_argument("--unit", required=True, help="mã đơn vị")
        parser.add_argument("--actor", required=True, help="tên đăng nhập của người làm")
        parser.add_argument("--bank", default=settings.ACCOUNT_OPENING_BIN, help="tên hoặc mã ngân hàng")
        parser.add_argument("--file", type=Path, help="ghi tệp đề nghị gửi ngân hàng")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, say how many; exit 1 when it is refused."""
        unit = AdministrativeUnit.objects.filter(code=options["unit"]).first()
        actor = User.objects.filter(username=options["actor"]).first()
        bank_bin = bank_bin_of(options["bank"])
        if unit is None or actor is None or bank_bin is None:
            raise CommandError("Không có đơn vị, người dùng hoặc ngân hàng này; mời kiểm tra --unit, --actor, --bank.")
        common: dict[str, Any] = {"unit": unit, "actor": actor, "now": timezone.now()}
        try:
            needed = note_needed(**common)
            way = "FILE" if options["file"] else "API"
            asked = request_accounts(bank_bin=bank_bin, way=way, **common)
            if options["file"]:
                options["file"].write_bytes(export_openings(bank_bin=bank_bin, **common))
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(
            f"Cần mở thêm {needed}; đã đề nghị {asked.requested}; chờ xác minh thông tin {asked.identity_unclear}; "
            f"còn nhỏ, mời cha mẹ hoặc người giám hộ ký phiếu {asked.too_young}; có người giám hộ {asked.by_guardian}; "
            f"theo kết quả đến nhà không đề nghị {asked.not_wished}."
        )
