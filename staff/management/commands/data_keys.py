"""`manage.py data_keys`: which keys personal data is sealed under; a new one, another master key, one that is done with."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from staff.errors import Refusal
from staff.services.data_keys import (
    KeyInUse,
    keys_in_use,
    make_key,
    masters_in_use,
    retire_key,
    rewrap_keys,
    take_in_keys,
)
from staff.services.database_clock import database_now
from staff.services.labels import labelled


class Command(BaseCommand):
    """Each step stands in the history as done by command on the server; no key is ever printed, only its fingerprint."""

    help = "Khóa dữ liệu cá nhân: xem (show), đưa khóa của môi trường vào (take-in), tạo (new), bọc lại bằng khóa chủ mới (rewrap), bỏ (retire)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What is to be done; nothing given: show."""
        parser.add_argument("step", nargs="?", default="show", choices=["show", "take-in", "new", "rewrap", "retire"])
        parser.add_argument("number", nargs="?", type=int, help="số khóa, với retire")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and say what became of it, or say why not and change nothing."""
        step, number = options["step"], options["number"]
        if (step == "retire") == (number is None):
            raise CommandError("retire cần số khóa, các bước khác không nhận số: manage.py data_keys retire 1")
        with labelled(actor_id=None, why=f"lệnh trên máy chủ: manage.py data_keys {step}"):
            try:
                self._do(step, number)
            except Refusal as refusal:
                said = f" Khóa: {', '.join(refusal.conflicts)}." if refusal.conflicts else ""
                raise CommandError(refusal.sentence + said) from refusal

    def _do(self, step: str, number: int) -> None:
        if step == "show":
            self._show()
        elif step == "new":
            self.stdout.write(
                f"Đã tạo khóa dữ liệu {make_key(now=database_now())}; mọi tiến trình dùng khóa này trong vòng một phút."
            )
        elif step == "take-in":
            self.stdout.write(f"Đã bọc vào cơ sở dữ liệu: {_listed(take_in_keys(now=database_now()))}.")
        elif step == "rewrap":
            self.stdout.write(f"Đã bọc lại bằng khóa chủ cuối danh sách: {_listed(rewrap_keys())}.")
            self._show_masters()
        else:
            retire_key(number=number, now=database_now())
            self.stdout.write(f"Đã hủy khóa dữ liệu {number}; không còn dữ liệu nào mã hóa bằng khóa này.")

    def _show(self) -> None:
        for key in keys_in_use():
            self.stdout.write(f"Khóa {key.number}: {key.total} dòng. {_where(key)}")
            for table, count in sorted(key.rows.items()):
                self.stdout.write(f"    {table}: {count}")
        self._show_masters()

    def _show_masters(self) -> None:
        for named, wrapped in masters_in_use().items():
            end = "" if wrapped else "; không khóa nào cần, bỏ được khỏi ANSINH_MASTER_KEYS"
            self.stdout.write(f"Khóa chủ {named}: bọc {wrapped} khóa dữ liệu{end}")


def _where(key: KeyInUse) -> str:
    said = ["Đang dùng để mã hóa."] if key.seals else []
    if key.kept and key.kept.retired_at:
        said.append("Đã hủy.")
    elif key.kept:
        said.append(f"Bọc bằng khóa chủ {key.kept.wrapped_by}.")
    if key.given:
        said.append(
            "Có trong ANSINH_DATA_KEYS" + (", bỏ được khỏi đó." if key.kept and settings.DATA_KEYS.masters else ".")
        )
    return " ".join(said) or "KHÔNG CÓ KHÓA NÀY: dữ liệu không mở được."


def _listed(numbers: list[int]) -> str:
    return ", ".join(f"khóa {number}" for number in numbers) or "không có khóa nào cần làm"
