"""The post office of the demo: takes our cash list, pays who comes, sends the signed list back. It knows only the workbook and who stays away."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook

HEADING_ROW = 3


class PostOffice:
    """Plays the provider of cash payments from the sample's list of people who do not come; without one, everybody does."""

    def __init__(self, *, not_coming: Path | None = None) -> None:
        self._not_coming: set[tuple[str, str]] = set()
        if not_coming is None:
            return
        with not_coming.open(encoding="utf-8-sig", newline="") as stream:
            self._not_coming = {(row["ma_ho_so"], row["month"]) for row in csv.DictReader(stream)}

    def pay(self, workbook: bytes, *, month: date, paid_on: date) -> bytes:
        """The list with the columns "Kết quả" and "Ngày nhận" filled in."""
        rows = (
            CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python(skip_empty_area=False)
        )
        heading = [str(cell) for cell in rows[HEADING_ROW]]
        code, result, paid = heading.index("Mã hồ sơ hưởng"), heading.index("Kết quả"), heading.index("Ngày nhận")
        for row in rows[HEADING_ROW + 1 :]:
            if not row[code]:
                continue
            came = (str(row[code]), f"{month:%Y-%m}") not in self._not_coming
            row[result] = "Đã nhận" if came else "Chưa nhận"
            row[paid] = f"{paid_on:%d/%m/%Y}" if came else ""
        return _workbook(rows)


def _workbook(rows: Sequence[Sequence[object]]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Kết quả")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()
