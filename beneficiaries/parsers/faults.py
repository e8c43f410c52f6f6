"""What is wrong with a cell, in words a clerk can act on: which column, what kind of thing stands there, what to write. Never the value itself."""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from beneficiaries.parsers.spreadsheets import Cell
from beneficiaries.parsers.values import text_of

_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,2}")


def kind_of(cell: Cell) -> str:
    """What kind of thing stands in a cell: its digits are counted, not said."""
    text = text_of(cell)
    if not text:
        return "để trống"
    if isinstance(cell, date):
        return "là ngày tháng"
    if _SCIENTIFIC.fullmatch(text):
        return "là số bị bảng tính rút gọn (dạng 1,23E+11)"
    if isinstance(cell, float) and not cell.is_integer():
        return "là số có phần lẻ"
    digits, letters = sum(map(str.isdigit, text)), any(map(str.isalpha, text))
    if digits and letters:
        return f"có cả chữ và {digits} chữ số"
    if digits:
        return f"có {digits} chữ số"
    return "chỉ có chữ" if letters else "chỉ có ký hiệu"


def about(column: str, sentence: str) -> str:
    """The sentence with its column in front: the form every list's problems have."""
    return f"cột “{column}”: {sentence}"


def unfit(column: str, cell: Cell, *, write: str) -> str:
    """ "cột “Số tài khoản”: có cả chữ và 3 chữ số; mời …"."""
    return about(column, f"{kind_of(cell)}; {write}")


def unfit_cells(
    cells: Mapping[str, Cell], *, columns: Mapping[str, str], write: Mapping[str, str], unread: Iterable[str]
) -> tuple[str, ...]:
    """One problem for each of the columns of which nothing could be read (`unread`, our keys), in their order."""
    return tuple(unfit(columns[key], cells.get(key), write=write[key]) for key in unread)


def of_row(number: int, problem: str) -> str:
    """ "Dòng 12: cột “…”: …"."""
    return f"Dòng {number}: {problem}"
