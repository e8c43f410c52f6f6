"""Train the model's weights: Splink counts how often every level occurs among people known to be one, and among any two."""

import math
from typing import Any

import polars as pl
from splink import DuckDBAPI, Linker

from beneficiaries.linkage.engine.levels import LEVELS
from beneficiaries.linkage.engine.names import key_table
from beneficiaries.linkage.engine.tables import Population, Registry
from beneficiaries.linkage.second.columns import splink_tables
from beneficiaries.linkage.second.settings import POPULATION_NAME, REGISTRY_NAME, settings

# Rare levels are hardly seen among random pairs, and a level never seen would count for everything: no level may say more than this.
HIGHEST = {"number": 18.0, "name": 12.0, "birth": 15.0, "sex": 2.0, "place": 8.0, "hamlet": 4.0}
HIGHEST_LEVEL = {("number", "SLIP"): 14.0, ("birth", "TURNED"): 11.0, ("name", "TURNED"): 9.0}
LOWEST = -9.0
LOWEST_LEVEL = {("number", "UNKNOWN"): -6.0}
NEUTRAL = "NONE"


def train(
    registry: Registry, population: Population, labels: pl.DataFrame, *, pairs: float = 2e7, seed: int = 1
) -> dict[str, Any]:
    """`weights` and `usual` for a model file. `labels` (row, identity): people already known, by proof or by review."""
    rows, people = splink_tables(registry, population, labels)
    database = DuckDBAPI()
    tables = [
        database.register(rows.to_arrow(), dataset_display_name=REGISTRY_NAME),
        database.register(people.to_arrow(), dataset_display_name=POPULATION_NAME),
    ]
    linker = Linker(tables, settings(residents=people.height, label=True), log_level=None)
    linker.training.estimate_u_using_random_sampling(max_pairs=pairs, seed=seed)
    linker.training.estimate_m_from_label_column("label")
    trained = linker.misc.save_model_to_json()
    return {"weights": _weights(trained), "usual": usual(population)}


def train_on_own(registry: Registry, population: Population, *, pairs: float = 5e6, seed: int = 1) -> dict[str, Any]:
    """`weights`, `usual` and `labels` (how many people stood for each half) from a register nobody has labelled.

    No field is judged by labels it made itself: the number says who people are for all other fields; name, full date, sex and commune,
    where they single out one resident, say it for the number.
    """
    rows, people = splink_tables(registry, population)
    by_number = rows.join(people.drop_nulls("number"), on="number", suffix="_of").filter(
        (pl.col("given") == pl.col("given_of"))
        | (pl.col("year") == pl.col("year_of"))  # else the number is somebody else's
    )
    whole = ("folded", "day", "female", "unit")
    alone = people.drop_nulls(whole).filter(pl.len().over(whole) == 1)
    by_person = rows.drop_nulls(whole).join(alone, on=whole, suffix="_of")
    named, numbered = (
        frame.select(row="unique_id", identity="unique_id_of").unique("row", keep="none")
        for frame in (by_number, by_person)
    )
    weights = train(registry, population, named, pairs=pairs, seed=seed)["weights"]
    weights["number"] = train(registry, population, numbered, pairs=pairs, seed=seed)["weights"]["number"]
    return {
        "weights": weights,
        "usual": usual(population),
        "labels": {"by_number": named.height, "by_name_and_date": numbered.height},
    }


def _weights(trained: dict[str, Any]) -> dict[str, dict[str, float]]:
    weights: dict[str, dict[str, float]] = {}
    for comparison in trained["comparisons"]:
        field = comparison["output_column_name"]
        weights[field] = {NEUTRAL: 0.0} if NEUTRAL in LEVELS[field] else {}
        for level in comparison["comparison_levels"]:
            name = level["label_for_charts"]
            if name != NEUTRAL:
                highest = HIGHEST_LEVEL.get((field, name), HIGHEST[field])
                lowest = LOWEST_LEVEL.get((field, name), LOWEST)
                weights[field][name] = _bits(level.get("m_probability"), level.get("u_probability"), lowest, highest)
    return weights


def _bits(m: float | None, u: float | None, lowest: float, highest: float) -> float:
    """log2(m ÷ u) within bounds; what never occurs among the same people is as bad as can be, what only they have as good."""
    if not m:
        return lowest
    return round(min(max(math.log2(m / u) if u else highest, lowest), highest), 1)


def usual(population: Population) -> dict[str, float]:
    """The chance that two residents share a value, per value whose rarity counts."""
    people = population.people.join(key_table(population.people["name"]), on="name", how="left")
    values = {"marked": "marked", "folded": "folded", "day": "birth_date", "year": "birth_year", "unit": "unit"}
    return {name: _collision(people[column]) for name, column in values.items()}


def _collision(values: pl.Series) -> float:
    counts = values.drop_nulls().value_counts()["count"].cast(pl.Float64)
    return float(f"{((counts / counts.sum()) ** 2).sum():.4g}")
