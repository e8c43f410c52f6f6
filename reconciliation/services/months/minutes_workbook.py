"""The minutes as a workbook: the same rows as the paper, with amounts as numbers, and both signature blocks."""

import io
from datetime import UTC, datetime

import xlsxwriter
from python_calamine import CalamineWorkbook

from reconciliation.services.months.minutes import Minutes

_HEADINGS = ("STT", "Nội dung", "Theo đơn vị", "Theo tổ chức dịch vụ chi trả, ngân hàng", "Chênh lệch", "Nguyên nhân")
_WIDTHS = (6, 48, 20, 24, 18, 44)
_HEADING_ROW = 3
_AMOUNTS = (1, 2, 3)


def export_minutes(minutes: Minutes, *, digest: str, made_at: datetime) -> bytes:
    """đồng; a side that has not answered stays empty, so that nobody takes it for 0. `digest`: by which the minutes are known again."""
    stream = io.BytesIO()
    workbook = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    created = made_at.astimezone(UTC).replace(tzinfo=None)
    workbook.set_properties({"comments": f"Mã số liệu {digest}", "created": created})
    sheet = workbook.add_worksheet("Biên bản")
    sheet.set_footer(f"&LMã số liệu {digest[:12]}&Rtrang &P/&N")
    bold = workbook.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
    plain = workbook.add_format({"text_wrap": True, "border": 1})
    money = workbook.add_format({"num_format": "#,##0", "border": 1})
    title = workbook.add_format({"bold": True, "font_size": 13})
    sheet.write_string(0, 0, f"BIÊN BẢN ĐỐI CHIẾU THÁNG {minutes.month:%m/%Y}", title)
    sheet.write_string(
        1, 0, f"Tài khoản {minutes.account.code} · {minutes.account.paying_unit.name} · Đơn vị tính: đồng"
    )
    sheet.write_row(_HEADING_ROW, 0, _HEADINGS, bold)
    for nth, row in enumerate(minutes.rows, start=1):
        at = _HEADING_ROW + nth
        sheet.write_number(at, 0, nth, plain)
        sheet.write_string(at, 1, row.name, plain)
        for column, amount in ((2, row.ours), (3, row.theirs), (4, row.difference)):
            if amount is None:
                sheet.write_blank(at, column, None, money)
            else:
                sheet.write_number(at, column, amount, money)
        sheet.write_string(at, 5, row.cause, plain)
    last = _HEADING_ROW + len(minutes.rows) + 2
    sheet.write_string(last, 1, "ĐẠI DIỆN ĐƠN VỊ CHI TRẢ", title)
    sheet.write_string(last, 3, "ĐẠI DIỆN TỔ CHỨC DỊCH VỤ CHI TRẢ", title)
    sheet.write_string(last + 1, 1, "(Kế toán trưởng, thủ trưởng ký, họ tên, đóng dấu)")
    sheet.write_string(last + 1, 3, "(Ký, họ tên, đóng dấu)")
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(_HEADING_ROW + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    workbook.close()
    return stream.getvalue()


def read_minutes(content: bytes, *, rows: int) -> list[list[str]]:
    """The cells of so many rows as texts, without their numbers; a blank amount is "..." as on the paper."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    return [
        [_text(cell, amount=nth in _AMOUNTS) for nth, cell in enumerate(row[1:6])]
        for row in sheet[_HEADING_ROW + 1 :][:rows]
    ]


def _text(cell: object, *, amount: bool) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "..." if amount and cell == "" else str(cell)
