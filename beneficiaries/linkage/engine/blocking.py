"""Which pairs are compared: a dozen joins, each on values that hardly any wrong pair shares."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from beneficiaries.linkage.engine.coding import Coded

CROWDED = 200  # a key that so many residents share says nothing about any of them


@dataclass(frozen=True)
class Block:
    """A join on `keys` (registry's columns, the extract's where they differ). `with_unit`: keys include the commune."""

    name: str
    keys: tuple[str, ...]
    of: tuple[str, ...] = ()
    crowded: int | None = None

    @property
    def with_unit(self) -> bool:
        return "unit" in self.keys


BLOCKS = (
    Block("name and date", ("folded", "day")),
    Block("name, year, commune", ("folded", "year", "unit")),
    Block("name, year, sex", ("folded", "year", "female"), crowded=CROWDED),
    Block("name, commune, hamlet", ("folded", "unit", "hamlet"), crowded=CROWDED),
    Block("name, day and month", ("folded", "month_day", "unit")),
    Block("name, day and month turned", ("folded", "year", "month_day"), of=("folded", "year", "day_month")),
    Block("words in another order, date", ("bag", "day")),
    Block("words in another order, year, commune", ("bag", "year", "unit")),
    Block("date and commune", ("day", "unit"), crowded=CROWDED),
    Block("given name and date", ("given", "day", "female"), crowded=CROWDED),
    Block("given name, year, hamlet", ("given", "year", "unit", "hamlet"), crowded=CROWDED),
)


def compared_pairs(
    coded: Coded, near: pl.DataFrame, undecided: pl.DataFrame, blocks: Sequence[Block] = BLOCKS
) -> pl.DataFrame:
    """Distinct (r, p) of the rows in `undecided` (r), sorted."""
    rows = coded.rows.join(undecided, on="r", how="semi")
    with_units = rows.join(coded.units, on="r")
    found = [_by_number(rows, coded.people), _by_slip(rows, coded.people, near)]
    found += [_joined(block, with_units if block.with_unit else rows, coded.people) for block in blocks]
    return pl.concat(found).unique().sort("r", "p")


def _by_number(rows: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    typed = rows.filter(pl.col("number").is_not_null()).select("r", "number")
    return typed.join(people.select("number", "p"), on="number").select("r", "p")


def _by_slip(rows: pl.DataFrame, people: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    slips = rows.select("r", "number").join(near, on="number").select("r", number="near")
    return slips.join(people.select("number", "p"), on="number").select("r", "p")


def _joined(block: Block, rows: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    left = rows.select("r", key=_key(block.keys)).drop_nulls().unique()
    wanted = left.select("key").unique()
    right = people.select("p", key=_key(block.of or block.keys)).join(wanted, on="key", how="semi")
    if block.crowded is not None:
        sizes = right.group_by("key").len().filter(pl.col("len") <= block.crowded)
        left = left.join(sizes, on="key", how="semi")
    return left.join(right, on="key").select("r", "p")


def _key(columns: tuple[str, ...]) -> pl.Expr:
    """One 64-bit key of several small codes (polars joins one column much faster than three); null if one is null.

    A clash of two keys would only add a pair to compare.
    """
    key = pl.lit(0, dtype=pl.UInt64)
    for column in columns:
        key = key * 1_000_003 + pl.col(column).cast(pl.Int64).cast(pl.UInt64, strict=False, wrap_numerical=True)
    return key
