"""Read the province's files as anybody could: calamine, csv, and nothing of the product or of the generator."""

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from python_calamine import CalamineWorkbook

Row = dict[str, str]


def cell_text(value: object) -> str:
    """A cell as text: whole numbers without a fraction, dates as dd/mm/yyyy."""
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def rows_below_heading(path: Path, *, key: str = "Mã hồ sơ hưởng") -> Iterator[Row]:
    """Rows of the first sheet below the row that contains `key`; rows without a key (titles, totals) are left out."""
    heading: list[str] = []
    for raw in CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False):
        cells = [cell_text(value) for value in raw]
        if not heading:
            heading = cells if key in cells else []
            continue
        row = dict(zip(heading, cells, strict=False))
        if row.get(key):
            yield row


def all_rows(folder: Path) -> Iterator[tuple[Path, Row]]:
    for path in sorted(folder.rglob("*.xlsx")):
        for row in rows_below_heading(path):
            yield path, row


def folded(name: str) -> str:
    """Lower case, no marks, single spaces."""
    bare = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return " ".join("".join(letter for letter in bare if not unicodedata.combining(letter)).casefold().split())


@dataclass(frozen=True, slots=True)
class Resident:
    name: str
    birth_year: str
    sex: str


def residents_with(numbers: set[str], *, sample: Path) -> dict[str, Resident]:
    """Residents of the extract whose number is wanted."""
    found: dict[str, Resident] = {}
    with (sample / "population" / "dan_cu.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["so_dinh_danh"] in numbers:
                found[line["so_dinh_danh"]] = Resident(
                    name=folded(line["ho_ten"]),
                    birth_year=line["ngay_sinh"][-4:],
                    sex=line["gioi_tinh"],
                )
    return found


def twelve_digits(typed: str) -> str:
    """The number without spaces and dots, a lost leading zero put back; empty when it can't be one."""
    digits = typed.replace(" ", "").replace(".", "")
    return digits.zfill(12) if digits.isdigit() and 10 <= len(digits) <= 12 else ""
