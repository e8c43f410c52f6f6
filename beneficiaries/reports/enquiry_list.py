"""The list that goes to the police (practice of the trade: one row per person, room for the answer beside it)."""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import xlsxwriter

HEADINGS = (
    "STT", "Mã dòng", "Họ và tên", "Ngày sinh", "Giới tính", "Số định danh/CMND", "Nơi thường trú", "Kết quả", "Ngày trả lời", "Ghi chú",
)  # fmt: skip
_WIDTHS = (6, 16, 28, 12, 10, 18, 40, 18, 14, 30)


@dataclass(frozen=True, slots=True)
class EnquiryRow:
    """One person; `reference` is what the answer is found by."""

    reference: str
    full_name: str = field(repr=False)
    birth: str = field(repr=False)
    sex: str
    number: str = field(repr=False)
    residence: str = field(repr=False)


def write_enquiry_list(
    rows: Iterable[EnquiryRow], *, unit_name: str, purpose: str, asked_on: date, outcomes: list[str]
) -> bytes:
    """The workbook: cells hold text (no number loses a zero), the answer is chosen from a list."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        sheet = book.add_worksheet("Xác minh")
        bold = book.add_format({"bold": True, "text_wrap": True, "border": 1, "align": "center", "valign": "vcenter"})
        text = book.add_format({"num_format": "@", "border": 1, "text_wrap": True, "valign": "top"})
        title = book.add_format({"bold": True, "font_size": 13})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.write(0, 0, f"DANH SÁCH ĐỀ NGHỊ XÁC MINH THÔNG TIN - {unit_name}", title)
        sheet.write(
            1, 0, f"Mục đích: {purpose}. Ngày lập: {asked_on:%d/%m/%Y}. Dữ liệu cá nhân: chỉ dùng cho mục đích này."
        )
        for column, (heading, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True)):
            sheet.write(3, column, heading, bold)
            sheet.set_column(column, column, width)
        sheet.repeat_rows(3)
        last = 3
        for last, row in enumerate(rows, start=4):
            cells = (
                str(last - 3),
                row.reference,
                row.full_name,
                row.birth,
                row.sex,
                row.number,
                row.residence,
                "",
                "",
                "",
            )
            for column, cell in enumerate(cells):
                sheet.write_string(last, column, cell, text)
        sheet.data_validation(4, 7, max(last, 4), 7, {"validate": "list", "source": outcomes})
    return stream.getvalue()
