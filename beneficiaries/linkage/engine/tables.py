"""The tables that go into `link` and come out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

from beneficiaries.linkage.engine.errors import TableMisshapen

REGISTRY = {
    "row": pl.Int64,  # unique
    "name": pl.String,
    "number": pl.Int64,  # opaque id of the number as typed, null without one; equal ids are equal numbers
    "full_number": pl.Boolean,  # twelve digits; an old card's number proves nothing
    "birth_date": pl.Date,  # null unless day, month and year are known
    "birth_year": pl.Int16,
    "female": pl.Boolean,
    "hamlet": pl.String,
}
POPULATION = {
    "identity": pl.Int64,  # unique
    "name": pl.String,
    "number": pl.Int64,
    "birth_date": pl.Date,
    "birth_year": pl.Int16,
    "female": pl.Boolean,
    "unit": pl.Int32,
    "hamlet": pl.String,
    "deceased": pl.Boolean,
}
# The communes of today a row may speak of: one, or the successors of a former one.
UNITS = {
    "row": pl.Int64,
    "unit": pl.Int32,
}
# Numbers of the extract one typing slip away from a number of the registry.
NEAR = {
    "number": pl.Int64,
    "near": pl.Int64,
}
# Who was linked before: these rows keep their link and are not compared again.
HELD = {
    "row": pl.Int64,
    "identity": pl.Int64,
}


class Band(StrEnum):
    """What becomes of a row."""

    AUTO = "AUTO"
    REVIEW = "REVIEW"
    NONE = "NONE"


def share_of_strangers(*, unknown: int, numbers: int) -> float:
    """`unknown` of `numbers`, with a hundred numbers of a usual register thought beside it: ten rows say little."""
    return (unknown + 2) / (numbers + 100)


@dataclass(frozen=True)
class Registry:
    """Rows to be linked, the communes each speaks of, and the slips its numbers may be.

    `strangers`: share of the full numbers of the whole register, linked rows included, that the extract has not, not even a slip away.
    It stands for the share of people listed who are not in the extract, and is the same in a re-run.
    """

    rows: pl.DataFrame
    units: pl.DataFrame
    near: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=NEAR))
    held: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HELD))
    strangers: float = 0.02

    def __post_init__(self) -> None:
        for frame, schema in ((self.rows, REGISTRY), (self.units, UNITS), (self.near, NEAR), (self.held, HELD)):
            _check(frame, schema)


@dataclass(frozen=True)
class Population:
    """The extract."""

    people: pl.DataFrame

    def __post_init__(self) -> None:
        _check(self.people, POPULATION)


@dataclass(frozen=True)
class Links:
    """One decision per row, and for a person to look at at most three candidates of each row that needs one.

    `decisions`: row, band, rule, identity (null unless AUTO), points, margin, same_as (row that is the same person, by proof), conflict.
    `candidates`: row, rank from 1, identity, points, and per field the level and its points, for AUTO and REVIEW rows.
    """

    decisions: pl.DataFrame
    candidates: pl.DataFrame


def _check(frame: pl.DataFrame, schema: Mapping[str, type[pl.DataType]]) -> None:
    wrong = [name for name, kind in schema.items() if frame.schema.get(name) != kind]
    if wrong:
        raise TableMisshapen(wrong)
