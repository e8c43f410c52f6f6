"""Write a labelled truth province: an extract, the wards' registry with their errors, and who every row really is.

`python -m benches.matching.province --out DIR --rows 27000 --residents 750000 --profile hard --seed 7`
"""

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from benches.matching.profiles import DECEASED, NAMESAKES, PROFILES, Profile
from benches.matching.residents import Ints, Residents, settle
from benches.matching.typing_errors import Typist

BASE_DAY = np.datetime64("1970-01-01")


def write_province(*, out: Path, rows: int, residents: int, profile: Profile, seed: int) -> None:
    """Four files: population, registry, units (name in the registry -> communes of today) and truth (row -> identity or null)."""
    out.mkdir(parents=True, exist_ok=True)
    communes = 100 if residents <= 2_000_000 else 300
    people = settle(size=residents, communes=communes, seed=seed)
    rng = np.random.default_rng([seed, 2, *profile.name.encode()])
    second_rows = round(rows * profile.twice)
    chosen = _enrol(rng, people, rows - second_rows)
    absent = rng.random(len(chosen)) < profile.absent
    names = people.name.copy()
    planted = np.zeros(residents, dtype=bool)
    planted[_name_after_residents(rng, people, names, chosen[absent])] = True
    gone = np.zeros(residents, dtype=bool)
    gone[chosen[absent]] = True
    dead = rng.random(residents) < 0.0035
    dead[chosen] = rng.random(len(chosen)) < DECEASED
    _write_population(out, people=people, dead=dead, gone=gone, rng=rng)
    again = rng.choice(np.flatnonzero(~absent), size=second_rows, replace=False)
    who = np.concatenate([chosen, chosen[again]])
    who = who[rng.permutation(len(who))]
    old_wards, units = _old_wards(rng, communes)
    units.write_parquet(out / "units.parquet")
    people.name = names
    typed = Typist(rng=rng, profile=profile, people=people, gone=gone, old_wards=old_wards).type_rows(who)
    registry = typed.with_columns(row=pl.Series(np.arange(1, len(who) + 1)))
    registry.drop("defects").write_parquet(out / "registry.parquet")
    age = people.age[who]
    pl.DataFrame(
        {
            "row": np.arange(1, len(who) + 1),
            "identity": pl.Series(np.where(gone[who], 0, who + 1)).replace(0, None),
            "person": who + 1,
            "age": age,
            "namesake": planted[who],
            "defects": registry["defects"],
        }
    ).write_parquet(out / "truth.parquet")


def _enrol(rng: np.random.Generator, people: Residents, count: int) -> Ints:
    """The old, children and the disabled, as in the registries."""
    age = people.age
    weight = np.where(age >= 80, 12.0, np.where(age >= 60, 4.0, np.where(age < 16, 0.7, 0.5)))
    chosen: Ints = rng.choice(len(age), size=count, replace=False, p=weight / weight.sum())
    return chosen


def _name_after_residents(rng: np.random.Generator, people: Residents, names: Ints, absent: Ints) -> list[int]:
    """A quarter of the absent get the name, commune, birth year and sex of a resident; who did."""
    planted = []
    key = (people.commune * 200 + (people.year - 1900)) * 2 + people.female
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    for person in absent[rng.random(len(absent)) < NAMESAKES]:
        low, high = np.searchsorted(ordered, key[person]), np.searchsorted(ordered, key[person], side="right")
        alike = order[low:high]
        alike = alike[(alike != person) & (people.born[alike] != people.born[person])]
        if len(alike):
            names[person] = names[rng.choice(alike)]
            planted.append(int(person))
    return planted


def _write_population(
    out: Path, *, people: Residents, dead: np.ndarray, gone: np.ndarray, rng: np.random.Generator
) -> None:
    listed = rng.permutation(np.flatnonzero(~gone))
    days = pl.Series(people.born[listed]).cast(pl.Int32).cast(pl.Date)
    pl.DataFrame(
        {
            "identity": listed + 1,
            "name": pl.Series(people.names).gather(people.name[listed]),
            "birth": days.dt.strftime("%d/%m/%Y"),
            "sex": pl.Series(["Nam", "Nữ"]).gather(people.female[listed].astype(np.int64)),
            "number": pl.Series(people.number[listed]).cast(pl.String).str.zfill(12),
            "unit": pl.Series(people.commune[listed]).cast(pl.Int32),
            "hamlet": pl.Series([f"Thôn {nth + 1}" for nth in range(13)]).gather(people.hamlet[listed]),
            "deceased": dead[listed],
        }
    ).write_parquet(out / "population.parquet")


def _old_wards(rng: np.random.Generator, communes: int) -> tuple[list[list[int]], pl.DataFrame]:
    """Each commune of today was three wards; three in ten of those were divided between two communes."""
    names = [(f"X{commune}", commune) for commune in range(communes)]
    wards: list[list[int]] = [[] for _ in range(communes)]
    for ward in range(communes * 3):
        now = [ward // 3] + ([(ward // 3 + 1) % communes] if rng.random() < 0.3 else [])
        for commune in now:
            wards[commune].append(ward)
            names.append((f"P{ward}", commune))
    table = pl.DataFrame(names, schema={"unit": pl.String, "commune": pl.Int32}, orient="row")
    return wards, table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=27_000)
    parser.add_argument("--residents", type=int, default=750_000)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="base")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    write_province(
        out=given.out, rows=given.rows, residents=given.residents, profile=PROFILES[given.profile], seed=given.seed
    )


if __name__ == "__main__":
    main()
