"""Reads an .xls or .ods in a process of its own, with bounded memory and time: what such a file unpacks to can't be judged beforehand.

Run by `spreadsheets.py` alone: `python -m beneficiaries.parsers.confined ROWS_PER_SHEET TEXT_BYTES < file > rows`. Writes that it began, one
JSON line per sheet, `{"sheet": name, "visible": true}`, and one per row; dates as `{"date": "1942-09-05"}`. Ends with status 3 when
there is more than allowed, 4 when unreadable.
"""

import io
import json
import sys
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from staff.apart import bound_this_process, say_begun

MEMORY_BYTES = 1_500 * 1024 * 1024
CPU_SECONDS = 60
TOO_MUCH, UNREADABLE = 3, 4


def main(rows_per_sheet: int, text_bytes: int) -> int:
    """Read the workbook on standard input; return the status to end with."""
    left = text_bytes
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read())) as workbook:
            for sheet in workbook.sheets_metadata:
                if sheet.typ != SheetTypeEnum.WorkSheet:
                    continue
                print(json.dumps({"sheet": sheet.name, "visible": sheet.visible == SheetVisibleEnum.Visible}))
                table = workbook.get_sheet_by_name(sheet.name)
                if table.total_height > rows_per_sheet:
                    return TOO_MUCH
                for row in table.to_python(skip_empty_area=False):
                    line = json.dumps(row, default=tagged)
                    left -= len(line)
                    if left < 0:
                        return TOO_MUCH
                    print(line)
    except (CalamineError, ValueError, OSError):
        return UNREADABLE
    return 0


def tagged(value: object) -> dict[str, object]:
    """A value JSON has no word for. Raises ValueError for any other."""
    if isinstance(value, datetime | date | time):
        return {type(value).__name__: value.isoformat()}
    if isinstance(value, timedelta):
        return {"timedelta": value.total_seconds()}
    raise ValueError


if __name__ == "__main__":
    bound_this_process(memory=MEMORY_BYTES, seconds=CPU_SECONDS)
    say_begun()
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
