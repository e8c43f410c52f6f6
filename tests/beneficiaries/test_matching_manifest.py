"""The groups of a manifest add up, whatever the number of rows: a province's frame is split among threads."""

from datetime import date

import polars as pl
import pytest

from beneficiaries.services.identity.matching_manifest import bands_by_group

BORN = {"children_under_six": 2023, "over_eighty": 1940, "neither": 1980}


def people(rows: int) -> pl.DataFrame:
    """`rows` people: a third young, a third old, every second a woman, every fourth without a number."""
    index = pl.int_range(rows, eager=True)
    return pl.DataFrame(
        {
            "band": ["AUTO"] * rows,
            "birth_year": pl.Series([list(BORN.values())[i % 3] for i in range(rows)], dtype=pl.Int16),
            "number": [None if i % 4 == 0 else "seal" for i in range(rows)],
            "full_number": index % 4 == 1,
            "female": index % 2 == 0,
        }
    )


class TestBandsByGroup:
    @pytest.mark.parametrize("rows", [12, 60_000])
    def test_counts_everybody_and_each_group(self, rows: int) -> None:
        counted = bands_by_group(people(rows), today=date(2026, 11, 22))
        assert {name: bands["AUTO"] for name, bands in counted.items()} == {
            "all": rows,
            "children_under_six": rows // 3,
            "over_eighty": rows // 3,
            "women": rows // 2,
            "no_number": rows // 4,
            "old_card": rows // 2,
        }

    def test_has_an_empty_answer_for_nobody(self) -> None:
        assert bands_by_group(people(0), today=date(2026, 11, 22))["all"] == {}
