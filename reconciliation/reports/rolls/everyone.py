"""Bảng kê: every line of a month's lists in one plain sheet, for whoever counts in Excel. Written as it is read: memory stays flat."""

import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from rustpy_xlsxwriter import write_worksheet

from payments.states import Channel
from reconciliation.reports.rolls.monthly import fields_of, monthly_rolls
from reconciliation.reports.rolls.roll import Value
from staff.models import AdministrativeUnit

_FORM = {Channel.ACCOUNT: "Tài khoản", Channel.CASH: "Tiền mặt"}


def lines_of_month(*, unit: AdministrativeUnit, month: date, now: datetime) -> Iterator[dict[str, Value]]:
    """One line per payment by heading, commune after commune, so that no more than one commune is in memory."""
    # One head for both; who is paid in hand has no account there.
    headings = [each.heading for each in fields_of(Channel.ACCOUNT)]
    below = AdministrativeUnit.objects.filter(path__startswith=unit.path)
    for place in below.filter(beneficiaries__isnull=False).distinct().order_by("path"):
        for channel, form in _FORM.items():
            for roll in monthly_rolls(unit=place, month=month, channel=channel, now=now, below=False):
                first: dict[str, Value] = {"Địa bàn": place.name, "Chính sách": roll.subject, "Hình thức": form}
                for cells in roll.cells:
                    yield first | dict(zip(headings, cells, strict=True))


def plain_workbook(lines: Iterable[Mapping[str, Value]], *, sheet: str) -> bytes:
    """The lines as a workbook with a bold, frozen head; text that looks like a formula stays text. All lines have the same headings."""
    stream = io.BytesIO()
    write_worksheet(iter(lines), stream, sheet_name=sheet, bold_headers=True, freeze_row=1)
    return stream.getvalue()
