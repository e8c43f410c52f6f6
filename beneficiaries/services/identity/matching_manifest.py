"""The manifest of a run: counts by rule and by group of people, so that nobody is served worse unseen."""

from dataclasses import asdict
from datetime import date
from typing import Any

import polars as pl

from beneficiaries.linkage.engine import Band, Links, Model, Registry
from beneficiaries.linkage.rules import versions

CHILD_BELOW, OLD_FROM = 6, 80


def manifest(
    *, links: Links, registry: Registry, model: Model, snapshot: dict[str, Any], today: date
) -> dict[str, Any]:
    """Versions, thresholds, what was read, counts by band, by rule, by why not, and by group."""
    decisions = links.decisions
    open_rows = decisions.filter(pl.col("band") != Band.AUTO.value)
    return {
        **versions(model),
        "thresholds": asdict(model.thresholds),
        "extract": snapshot,
        "compared": decisions.height,
        "held": registry.held.height,
        "bands": _counts(decisions, "band"),
        "rules": _counts(decisions.filter(pl.col("band") == Band.AUTO.value), "rule"),
        "why_not": _counts(open_rows, "conflict"),
        "groups": bands_by_group(decisions.join(registry.rows, on="row"), today=today),
    }


def _counts(frame: pl.DataFrame, column: str) -> dict[str, int]:
    return {str(name): count for name, count in frame[column].value_counts().sort(column).iter_rows()}


def bands_by_group(people: pl.DataFrame, *, today: date) -> dict[str, dict[str, int]]:
    """Rows by band, for everybody and for each group that a poor register serves worst.

    `people` needs band, birth_year, number, full_number and female, one row per registry row, any number of them.
    """
    age = today.year - pl.col("birth_year").cast(pl.Int32)
    groups = {
        "children_under_six": age < CHILD_BELOW,
        "no_number": pl.col("number").is_null(),
        "old_card": pl.col("number").is_not_null() & ~pl.col("full_number"),
        "women": pl.col("female"),
        "over_eighty": age >= OLD_FROM,
    }
    # Everybody is counted without a filter: a constant predicate over a frame that polars splits is a ShapeError.
    return {
        "all": _counts(people, "band"),
        **{name: _counts(people.filter(rule.fill_null(False)), "band") for name, rule in groups.items()},
    }
