"""The workbook a provider gets: its columns in its order, the sum below, ready to print on A4."""

import io
from collections.abc import Sequence

import xlsxwriter

from payments.models import PaymentBatch
from payments.services.providers.columns import COLUMNS
from payments.services.providers.lines import ListLine
from payments.services.providers.templates import Form
from payments.states import Channel

HEADING_ROW = 3
_FORM_OF_PAYING = {Channel.CASH: "CHI TRỰC TIẾP BẰNG TIỀN MẶT", Channel.ACCOUNT: "CHUYỂN KHOẢN"}


def write_list(*, batch: PaymentBatch, lines: Sequence[ListLine], form: Form, point: str | None) -> bytes:
    """One sheet; accounts and codes are text, so that no zero is lost and nothing a clerk typed is taken for a formula."""
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = workbook.add_worksheet("Danh sách")
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "vcenter"})
    money = workbook.add_format({"num_format": "#,##0"})
    form_of_paying = _FORM_OF_PAYING[Channel(batch.channel)]
    where = f" · Điểm chi trả: {point}" if point else ""
    sheet.write_string(
        0,
        0,
        f"DANH SÁCH CHI TRẢ {batch.programme.name.upper()} - KỲ {batch.cycle.month:%m/%Y} - {form_of_paying}",
        bold,
    )
    sheet.write_string(1, 0, f"{batch.paying_unit.name} · Nguồn kinh phí: {batch.budget_source}{where}")
    sheet.write_row(HEADING_ROW, 0, [heading for _, heading in form.columns], bold)
    last = HEADING_ROW + 1 + len(lines)
    named = False
    for position, (key, _) in enumerate(form.columns):
        column = COLUMNS.get(key)
        if column is None or column.value is None:
            continue
        for row, line in enumerate(lines, start=HEADING_ROW + 1):
            value = column.value(line)
            if isinstance(value, int):
                sheet.write_number(row, position, value, money if column.money else None)
            else:
                sheet.write_string(row, position, value, bold if key == "note" and value else None)
        if column.money:
            sheet.write_number(last, position, sum(int(column.value(line)) for line in lines), money)
        elif key == "name" and not named:
            sheet.write_string(last, position, "Tổng cộng", bold)
            named = True
    sheet.freeze_panes(HEADING_ROW + 1, 0)
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, len(form.columns) - 1, 16)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADING_ROW)
    sheet.set_footer("&C&P/&N")
    workbook.close()
    return stream.getvalue()
