"""Train the shipped model on a labelled province no result is reported on: `python -m benches.matching.train --data DIR --version V`."""

import argparse
import json
from pathlib import Path

import polars as pl

from benches.matching.reading import read_population, read_registry
from beneficiaries.linkage.engine.model import DEFAULT_MODEL, FORM
from beneficiaries.linkage.second.training import train

# Found on the tuning seeds 1 to 8 of both profiles (`docs/matching.md`).
THRESHOLDS = {"number": 6, "birth": 2, "weak": 5, "weak_unplaced": 9, "margin": 5, "weak_margin": 6, "review": -1}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--out", type=Path, default=DEFAULT_MODEL)
    given = parser.parse_args()
    population = read_population(given.data)
    registry = read_registry(given.data, population)
    labels = pl.read_parquet(given.data / "truth.parquet").drop_nulls("identity").select("row", "identity")
    trained = train(registry, population, labels)
    made = {
        "by": "splink 5.0.0 on DuckDB",
        "rows": registry.rows.height,
        "residents": population.people.height,
        "labels": labels.height,
        "data": "generated province, profile hard, seed 1",
    }
    model = {"form": FORM, "version": given.version, "made": made, **trained, "thresholds": THRESHOLDS}
    given.out.write_text(json.dumps(model, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
