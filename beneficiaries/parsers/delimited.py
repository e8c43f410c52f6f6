"""Text files of rows: comma, semicolon or tab, in any encoding an office still uses."""

import csv
import io
from collections import Counter

from beneficiaries.errors.files import FileTooLarge, FileUnreadable
from beneficiaries.parsers.encodings import Encoding, decode_bytes

DELIMITERS = "\t;,|"
JUDGED_LINES = 30
MAX_COLUMNS = 256
_NOT_A_TABLE = ("%PDF", "<!DOCTYPE", "<html", "<?xml", "{\\rtf")


def read_delimited(content: bytes, *, max_rows: int) -> tuple[list[list[str]], Encoding]:
    """Rows of equal length, as text, and how they were written. Raises `FileUnreadable`, `FileTooLarge`."""
    decoded = decode_bytes(content)
    text = decoded.text
    if text.lstrip()[:12].casefold().startswith(tuple(start.casefold() for start in _NOT_A_TABLE)):
        raise FileUnreadable(
            "Tệp không phải bảng tính (có thể là trang web hoặc văn bản đặt tên .xls). Mời mở bằng Excel và lưu lại thành tệp .xlsx."
        )
    if "\x00" in text or any(letter < " " and letter not in "\t\r\n" for letter in text[:10_000]):
        raise FileUnreadable("Tệp không phải bảng tính hay tệp chữ. Mời lưu lại thành tệp Excel (.xlsx).")
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            rows.append(row)
            if len(rows) > max_rows:
                raise FileTooLarge
    except csv.Error as error:
        raise FileUnreadable("Tệp chữ hỏng: có ô quá dài hoặc thiếu dấu nháy. Mời lưu lại thành tệp .xlsx.") from error
    width = max(map(len, rows), default=0)
    if width > MAX_COLUMNS:
        raise FileUnreadable("Tệp có quá nhiều cột. Mời kiểm tra dấu ngăn cách cột.")
    return [row + [""] * (width - len(row)) for row in rows], decoded.encoding


def _delimiter(text: str) -> str:
    """The one that cuts most of the first lines into the same number of columns, the more the better."""
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:JUDGED_LINES]

    def quality(delimiter: str) -> int:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter))
        return max((width * count for width, count in widths.items() if width > 1), default=0)

    return max(DELIMITERS, key=quality)
