"""The journal as a workbook for accounting software: every posting of a month, and the balances by ledger account, budget source and year."""

import io
from datetime import date

import xlsxwriter
from django.db.models import Sum
from django.db.models.functions import ExtractYear

from payments.models import FundingAccount, LedgerAccount, Posting
from reconciliation.services.months.close_period import last_day

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENTRIES = (
    "Ngày hạch toán",
    "Số chứng từ",
    "Diễn giải",
    "Tài khoản",
    "Ghi Nợ",
    "Ghi Có",
    "Nguồn kinh phí",
    "Niên độ",
    "Danh sách",
)
BALANCES = ("Tài khoản", "Nguồn kinh phí", "Niên độ", "Số dư (Nợ +, Có −)")


def export_journal(*, account: FundingAccount, month: date) -> bytes:
    """Postings booked in the month (first day), oldest first, and what every account holds at its end. Amounts in đồng."""
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
    money = workbook.add_format({"num_format": "#,##0"})
    _entries(workbook, account=account, month=month, bold=bold, money=money)
    _balances(workbook, account=account, until=last_day(month), bold=bold, money=money)
    workbook.close()
    return stream.getvalue()


def _entries(
    workbook: xlsxwriter.Workbook,
    *,
    account: FundingAccount,
    month: date,
    bold: xlsxwriter.format.Format,
    money: xlsxwriter.format.Format,
) -> None:
    sheet = workbook.add_worksheet("Bút toán")
    sheet.write_row(0, 0, ENTRIES, bold)
    postings = Posting.objects.filter(
        account__funding_account=account, entry__booked_on__range=(month, last_day(month))
    ).select_related("account", "entry__batch__cycle")
    row = 0
    for row, posting in enumerate(postings.order_by("entry__booked_on", "entry_id", "-amount"), start=1):
        entry, batch = posting.entry, posting.entry.batch
        sheet.write_datetime(row, 0, entry.booked_on)
        sheet.write_string(row, 1, entry.source)
        sheet.write_string(row, 2, entry.description)
        sheet.write_string(row, 3, posting.account.get_kind_display())
        sheet.write_number(row, 4, max(posting.amount, 0), money)
        sheet.write_number(row, 5, max(-posting.amount, 0), money)
        if batch:
            sheet.write_string(row, 6, batch.budget_source)
            sheet.write_number(row, 7, batch.cycle.month.year)
            sheet.write_string(row, 8, batch.token)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, row, len(ENTRIES) - 1)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 3, 34)
    sheet.set_column(4, 8, 18)


def _balances(
    workbook: xlsxwriter.Workbook,
    *,
    account: FundingAccount,
    until: date,
    bold: xlsxwriter.format.Format,
    money: xlsxwriter.format.Format,
) -> None:
    sheet = workbook.add_worksheet("Số dư")
    sheet.write_row(0, 0, BALANCES, bold)
    for row, (kind, source, year, amount) in enumerate(balances(account=account, until=until), start=1):
        sheet.write_string(row, 0, LedgerAccount.Kind(kind).label)
        sheet.write_string(row, 1, source or "Chung của tài khoản")
        if year:
            sheet.write_number(row, 2, year)
        sheet.write_number(row, 3, amount, money)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 3, 30)


def balances(*, account: FundingAccount, until: date) -> list[tuple[str, str | None, int | None, int]]:
    """What stands in each ledger account at the end of a day, by the budget source and year of the list it is about: (kind, source, year, đồng).

    Money put in belongs to no list yet, so its source and year are None.
    """
    rows = (
        Posting.objects.filter(account__funding_account=account, entry__booked_on__lte=until)
        .values_list("account__kind", "entry__batch__budget_source", ExtractYear("entry__batch__cycle__month"))
        .annotate(total=Sum("amount"))
        .order_by("account__kind", "entry__batch__budget_source")
    )
    return [(kind, source, year, total) for kind, source, year, total in rows if total]
