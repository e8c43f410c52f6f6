"""Registry and extract as narrow columns of numbers: equal values have equal codes in both tables."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from beneficiaries.linkage.engine.names import key_table
from beneficiaries.linkage.engine.tables import Population, Registry

NAME_COLUMNS = ("folded", "marked", "given", "bag")


@dataclass(frozen=True)
class Coded:
    """`rows` of the registry (r), `people` of the extract (p), `units` (r, unit), `words` per coded spelling."""

    rows: pl.DataFrame
    people: pl.DataFrame
    units: pl.DataFrame
    words: pl.DataFrame


def code_tables(registry: Registry, population: Population, extra: Sequence[str] = ()) -> Coded:
    """Replace text by codes; positions r and p are the order of row and identity, whatever order they came in."""
    rows = registry.rows.sort("row").with_row_index("r")
    people = population.people.sort("identity").with_row_index("p")
    for column in extra:
        known = pl.concat([rows[column], people[column]]).drop_nulls().unique().sort()
        numbers = pl.Series(range(known.len()), dtype=pl.UInt32)
        coded = pl.col(column).replace_strict(known, numbers, default=None)
        rows, people = rows.with_columns(coded), people.with_columns(coded)
    names = key_table(pl.concat([rows["name"].unique(), people["name"].unique()]))
    codes = names.with_columns(
        *(pl.col(name).rank("dense").cast(pl.UInt32) for name in NAME_COLUMNS),
        spelling=pl.int_range(pl.len(), dtype=pl.UInt32),
    )
    hamlets = pl.concat([rows["hamlet"].unique(), people["hamlet"].unique()]).unique().drop_nulls().sort()
    places = pl.DataFrame({"hamlet": hamlets, "hamlet_code": hamlets.str.to_lowercase().rank("dense").cast(pl.UInt32)})
    places = places.filter(pl.col("hamlet") != "")
    columns = ["name", "spelling", *NAME_COLUMNS]
    return Coded(
        rows=_coded(
            rows.join(codes.select(*columns, "has_marks"), on="name", how="left", maintain_order="left"), places
        ),
        people=_coded(
            people.join(codes.select(columns), on="name", how="left", maintain_order="left"), places
        ).with_columns(pl.col("unit").cast(pl.Int32)),
        units=registry.units.join(rows.select("row", "r"), on="row").select("r", "unit").unique().sort("r", "unit"),
        words=codes.select("spelling", "words").sort("spelling"),
    )


def _coded(frame: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """A first of January is often nobody's birthday: `precise` says whether the day can be trusted to mean something."""
    day = pl.col("birth_date")
    return frame.join(places, on="hamlet", how="left", maintain_order="left").select(
        pl.exclude("name", "hamlet", "hamlet_code", "birth_date", "birth_year"),
        hamlet=pl.col("hamlet_code"),
        day=day.cast(pl.Int32),
        year=pl.col("birth_year"),
        month_day=(day.dt.month().cast(pl.Int16) * 32 + day.dt.day()).cast(pl.Int16),
        day_month=(day.dt.day().cast(pl.Int16) * 32 + day.dt.month()).cast(pl.Int16),
        new_year=((day.dt.month() == 1) & (day.dt.day() == 1)).fill_null(False),
    )
