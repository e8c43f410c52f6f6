"""What agreement is worth: the model's bits per level, more for a rare value, less for one that many share."""

import math

import polars as pl

from beneficiaries.linkage.engine.coding import Coded
from beneficiaries.linkage.engine.levels import LEVELS
from beneficiaries.linkage.engine.model import Model

# Which value's rarity speaks at which level, and at most how many bits it may add or take.
RARITY: dict[str, tuple[str, tuple[str, ...]]] = {
    "marked": ("name", ("MARKED",)),
    "folded": ("name", ("UNMARKED", "FOLDED", "TURNED")),  # a name that is only near may be near a rare one by chance
    "day": ("birth", ("DATE",)),
    "year": ("birth", ("YEAR_ONLY", "YEAR_DEFAULT")),
}
CAP = 8.0
# A small extract must not make a name look common because it has few: that many residents as they usually are, are thought beside it.
IMAGINED = 5_000


def pointed(levels: pl.DataFrame, coded: Coded, model: Model) -> pl.DataFrame:
    """`levels` with `points_<field>` (bits, one decimal) for every field and their sum `points`."""
    total = coded.people.height
    for value in RARITY:
        levels = levels.join(_shares(coded.people[value], total, model.usual[value]), on=value, how="left")
    for value in model.extra:
        shares = _shares(coded.people[value], total, model.usual[value]).rename({value: f"{value}_of"})
        levels = levels.join(shares, on=f"{value}_of", how="left")
    columns = [_field(field, model).round(1).alias(f"points_{field}") for field in LEVELS]
    columns += [_extra(field, model).round(1).alias(f"points_{field}") for field in model.extra]
    return levels.with_columns(columns).with_columns(
        points=pl.sum_horizontal(f"points_{field}" for field in (*LEVELS, *model.extra)).round(1)
    )


def _extra(field: str, model: Model) -> pl.Expr:
    bits = pl.col(field).replace_strict(model.weights[field], return_dtype=pl.Float64)
    return bits + pl.when(pl.col(field) == "SAME").then(_rarity(field, model)).otherwise(0.0)


def _rarity(value: str, model: Model) -> pl.Expr:
    return (math.log2(model.usual[value]) - pl.col(f"share_{value}").log(2)).clip(-CAP, CAP)


def _field(field: str, model: Model) -> pl.Expr:
    bits = pl.col(field).replace_strict(model.weights[field], return_dtype=pl.Float64)
    for value, (of, levels) in RARITY.items():
        if of == field:
            bits = bits + pl.when(pl.col(field).is_in(levels)).then(_rarity(value, model)).otherwise(0.0).fill_null(0.0)
    if field == "place":
        rarity = (math.log2(model.usual["unit"]) - pl.col("unit_share").log(2)).clip(-CAP, CAP)
        bits = bits + pl.when(pl.col("place") != "OTHER").then(rarity).otherwise(0.0)
    return bits


def _shares(values: pl.Series, total: int, usual: float) -> pl.DataFrame:
    counts = values.value_counts()
    return counts.select(
        pl.col(values.name), ((pl.col("count") + IMAGINED * usual) / (total + IMAGINED)).alias(f"share_{values.name}")
    )
