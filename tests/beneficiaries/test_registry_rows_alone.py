"""Cells are read column by column, each different one once: what a row says must not depend on the rows around it."""

import gc
import io
from dataclasses import fields
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beneficiaries.errors.files import FileUnreadable
from beneficiaries.parsers.registry import COLUMNS, RegistryEntry, open_registry

CELLS: dict[str, list[Any]] = {
    "code": ["HS 1", 12, 12.0, 1.5, "x" * 40, ""],
    "name": ["Nguyễn Văn An", "  LÊ   THỊ  Ánh", "Tran Van C", "", "x" * 120],
    "birth": ["05/09/1942", "1942", 1942, 5091942, "31/02/1950", "abc", "", True],
    "sex": ["Nam", "nữ", "?", "", 1],
    "number": ["097042000001", "97042000001", 97042000001.0, "123456789", "12345678", 1.5, "", True],
    "category": ["CT-80-KLH", "ct"],
    "coefficient": ["1,5", 1.5, 2, "0", "abc", 0.30000000000000004, ""],
    "decision_date": ["15/03/2023", "", "x"],
    "starts": ["04/2023", "13/2023", ""],
    "payee_relation": ["Chính chủ", "giám hộ", "con", "", 1, True],
    "note": ["", "VÍ DỤ - xóa dòng này", "a  b"],
}
rows = st.lists(st.fixed_dictionaries({key: st.sampled_from(cells) for key, cells in CELLS.items()}), min_size=1, max_size=6)  # fmt: skip
SAID = [field.name for field in fields(RegistryEntry) if field.name != "row_number"]


def entries(written: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, list(COLUMNS.values()))
    for at, row in enumerate(written, start=1):
        sheet.write_row(at, 0, [row.get(key, "") for key in COLUMNS])
    book.close()
    return [tuple(getattr(entry, name) for name in SAID) for entry in open_registry(stream.getvalue()).entries]


class TestARow:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(written=rows)
    def test_says_the_same_alone_and_among_others(self, written: list[dict[str, Any]]) -> None:
        assert entries(written) == [entry for row in written for entry in entries([row])]


class TestReading:
    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook"])
    def test_leaves_the_collector_as_it_was(self, content: bytes) -> None:
        entries([{"code": "HS 1"}])
        assert gc.isenabled()
        with pytest.raises(FileUnreadable):
            open_registry(content)
        assert gc.isenabled()
