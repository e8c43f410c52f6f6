"""The process apart that reads a large .xlsx, .csv or text table: `python -m beneficiaries.parsers.sheets_apart TEXT_BYTES < file > rows`.

Run by `large_files.py` alone. It reads as `open_sheets` does and writes as `confined.py`; a refusal is its only line, `{"refused": …, "sentence": …}`.
"""

import json
import sys

from beneficiaries.errors.files import FileUnreadable
from beneficiaries.parsers.confined import CPU_SECONDS, MEMORY_BYTES, TOO_MUCH, tagged
from beneficiaries.parsers.spreadsheets import MAX_ROWS, open_sheets
from staff.apart import bound_this_process, say_begun


def main(text_bytes: int) -> int:
    """Read the table on standard input; return the status to end with."""
    left, lines = text_bytes, list[str]()
    try:
        for sheet in open_sheets(sys.stdin.buffer.read()):
            lines.append(json.dumps({"sheet": sheet.name, "visible": sheet.visible}))
            for row in sheet.read(MAX_ROWS + 1):
                lines.append(json.dumps(row, default=tagged))
                left -= len(lines[-1])
                if left < 0:
                    return TOO_MUCH
    except FileUnreadable as refusal:
        lines = [json.dumps({"refused": refusal.code, "sentence": refusal.sentence})]
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    bound_this_process(memory=MEMORY_BYTES, seconds=CPU_SECONDS)
    say_begun()
    sys.exit(main(int(sys.argv[1])))
