"""FEBRL 4: 5,000 made-up Australians and 5,000 damaged copies, one of each.

Every copy is there, so what keeps our rows from being linked (`DOUBTS`) is not asked, and thresholds stand where this population wants
them: a smoke test of keys, slips, comparisons and margins, not of the product's caution. Weights are learnt without the truth.
"""

from dataclasses import replace
from pathlib import Path

import polars as pl

from benches.matching.public.outcome import Outcome, outcome
from beneficiaries.linkage.engine import Model, Population, Registry, link, load_model
from beneficiaries.linkage.engine.blocking import BLOCKS, Block
from beneficiaries.linkage.engine.model import Thresholds
from beneficiaries.linkage.engine.tables import NEAR, POPULATION, REGISTRY
from beneficiaries.linkage.second.training import train_on_own
from beneficiaries.linkage.slips import slips_of

# 5,000 residents can be compared on less than 750,000: half the postcodes have two neighbours turned, and a tenth no date.
WIDER = (
    *BLOCKS,
    Block("name", ("folded",), crowded=200),
    Block("postcode", ("unit",), crowded=200),
    Block("date", ("day",), crowded=200),
)
ASKED = Thresholds(number=-12, birth=-12, weak=-6, weak_unplaced=-6, margin=1, weak_margin=1, review=-20)


def linked(folder: Path) -> Outcome:
    """Link the copies (4b) to the originals (4a)."""
    originals, copies = _read(folder / "dataset4a.csv"), _read(folder / "dataset4b.csv")
    population = Population(originals.rename({"key": "identity"}).select(list(POPULATION)))
    registry = Registry(
        rows=copies.rename({"key": "row"}).select(list(REGISTRY)),
        units=_postcodes(copies, known=set(originals["unit"])),
        near=_near(copies["number"], known=set(originals["number"])),
    )
    truth = copies.select(row="key", identity="key")
    return outcome(link(registry, population, _model(registry, population), blocks=WIDER), truth)


def _model(registry: Registry, population: Population) -> Model:
    trained = train_on_own(registry, population)
    return replace(
        load_model(), weights=trained["weights"], usual=trained["usual"], thresholds=ASKED, doubts=frozenset()
    )


def _read(path: Path) -> pl.DataFrame:
    raw = pl.read_csv(path, infer_schema=False, quote_char=None)
    raw = raw.rename({name: name.strip() for name in raw.columns}).with_columns(pl.all().str.strip_chars())
    born = pl.col("date_of_birth")
    return raw.select(
        key=pl.col("rec_id").str.extract(r"rec-(\d+)-").cast(pl.Int64),
        name=pl.col("surname") + " " + pl.col("given_name"),
        number=pl.col("soc_sec_id").cast(pl.Int64),
        full_number=True,
        birth_date=born.str.to_date("%Y%m%d", strict=False),
        birth_year=born.str.slice(0, 4).cast(pl.Int16, strict=False),
        female=False,  # not in the data
        unit=pl.col("postcode").cast(pl.Int32),
        hamlet="address_1",
        deceased=False,
    )


def _postcodes(copies: pl.DataFrame, *, known: set[int]) -> pl.DataFrame:
    """The postcode typed, and those of which it may be one with two neighbours turned."""
    rows = set()
    for row, unit in copies.select("key", "unit").iter_rows():
        typed = f"{unit:04d}"
        turned = {int(slip) for slip in slips_of(typed) if sorted(slip) == sorted(typed)}
        rows |= {(row, meant) for meant in {unit} | turned & known}
    return pl.DataFrame(sorted(rows), schema={"row": pl.Int64, "unit": pl.Int32}, orient="row")


def _near(numbers: pl.Series, *, known: set[int]) -> pl.DataFrame:
    pairs = {
        (number, int(slip)) for number in set(numbers) - known for slip in slips_of(str(number)) if int(slip) in known
    }
    return pl.DataFrame(sorted(pairs), schema=NEAR, orient="row")
