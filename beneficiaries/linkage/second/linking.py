"""Splink's answer in the engine's form."""

from typing import Protocol

import polars as pl
from splink import DuckDBAPI, Linker
from splink.internals.splink_dataframe import SplinkDataFrame

from beneficiaries.linkage.engine.deciding import judged, ranked, with_heads, without_claims
from beneficiaries.linkage.engine.levels import LEVELS, YEAR_AGREES
from beneficiaries.linkage.engine.model import Model
from beneficiaries.linkage.engine.tables import Band, Links, Population, Registry
from beneficiaries.linkage.second.columns import splink_tables
from beneficiaries.linkage.second.settings import POPULATION_NAME, REGISTRY_NAME, level_of, settings

# The matching columns come along only because Splink gives its levels with them or not at all.
WANTED = ("unique_id_l", "unique_id_r", "match_weight", *(f"gamma_{field}" for field in LEVELS))


class Backend(Protocol):
    """Where Splink computes: takes a table, gives the scored pairs."""

    def register(self, frame: pl.DataFrame, name: str) -> SplinkDataFrame: ...
    def fetch(self, table: SplinkDataFrame) -> pl.DataFrame: ...


class DuckDB:
    """In this process."""

    def __init__(self) -> None:
        self._database = DuckDBAPI()

    def register(self, frame: pl.DataFrame, name: str) -> SplinkDataFrame:
        return self._database.register(frame.to_arrow(), dataset_display_name=name)

    def fetch(self, table: SplinkDataFrame) -> pl.DataFrame:
        return pl.DataFrame(table.as_duckdbpyrelation().select(", ".join(WANTED)).pl())


def link(registry: Registry, population: Population, model: Model, *, backend: Backend | None = None) -> Links:
    """As the engine's `link`; rows of `held` are left out. Nothing is proven here: every pair is scored."""
    backend = backend or DuckDB()
    rows = registry.rows.join(registry.held, on="row", how="anti")
    left, right = splink_tables(
        Registry(rows=rows, units=registry.units, near=registry.near, held=registry.held), population
    )
    tables = [backend.register(left, REGISTRY_NAME), backend.register(right, POPULATION_NAME)]
    linker = Linker(tables, settings(residents=right.height, model=model), log_level=None)
    scored = backend.fetch(linker.inference.predict(threshold_match_weight=model.thresholds.review - 8))
    return _decided(scored, rows=rows, registry=registry, population=population, model=model)


def _decided(
    scored: pl.DataFrame, *, rows: pl.DataFrame, registry: Registry, population: Population, model: Model
) -> Links:
    residents = population.people.height
    pairs = scored.select(
        *(pl.col(f"gamma_{field}").replace_strict(_names(field)).alias(field) for field in LEVELS),
        r=pl.col("unique_id_l").cast(pl.Int64),
        p=pl.col("unique_id_r").cast(pl.Int64),
        points=(pl.col("match_weight") + _prior_bits(residents)).round(1),
    )
    best = ranked(pairs)
    owners = pairs.filter(pl.col("number") == "SAME").select(
        "r", number_owner_agrees=pl.col("birth").is_in(YEAR_AGREES)
    )
    date = pl.col("birth_date")
    typed = rows.select(r="row", new_year=(date.dt.month() == 1) & (date.dt.day() == 1))
    first = (
        best.filter(pl.col("rank") == 1).join(owners, on="r", how="left").with_columns(pl.col("number_owner_agrees").fill_null(True))
        .join(population.people.select("deceased", p="identity"), on="p").join(typed, on="r")
    )  # fmt: skip
    held = registry.held.select(r="row", p="identity")
    decided = without_claims(judged(first, residents=residents, strangers=registry.strangers, model=model), held)
    automatic = pl.col("band") == Band.AUTO.value
    heads = with_heads(decided.filter(automatic).select("r", "p", "rule"), held).filter(pl.col("head") != pl.col("r"))
    decisions = (
        rows.select("row").join(decided.rename({"r": "row"}), on="row", how="left")
        .join(heads.select(row="r", same_as="head"), on="row", how="left")
    ).select(
        "row", pl.col("band").fill_null(Band.NONE.value), pl.col("rule").fill_null(""), pl.when(automatic).then("p").alias("identity"),
        "points", "margin", "same_as", pl.col("conflict").fill_null("NOBODY"),
    )  # fmt: skip
    seen = decided.filter(pl.col("band") != Band.NONE.value).select("r")
    candidates = best.join(seen, on="r", how="semi").rename({"r": "row", "p": "identity"})
    return Links(decisions=decisions.sort("row"), candidates=candidates.sort("row", "rank"))


def _prior_bits(residents: int) -> float:
    chance = 1.0 / residents
    return -float(pl.select((pl.lit(chance) / (1 - chance)).log(2)).item())


def _names(field: str) -> dict[int, str]:
    return {
        gamma: level_of(field, gamma) for gamma in range(-1, len([level for level in LEVELS[field] if level != "NONE"]))
    }
