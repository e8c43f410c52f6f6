"""The columns Splink compares. Both tables have all of them, as Splink wants; what one has not is null."""

import polars as pl

from beneficiaries.linkage.engine.names import key_table
from beneficiaries.linkage.engine.tables import Population, Registry

SHARED = ("unique_id", "number", "number_known", "slips", "folded", "marked", "surname", "given", "bag", "length", "has_marks", "day",
          "turned_day", "year", "month_day", "new_year", "female", "units", "unit", "hamlet", "label")  # fmt: skip


def splink_tables(
    registry: Registry, population: Population, labels: pl.DataFrame | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Registry and extract for Splink. `labels` (row, identity) says who rows are, for training."""
    names = key_table(pl.concat([registry.rows["name"].unique(), population.people["name"].unique()])).with_columns(
        surname=pl.col("words").str.split(" ").list.first(),
        length=pl.col("words").str.split(" ").list.len().cast(pl.Int32),
    )
    slips = registry.near.group_by("number").agg(slips="near")
    units = registry.units.group_by("row").agg(units=pl.col("unit").sort())
    known = labels if labels is not None else pl.DataFrame(schema={"row": pl.Int64, "identity": pl.Int64})
    rows = (
        registry.rows.join(names, on="name", how="left").join(slips, on="number", how="left").join(units, on="row", how="left")
        .join(known.select("row", label="identity"), on="row", how="left")
        .with_columns(
            unique_id="row", unit=pl.when(pl.col("units").list.len() == 1).then(pl.col("units").list.first()),
            number_known=pl.col("number").is_in(population.people["number"].implode()),
            number=pl.when("full_number").then("number"),
        )
    )  # fmt: skip
    people = population.people.join(names, on="name", how="left").with_columns(
        unique_id="identity",
        slips=pl.lit([], dtype=pl.List(pl.Int64)),
        units=pl.concat_list("unit"),
        number_known=True,
        label="identity",
    )
    return _compared(rows), _compared(people)


def _compared(frame: pl.DataFrame) -> pl.DataFrame:
    date = pl.col("birth_date")
    return frame.with_columns(
        day=date.cast(pl.Int32),
        year=pl.col("birth_year").cast(pl.Int32),
        month_day=(date.dt.month().cast(pl.Int32) * 32 + date.dt.day()).cast(pl.Int32),
        turned_day=(date.dt.day().cast(pl.Int32) * 32 + date.dt.month()).cast(pl.Int32),
        new_year=((date.dt.month() == 1) & (date.dt.day() == 1)).fill_null(False),
        slips=pl.col("slips").fill_null(pl.lit([], dtype=pl.List(pl.Int64))),
        hamlet=pl.when(pl.col("hamlet") != "").then(pl.col("hamlet").str.to_lowercase()),
    ).select(SHARED)
