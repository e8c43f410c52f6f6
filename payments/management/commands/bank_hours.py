"""`manage.py bank_hours FILE.csv [--from 2026-12-01]`: when banks take orders, and days off of their own, from then on; what held before is kept.

Public holidays and days worked instead are those of the calendar (`load_days_off`): a bank with hours keeps them, and needs no row for them.
"""

import csv
from argparse import ArgumentParser
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from payments.models import BankHoliday, BankHours
from staff.services.working_days import read_working_days
from staff.time_zone import VIETNAM

HEADINGS = ("bank_bin", "weekday", "opens_at", "closes_at", "holiday", "name")


class Command(BaseCommand):
    """All or nothing; an empty `bank_bin` is our own bank. A row has either weekday (1 is Monday) with hours, or a holiday."""

    help = "Nạp giờ nhận lệnh và ngày nghỉ của ngân hàng."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, UTF-8, with the headings bank_bin, weekday, opens_at, closes_at, holiday, name."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--from", dest="begins", type=date.fromisoformat, help="ngày bắt đầu áp dụng; bỏ trống: ngay"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, end what held until then, and say how much was read."""
        now = timezone.now()
        begins = datetime.combine(options["begins"], time.min, tzinfo=VIETNAM) if options["begins"] else now
        if begins < now:
            raise CommandError("Giờ đã qua không đổi được nữa: ngày áp dụng phải sau hôm nay.")
        with options["file"].open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
        if not rows or set(HEADINGS) - set(rows[0]):
            raise CommandError(f"Tệp phải có các cột {', '.join(HEADINGS)}.")
        hours: list[BankHours] = []
        holidays: list[BankHoliday] = []
        for number, row in enumerate(rows, start=2):
            try:
                if row["holiday"]:
                    on = date.fromisoformat(row["holiday"])
                    holidays.append(BankHoliday(bank_bin=row["bank_bin"], on=on, name=row["name"], valid_from=begins))
                else:
                    opens_at, closes_at = time.fromisoformat(row["opens_at"]), time.fromisoformat(row["closes_at"])
                    weekday = int(row["weekday"]) - 1
                    hours.append(
                        BankHours(
                            bank_bin=row["bank_bin"],
                            weekday=weekday,
                            opens_at=opens_at,
                            closes_at=closes_at,
                            valid_from=begins,
                        )
                    )
            except (ValueError, TypeError) as error:
                raise CommandError(f"Dòng {number}: không đọc được thứ, giờ hoặc ngày.") from error
        known = _in_the_calendar(holidays, banks={one.bank_bin for one in hours})
        holidays = [one for one in holidays if one not in known]
        try:
            with transaction.atomic():
                BankHours.objects.filter(valid_to=None).update(valid_to=begins)
                BankHoliday.objects.filter(valid_to=None).update(valid_to=begins)
                BankHours.objects.bulk_create(hours)
                BankHoliday.objects.bulk_create(holidays)
        except IntegrityError as error:
            raise CommandError(
                "Có dòng lặp, thứ ngoài 1–7, giờ đóng trước giờ mở, hoặc đã nạp giờ áp dụng từ ngày này hay muộn hơn; chưa nạp gì."
            ) from error
        self.stdout.write(f"Đã nạp {len(hours)} dòng giờ nhận lệnh, {len(holidays)} ngày nghỉ riêng.")
        if known:
            days = ", ".join(sorted({f"{one.on:%d/%m/%Y}" for one in known}))
            self.stdout.write(
                f"Không nạp {len(known)} ngày đã có trong lịch nghỉ chung, ngân hàng có giờ nhận lệnh nghỉ theo: {days}."
            )


def _in_the_calendar(holidays: list[BankHoliday], *, banks: set[str]) -> list[BankHoliday]:
    """Those that say what the calendar says of a bank that keeps it: twice told, one of the two would be wrong one day."""
    calendar = read_working_days()
    return [one for one in holidays if one.bank_bin in banks and calendar.special.get(one.on) is False]
