"""After a small province was taken in, no number of a person or an account stands in clear in any table or log line."""

import csv
import logging
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from psycopg import sql
from python_calamine import CalamineWorkbook

from config.demo.intake import open_office, read_population, take_in_month
from config.sample_province.writing import generate
from tests.beneficiaries.offices import NOW

DIGITS = re.compile(rb"\d{8,}")
FOLDERS = ("2024-06", "2024-07", "2024-08")
EVERY_TABLE = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
WHAT_THE_PLANNER_KEEPS = (
    "SELECT concat_ws(' ', most_common_vals, histogram_bounds) FROM pg_stats WHERE schemaname = 'public'"
)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About a hundred beneficiaries among three thousand residents, in the files their offices would send."""
    out = tmp_path_factory.mktemp("sample") / "tiny"
    generate(out=out, scale=0.004, seed=2024)
    return out


def _numbers(sample: Path) -> set[bytes]:
    """Every number of a person or an account in the files, as its digits without leading zeros."""
    with (sample / "population" / "dan_cu.csv").open(encoding="utf-8-sig", newline="") as stream:
        numbers = {row["so_dinh_danh"] for row in csv.DictReader(stream)}
    for path in sorted(sample.rglob("*.xlsx")):
        numbers |= set(_column_values(path))
    bare = {re.sub(r"\D", "", number).lstrip("0") for number in numbers}
    return {number.encode() for number in bare if len(number) >= 8}


def _column_values(path: Path) -> Iterator[str]:
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False)
    wanted = ("Số định danh cá nhân/CMND", "Số định danh đúng", "Số giấy tờ", "Số tài khoản", "Số tài khoản đang nhận")
    at, heading = next(((at, row) for at, row in enumerate(rows) if set(wanted) & set(row)), (0, []))
    for row in rows[at + 1 :]:
        cells = [row[column] for column, name in enumerate(heading) if name in wanted]
        yield from (str(int(cell)) if isinstance(cell, float) else str(cell) for cell in cells)


def _everything() -> bytes:
    """Every value of every table, bytes as they are, and what the planner's statistics keep of them."""
    with connection.cursor() as cursor:
        tables = [name for (name,) in cursor.execute(EVERY_TABLE).fetchall()]
        values = [
            value
            for name in tables
            for row in cursor.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name))).fetchall()
            for value in row
        ]
        values += [value for (value,) in cursor.execute(WHAT_THE_PLANNER_KEEPS).fetchall()]
    return b"\n".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode() for value in values
    )


def _found(numbers: set[bytes], *, text: bytes) -> set[bytes]:
    """Those numbers that stand in `text`, alone or within a longer run of digits."""
    lengths = {len(number) for number in numbers}
    runs = {run.group() for run in DIGITS.finditer(text)}
    return {
        run[at : at + length] for run in runs for length in lengths for at in range(len(run) - length + 1)
    } & numbers


class TestSearch:
    def test_finds_a_number_that_stands_in_clear_anywhere(self, sample: Path) -> None:
        numbers = _numbers(sample)
        planted = min(numbers)
        assert _found(numbers, text=b"|00" + planted + b"9|") == {planted}


@pytest.mark.django_db
class TestIntakeOfAProvince:
    def test_leaves_no_number_in_clear_in_tables_or_logs(self, sample: Path, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        office = open_office(sample=sample, password="mat-khau-rat-dai-2024")
        read_population(sample=sample, rows=0, progress=lambda done, total: None)
        for folder in FOLDERS:
            take_in_month(
                sample=sample,
                folder=folder,
                office=office,
                now=NOW,
                business_day=date(2024, 6, 15),
                progress=lambda done, total: None,
            )
        numbers, text = _numbers(sample), _everything()
        assert len(numbers) > 3_000
        assert len(text) > 500_000
        assert _found(numbers, text=text) == set()
        assert _found(numbers, text=caplog.text.encode()) == set()
