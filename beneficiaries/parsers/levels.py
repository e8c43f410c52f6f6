"""A table of levels from a legal document: coefficients of categories, standard amounts of programmes, from a day on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from beneficiaries.parsers.faults import of_row, unfit
from beneficiaries.parsers.values import read_coefficient, read_date, text_of
from beneficiaries.parsers.workbook import Cell, read_table

COLUMNS = {
    "code": "Mã nhóm hoặc mã chính sách",
    "kind": "Loại mức",
    "value": "Giá trị",
    "valid_from": "Áp dụng từ ngày",
    "known_on": "Ngày ký văn bản",
    "source": "Căn cứ pháp lý",
}
COEFFICIENT, STANDARD = "COEFFICIENT", "STANDARD"
KINDS = {"hệ số": COEFFICIENT, "mức chuẩn": STANDARD}
_AMOUNT = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){1,3}|[1-9]\d{3,11}")
_DAY = "mời ghi dạng 01/07/2024."
WRITE = {
    "code": "mời ghi mã nhóm (với hệ số) hoặc mã chính sách (với mức chuẩn) theo danh mục.",
    "kind": "mời ghi “Hệ số” hoặc “Mức chuẩn”.",
    "value": "mời ghi hệ số như 1,5, hoặc mức chuẩn theo đồng như 500.000.",
    "valid_from": _DAY,
    "known_on": _DAY,
    "source": "mời ghi điều, khoản, văn bản (không quá 120 chữ).",
}
LONGEST_SOURCE = 120


@dataclass(frozen=True)
class LevelRow:
    """One level; `problems` are whole sentences "Dòng 3: cột …", none when it is fine. `value`: coefficient, or đồng per month."""

    row_number: int
    code: str
    kind: str
    value: Decimal
    valid_from: date
    known_on: date
    legal_source: str
    problems: tuple[str, ...]


def read_levels(content: bytes) -> Iterator[LevelRow]:
    """Rows of the table. Raises `FileUnreadable`."""
    for row in read_table(content, columns=COLUMNS):
        cells = row.cells
        kind = KINDS.get(text_of(cells["kind"]).casefold(), "")
        code, source = text_of(cells["code"]).upper(), " ".join(text_of(cells["source"]).split())
        value = _value(cells["value"], kind=kind)
        valid_from, known_on = read_date(cells["valid_from"]), read_date(cells["known_on"])
        read = {
            "code": code,
            "kind": kind,
            "value": value,
            "valid_from": valid_from,
            "known_on": known_on,
            "source": source and len(source) <= LONGEST_SOURCE,
        }
        yield LevelRow(
            row_number=row.number,
            code=code,
            kind=kind,
            value=value or Decimal(0),
            valid_from=valid_from or date.min,
            known_on=known_on or date.min,
            legal_source=source[:LONGEST_SOURCE],
            problems=tuple(
                of_row(row.number, unfit(COLUMNS[key], cells[key], write=WRITE[key]))
                for key, found in read.items()
                if not found
            ),
        )


def _value(cell: Cell, *, kind: str) -> Decimal | None:
    if kind != STANDARD:
        return read_coefficient(cell)
    typed = text_of(cell).removesuffix("đồng").removesuffix("đ").strip()
    return Decimal(typed.replace(".", "")) if _AMOUNT.fullmatch(typed) else None
