"""A roll as a workbook: numbers as numbers, codes as text, frozen heads, filters, totals."""

import io
from datetime import UTC

import xlsxwriter

from reconciliation.reports.rolls.roll import Roll, closing_lines, sums

_A4 = 9
_FONT = {"font_name": "Times New Roman", "font_size": 11}


def roll_workbook(roll: Roll) -> bytes:
    """One sheet. The same roll gives the same bytes. Text that begins with "=" stays text."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": roll.title, "author": roll.agency, "comments": f"Mã số liệu {roll.digest}", "created": roll.made_at.astimezone(UTC).replace(tzinfo=None)}
    )  # fmt: skip
    bold = book.add_format({**_FONT, "bold": True, "font_size": 13})
    plain = book.add_format(_FONT)
    head = book.add_format(
        {
            **_FONT,
            "bold": True,
            "border": 1,
            "align": "center",
            "valign": "vcenter",
            "text_wrap": True,
            "bg_color": "#ECECEC",
        }
    )
    text, money = (
        book.add_format({**_FONT, "border": 1, "text_wrap": True}),
        book.add_format({**_FONT, "border": 1, "num_format": "#,##0"}),
    )
    total = book.add_format({**_FONT, "border": 1, "bold": True, "num_format": "#,##0", "bg_color": "#E2E2E2"})
    sheet = book.add_worksheet("Danh sách")
    sheet.write_string(0, 0, roll.title, bold)
    row = 1
    for line in (*roll.lines_below_title, f"Đơn vị tính: đồng · Mã số liệu {roll.code}"):
        sheet.write_string(row, 0, line, plain)
        row += 1
    first = row + 1
    for position, each in enumerate(roll.fields):
        sheet.write_string(row, position, each.heading, head)
        sheet.set_column(position, position, max(6, each.width * 1.15))
    for number, values in enumerate(roll.cells, start=first):
        for position, value in enumerate(values):
            if isinstance(value, int):
                sheet.write_number(number, position, value, money if roll.fields[position].money else text)
            else:
                sheet.write_string(number, position, value, text)
    last = first + len(roll.cells)
    for position in range(len(roll.fields)):
        sheet.write_blank(last, position, None, total)
    sheet.write_string(last, 1 if len(roll.fields) > 1 else 0, "Tổng cộng", total)
    for position, amount in sums(roll).items():
        sheet.write_number(last, position, amount, total)
    for number, line in enumerate((*closing_lines(roll), *roll.notes), start=last + 1):
        sheet.write_string(number, 0, line, plain)
    sheet.autofilter(first - 1, 0, max(first, last - 1), len(roll.fields) - 1)
    sheet.freeze_panes(first, min(3, len(roll.fields)))
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(first - 1)
    sheet.set_footer(f"&LMã số liệu {roll.code}&Rtrang &P/&N")
    book.close()
    return stream.getvalue()
