"""From text as received to the engine's tables: the normalisation that is part of the time measured."""

from pathlib import Path

import numpy as np
import polars as pl

from beneficiaries.linkage.engine import Population, Registry
from beneficiaries.linkage.engine.tables import share_of_strangers
from beneficiaries.linkage.names import name_key
from beneficiaries.linkage.people_names import bare_names
from beneficiaries.parsers.values import read_birth, read_identity_number


def read_registry(folder: Path, population: Population) -> Registry:
    """The wards' rows: names without what stands around them, numbers repaired, dates read, ward names resolved to communes of today."""
    raw = pl.read_parquet(folder / "registry.parquet")
    births = raw["birth"].unique()
    read = [read_birth(text) for text in births]
    dates = pl.DataFrame(
        {
            "birth": births,
            "birth_date": pl.Series([birth.full if birth else None for birth in read], dtype=pl.Date),
            "birth_year": pl.Series([birth.year if birth else None for birth in read], dtype=pl.Int16),
        }
    )
    numbers = [read_identity_number(text) for text in raw["number"]]
    residents = population.people["name"]
    bare = bare_names(
        raw["name"].unique(), who_bears=lambda keys: keys & {name_key(name) for name in residents.unique()}
    )
    rows = raw.join(dates, on="birth", how="left", maintain_order="left").select(
        "row",
        pl.col("name").replace(bare),
        number=pl.Series([int(number) if number else None for number in numbers], dtype=pl.Int64),
        full_number=pl.Series([number is not None and len(number) == 12 for number in numbers]),
        birth_date="birth_date",
        birth_year="birth_year",
        female=pl.col("sex") == "Nữ",
        hamlet="hamlet",
    )
    units = (
        raw.select("row", "unit")
        .join(pl.read_parquet(folder / "units.parquet"), on="unit")
        .select("row", unit="commune")
    )
    full = rows.filter("full_number")["number"]
    near = slips(full, known=population.people["number"])
    unknown = ~full.is_in(pl.concat([population.people["number"], near["number"]]).implode())
    strangers = share_of_strangers(unknown=int(unknown.sum()), numbers=full.len())
    return Registry(rows=rows, units=units, near=near, strangers=strangers)


def read_population(folder: Path) -> Population:
    """The extract; dates and numbers are well-formed there."""
    raw = pl.scan_parquet(folder / "population.parquet")
    day = pl.col("birth").str.to_date("%d/%m/%Y")
    return Population(
        raw.select(
            "identity", "name", number=pl.col("number").cast(pl.Int64), birth_date=day, birth_year=day.dt.year().cast(pl.Int16),
            female=pl.col("sex") == "Nữ", unit="unit", hamlet="hamlet", deceased="deceased",
        ).collect()
    )  # fmt: skip


def slips(numbers: pl.Series, *, known: pl.Series) -> pl.DataFrame:
    """For numbers nobody has: which of the `known` ones are one wrong digit or two swapped neighbours away."""
    typed = numbers.drop_nulls().unique()
    typed = typed.filter(~typed.is_in(known.implode())).to_numpy()
    powers = 10 ** np.arange(12, dtype=np.int64)
    digits = (typed[:, None] // powers) % 10
    made = [typed + (value - digits[:, at]) * powers[at] for at in range(12) for value in range(10)]
    made += [typed + (digits[:, at + 1] - digits[:, at]) * (powers[at] - powers[at + 1]) for at in range(11)]
    frame = pl.DataFrame({"number": np.tile(typed, len(made)), "near": np.concatenate(made)}).unique()
    return frame.filter(pl.col("number") != pl.col("near")).join(known.to_frame("near"), on="near", how="semi")
