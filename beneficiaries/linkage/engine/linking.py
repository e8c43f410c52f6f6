"""`link`: proven pairs first, then points for everybody else, then one resident for one person."""

from collections.abc import Sequence

import polars as pl

from beneficiaries.linkage.engine.blocking import BLOCKS, Block, compared_pairs
from beneficiaries.linkage.engine.coding import Coded, code_tables
from beneficiaries.linkage.engine.deciding import FIELDS, judged, owners_agree, ranked, with_heads, without_claims
from beneficiaries.linkage.engine.levels import level_table
from beneficiaries.linkage.engine.model import Model
from beneficiaries.linkage.engine.points import pointed
from beneficiaries.linkage.engine.proven import proven_pairs
from beneficiaries.linkage.engine.tables import Band, Links, Population, Registry

PART = 40_000  # rows compared at a time, so that memory follows the extract and not the registry


def link(registry: Registry, population: Population, model: Model, *, blocks: Sequence[Block] = BLOCKS) -> Links:
    """One decision per row that is not held. Depends on nothing but the contents of the tables, not on their order.

    `blocks`: other joins for a population whose fields err in other ways.
    """
    coded = code_tables(registry, population, model.extra)
    held = _held(registry, coded)
    proven = proven_pairs(coded).join(held, on="r", how="anti")
    undecided = coded.rows.select("r").join(pl.concat([proven.select("r"), held.select("r")]), on="r", how="anti")
    parts = [
        _compared(coded, registry, undecided.slice(start, PART), model, blocks)
        for start in range(0, max(undecided.height, 1), PART)
    ]
    candidates, best = pl.concat([part[0] for part in parts]), pl.concat([part[1] for part in parts])
    best = without_claims(best, pl.concat([proven.select("p"), held.select("p")]))
    linked = pl.concat([proven, best.filter(pl.col("band") == Band.AUTO.value).select(proven.columns)])
    return _links(
        coded, linked=with_heads(linked, held), best=best, candidates=candidates, undecided=undecided, model=model
    )


def _held(registry: Registry, coded: Coded) -> pl.DataFrame:
    rows, people = coded.rows.select("r", "row"), coded.people.select("p", "identity")
    held = registry.held.join(people, on="identity")
    # A holder outside the rows given now still keeps the resident from others.
    return held.join(rows, on="row", how="left").select("r", "p", "row")


def _compared(
    coded: Coded, registry: Registry, undecided: pl.DataFrame, model: Model, blocks: Sequence[Block]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    pairs = compared_pairs(coded, registry.near, undecided, blocks)
    levels = level_table(pairs, coded, registry.near, model.extra)
    candidates = ranked(pointed(levels, coded, model))
    best = (
        candidates.filter(pl.col("rank") == 1)
        .join(owners_agree(levels), on="r", how="left")
        .with_columns(pl.col("number_owner_agrees").fill_null(True))
        .join(coded.people.select("p", "deceased"), on="p")
    )
    return candidates, judged(best, residents=coded.people.height, strangers=registry.strangers, model=model)


def _links(
    coded: Coded,
    *,
    linked: pl.DataFrame,
    best: pl.DataFrame,
    candidates: pl.DataFrame,
    undecided: pl.DataFrame,
    model: Model,
) -> Links:
    rows, people = coded.rows.select("r", "row"), coded.people.select("p", "identity")
    heads = coded.rows.select(head="r", head_row="row")
    found = (
        linked.join(people, on="p")
        .join(heads, on="head")
        .join(best.select("r", "points", "margin"), on="r", how="left")
    )
    by_link = found.select(
        "r", "rule", "identity", "points", "margin", band=pl.lit(Band.AUTO.value), conflict=pl.lit(""),
        same_as=pl.when(pl.col("head") != pl.col("r")).then("head_row"),
    )  # fmt: skip
    left = best.filter(pl.col("band") != Band.AUTO.value).select(
        "r", "rule", "band", "conflict", "points", "margin",
        identity=pl.lit(None, pl.Int64), same_as=pl.lit(None, pl.Int64),
    )  # fmt: skip
    nobody = undecided.join(best, on="r", how="anti").select(
        "r", rule=pl.lit(""), band=pl.lit(Band.NONE.value), conflict=pl.lit("NOBODY"), points=pl.lit(None, pl.Float64),
        margin=pl.lit(None, pl.Float64), identity=pl.lit(None, pl.Int64), same_as=pl.lit(None, pl.Int64),
    )  # fmt: skip
    columns = ["row", "band", "rule", "identity", "points", "margin", "same_as", "conflict"]
    decisions = pl.concat([frame.join(rows, on="r").select(columns) for frame in (by_link, left, nobody)]).sort("row")
    of_extra = [*model.extra, *(f"points_{field}" for field in model.extra)]
    shown = (
        candidates.join(best.filter(pl.col("band") != Band.NONE.value).select("r"), on="r", how="semi")
        .join(people, on="p").join(rows, on="r").select("row", "rank", "identity", "points", "margin", *FIELDS, *of_extra).sort("row", "rank")
    )  # fmt: skip
    return Links(decisions=decisions, candidates=shown)
