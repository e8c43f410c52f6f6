"""The proven tier: a number is no proof by itself, it needs name, birth year and sex beside it.

Prototypes on synthetic provinces: a number alone 98.6-99.5 % precise, with the three beside it no wrong link.
"""

import polars as pl

from beneficiaries.linkage.engine.coding import Coded

DATE_RULE = "NUMBER_NAME_DATE_SEX"
YEAR_RULE = "NUMBER_NAME_YEAR_SEX"


def proven_pairs(coded: Coded) -> pl.DataFrame:
    """r, p, rule of every pair that agrees in number, name without marks, birth year and sex."""
    left = coded.rows.filter(pl.col("full_number") & pl.col("number").is_not_null())
    columns = ["number", "folded", "year", "female", "day", "p"]
    pairs = left.join(coded.people.select(columns), on="number", suffix="_of")
    agrees = (
        (pl.col("folded") == pl.col("folded_of"))
        & (pl.col("year") == pl.col("year_of"))
        & (pl.col("female") == pl.col("female_of"))
    )
    return pairs.filter(agrees).select(
        "r", "p", rule=pl.when(pl.col("day") == pl.col("day_of")).then(pl.lit(DATE_RULE)).otherwise(pl.lit(YEAR_RULE))
    )
