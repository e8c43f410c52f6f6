"""A small registry and extract in the engine's form."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from beneficiaries.linkage.engine import Population, Registry
from beneficiaries.linkage.engine.tables import HELD, NEAR, POPULATION, REGISTRY

GIVEN = ("An", "Bình", "Cúc", "Dũng", "Hà", "Lan", "Mai", "Nga", "Sơn", "Tâm")
SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh")


def resident(nth: int, **changes: Any) -> dict[str, Any]:
    born = date(1940 + nth % 60, 1 + nth % 12, 1 + (nth * 7) % 28)
    return {
        "identity": nth, "name": f"{SURNAMES[nth % 5]} Văn {GIVEN[(nth // 5) % 10]}", "number": 97_000_000_000 + nth * 1117,
        "birth_date": born, "birth_year": born.year, "female": nth % 2 == 0, "unit": nth % 3, "hamlet": f"Thôn {nth % 4}", "deceased": False,
    } | changes  # fmt: skip


def typed(nth: int, *, row: int | None = None, **changes: Any) -> dict[str, Any]:
    person = resident(nth) | changes
    return {name: person[name] for name in REGISTRY if name not in ("row", "full_number")} | {
        "row": nth if row is None else row, "full_number": person["number"] is not None, "unit": person["unit"]
    }  # fmt: skip


def registry_of(
    rows: list[dict[str, Any]], near: Sequence[tuple[int, int]] = (), held: Sequence[tuple[int, int]] = ()
) -> Registry:
    frame = pl.DataFrame(rows, schema={**REGISTRY, "unit": pl.Int32})
    return Registry(
        rows=frame.drop("unit"),
        units=frame.select("row", "unit"),
        near=pl.DataFrame(list(near), schema=NEAR, orient="row"),
        held=pl.DataFrame(list(held), schema=HELD, orient="row"),
    )


def population_of(people: list[dict[str, Any]]) -> Population:
    return Population(pl.DataFrame(people, schema=POPULATION))
