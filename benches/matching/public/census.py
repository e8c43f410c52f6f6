"""pseudopeople: its sample's decennial census (10,000 people) linked to its social security file (16,000).

The census has no number and the other file no address: names, middle initial, date and sex are all there is. First and last name, initial and
sex stand in columns of their own (`Model.extra`), for here a given name alone singles out more people than a Vietnamese one does.
Weights and thresholds come from seed 1; results are of seeds 0 and 2: the same people with other errors, for the package ships one sample.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from benches.matching.public.outcome import Outcome, outcome
from beneficiaries.linkage.engine import Model, Population, Registry, link, load_model
from beneficiaries.linkage.engine.blocking import BLOCKS, Block
from beneficiaries.linkage.engine.model import Thresholds
from beneficiaries.linkage.engine.tables import POPULATION, REGISTRY
from beneficiaries.linkage.second.training import train

TUNING, UNSEEN = 1, (0, 2)
CENSUS_YEAR = 2020
EXTRA = ("first", "middle", "last", "gender")
_KEYS = (
    ("folded",), ("day",), ("first", "last"), ("first", "middle"), ("middle", "last"), ("last", "year"), ("first", "middle", "year"),
    ("first", "month_day"), ("last", "month_day"),
)  # fmt: skip
WIDER = (*BLOCKS, *(Block(" and ".join(keys), keys, crowded=200) for keys in _KEYS))
ASKED = Thresholds(number=-4, birth=-4, weak=-4, weak_unplaced=-4, margin=4, weak_margin=4, review=-20)
# First and last name count by themselves; the whole name adds what neither can say: turned, or one letter off.
WHOLE_NAME = {"TURNED": 10.0, "LETTER": 8.0}


@dataclass(frozen=True)
class _Data:
    registry: Registry
    population: Population
    truth: pl.DataFrame


def linked(folder: Path) -> Outcome:
    """Pooled over the seeds that taught nothing."""
    model = _model(_read(folder, TUNING))
    first, *others = (_linked(_read(folder, seed), model) for seed in UNSEEN)
    return sum(others, start=first)


def _linked(data: _Data, model: Model) -> Outcome:
    return outcome(link(data.registry, data.population, model, blocks=WIDER), data.truth)


def _model(data: _Data) -> Model:
    labels = data.truth.drop_nulls()
    trained = train(data.registry, data.population, labels)
    weights, usual = trained["weights"], trained["usual"]
    weights["name"] = dict.fromkeys(weights["name"], 0.0) | WHOLE_NAME
    pairs = labels.join(data.registry.rows, on="row").join(data.population.people, on="identity", suffix="_of")
    for column in EXTRA:
        counts = data.population.people[column].drop_nulls().value_counts()["count"]
        same, usual[column] = (
            pairs.select(pl.col(column) == pl.col(f"{column}_of")).to_series().mean(),
            float(((counts / counts.sum()) ** 2).sum()),
        )
        weights[column] = {
            "SAME": math.log2(same / usual[column]), "OTHER": math.log2((1 - same) / (1 - usual[column])), "NONE": 0.0,
        }  # fmt: skip
    return replace(load_model(), weights=weights, usual=usual, thresholds=ASKED, doubts=frozenset(), extra=EXTRA)


def _read(folder: Path, seed: int) -> _Data:
    typed, created = pl.col("date_of_birth"), pl.col("event_type") == "creation"
    day = pl.coalesce(typed.str.to_date("%m/%d/%Y", strict=False), typed.str.to_date("%d/%m/%Y", strict=False))
    age = pl.col("age").cast(pl.Float64, strict=False)
    census = _shaped(pl.read_parquet(folder / f"census-{seed}.parquet").with_columns(birth_date=day), "middle_initial")
    census = census.with_columns(birth_year=pl.coalesce("birth_year", (CENSUS_YEAR - 1 - age).cast(pl.Int16)))
    security = pl.read_parquet(folder / f"ssa-{seed}.parquet").filter(created)
    security = security.unique("simulant_id", keep="first", maintain_order=True)
    security = _shaped(security.with_columns(birth_date=typed.str.to_date("%Y%m%d", strict=False)), "middle_name")
    rows, people = _numbered(census, "row", REGISTRY), _numbered(security, "identity", POPULATION)
    return _Data(
        registry=Registry(rows=rows.drop("simulant_id"), units=rows.select("row", unit=pl.lit(0, pl.Int32))),
        population=Population(people.drop("simulant_id")),
        truth=rows.join(people.select("identity", "simulant_id"), on="simulant_id", how="left").select(
            "row", "identity"
        ),
    )


def _shaped(raw: pl.DataFrame, middle: str) -> pl.DataFrame:
    letters = {
        name: pl.col(column).str.to_lowercase().str.replace_all("[^a-z]", "").replace("", None)
        for name, column in (("first", "first_name"), ("middle", middle), ("last", "last_name"), ("gender", "sex"))
    }
    raw = raw.with_columns(**(letters | {"middle": letters["middle"].str.slice(0, 1)}))
    return raw.with_columns(
        name=pl.concat_str(pl.col("last").fill_null(""), pl.col("first").fill_null(""), separator=" "),
        birth_year=pl.col("birth_date").dt.year().cast(pl.Int16),
        number=pl.lit(None, pl.Int64), full_number=False, female=False, unit=pl.lit(0, pl.Int32), hamlet=pl.lit(""), deceased=False,
    )  # fmt: skip


def _numbered(frame: pl.DataFrame, key: str, columns: Sequence[str]) -> pl.DataFrame:
    wanted = [pl.int_range(pl.len(), dtype=pl.Int64).alias(key), *(name for name in columns if name != key)]
    return frame.select(*wanted, *EXTRA, "simulant_id")
