"""`make bench-matching`: the table of accuracy on unseen seeds, time and memory, beside Splink on the same data in the same run.

Every run is a process of its own, so that its peak memory is its own.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

from benches.matching.profiles import PROFILES
from benches.matching.province import write_province
from benches.matching.reading import read_population, read_registry
from benches.matching.scoring import Score, score
from beneficiaries.linkage import second
from beneficiaries.linkage.engine import link, load_model
from beneficiaries.linkage.exact import bounds

GROWTH = (3_000, 10_000, 30_000, 100_000)
UNSEEN = (201, 202, 203)
TARGETS = {
    "base": {"precision": 0.9998, "bound": 0.9995, "recall": 0.990, "shown": 0.999, "review": 0.010, "absent": 0, "gap": 3},
    "hard": {"precision": 0.9995, "bound": 0.9990, "recall": 0.870, "shown": 0.980, "review": 0.120, "absent": 5 / 1620, "gap": 12},
}  # fmt: skip
ENGINES = {"engine": link, "splink": second.link}


def _one(folder: Path, engine: str) -> None:
    """Read, normalise, link; print what it took. `score` comes after the clock stops."""
    start = time.perf_counter()
    population = read_population(folder)
    registry = read_registry(folder, population)
    links = ENGINES[engine](registry, population, load_model())
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(json.dumps({"seconds": round(seconds, 2), "gib": round(peak, 2), "score": asdict(score(links, folder))}))


def _run(folder: Path, engine: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "benches.matching", "--one", str(folder), "--engine", engine],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return json.loads(done.stdout.strip().splitlines()[-1])


def _data(root: Path, profile: str, seed: int, rows: int, residents: int) -> Path:
    folder = root / f"{profile}-{rows}-{residents}-{seed}"
    if not (folder / "truth.parquet").exists():
        write_province(out=folder, rows=rows, residents=residents, profile=PROFILES[profile], seed=seed)
    return folder


def _table(profile: str, engine: str, results: list[dict]) -> None:
    total = sum((Score(**result["score"]) for result in results), start=Score())
    target = TARGETS[profile]
    low, high = bounds(total.right, total.real)
    shown_low, shown_high = bounds(total.shown, total.real)
    review_low, review_high = bounds(total.review, total.rows)
    print(
        f"\n{profile}, {engine}: {len(results)} provinces, {total.rows:,} rows, {total.auto:,} linked, {total.wrong} wrong"
    )
    lines = [
        ("automatic precision", f"{total.precision:.4%}", total.precision >= target["precision"]),
        ("its one-sided 95 % bound", f"{total.precision_bound:.4%}", total.precision_bound >= target["bound"]),
        ("automatic recall", f"{total.recall:.2%} [{low:.2%}, {high:.2%}]", total.recall >= target["recall"]),
        ("recall including review", f"{total.recall_shown:.2%} [{shown_low:.2%}, {shown_high:.2%}]", total.recall_shown >= target["shown"]),
        ("sent to review", f"{total.reviewed:.2%} [{review_low:.2%}, {review_high:.2%}]", total.reviewed <= target["review"]),
        ("absent, wrongly accepted", f"{total.absent_accepted} of {total.absent:,}", total.absent_accepted <= target["absent"] * total.absent),
        ("worst group's gap in recall", f"{total.worst_gap:.1f} points", total.worst_gap <= target["gap"]),
    ]  # fmt: skip
    by_chance, found = total.absent - total.namesakes, total.absent_accepted - total.namesakes_accepted
    lines[6:6] = [
        ("  … nobody's planted namesake", f"{found} of {by_chance:,}", found <= target["absent"] * by_chance),
    ]
    for name, value, met in lines:
        print(f"  {name:<28} {value:<52} {'met' if met else 'NOT MET'}")
    for name, (right, real) in sorted(total.groups.items()):
        print(f"    {name:<26} {right / real:.2%} of {real:,}")
    seconds, memory = [result["seconds"] for result in results], [result["gib"] for result in results]
    print(f"  normalise + match: {min(seconds)}-{max(seconds)} s, peak {max(memory)} GiB")


def _growth(root: Path) -> None:
    """Registers of one size after another against the same residents: what preparing the extract costs, and each record beside it."""
    for rows in GROWTH:
        folder = _data(root, "hard", 101, rows, 750_000)
        population = read_population(folder)
        registry, model = read_registry(folder, population), load_model()
        single = replace(registry, rows=registry.rows.head(1), units=registry.units.head(1))
        taken: dict[str, list[float]] = {"one": [], "all": []}
        for _ in range(3):
            for name, asked in (("one", single), ("all", registry)):
                start = time.process_time()
                link(asked, population, model)
                taken[name].append(time.process_time() - start)
        one, whole = (statistics.median(taken[name]) for name in ("one", "all"))
        print(
            f"{rows:>8,} rows: {whole:.2f} s of CPU; {one:.2f} s of it whatever the register; {(whole - one) / rows * 1e6:.0f} µs a record"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("var/bench"))
    parser.add_argument("--one", type=Path)
    parser.add_argument("--engine", choices=sorted(ENGINES), default="engine")
    parser.add_argument("--city", action="store_true", help="300,000 rows against 10 million residents; 8 GB, minutes")
    parser.add_argument("--seed", type=int, default=1, help="of the city; 1 to 8 are for tuning")
    parser.add_argument("--growth", action="store_true", help="3,000 to 100,000 rows against the same province")
    given = parser.parse_args()
    if given.one:
        _one(given.one, given.engine)
        return
    if given.city:
        for profile in PROFILES:
            _table(
                profile, "engine, city", [_run(_data(given.data, profile, given.seed, 300_000, 10_000_000), "engine")]
            )
        return
    if given.growth:
        _growth(given.data)
        return
    for profile in PROFILES:
        folders = [_data(given.data, profile, seed, 27_000, 750_000) for seed in UNSEEN]
        _table(profile, "engine", [_run(folder, "engine") for folder in folders])
        _table(profile, "Splink on DuckDB", [_run(folders[0], "splink")])


if __name__ == "__main__":
    main()
