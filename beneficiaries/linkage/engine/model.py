"""The model: what every level is worth in bits, how common values were where it was trained, and from where on it is believed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from beneficiaries.linkage.engine.errors import ModelUnknown
from beneficiaries.linkage.engine.levels import LEVELS

FORM = 2
# What leaves a pair to a person however many points it has. Every model file has them all; only other populations are asked about with fewer.
DOUBTS = frozenset({"NUMBER_OF_ANOTHER", "YEAR_DIFFERS", "NAME_DIFFERS", "DECEASED", "NUMBER_UNKNOWN", "NAMESAKE"})
DEFAULT_MODEL = Path(__file__).with_name("model.json")


@dataclass(frozen=True)
class Thresholds:
    """Bits above the size of the haystack (log2 of residents): `review` to be shown at all, the others to be linked, by what supports the name.

    `number`: the number or a slip of it; `birth`: the full date; `weak`: neither, but the hamlet; `weak_unplaced`: neither, and no
    hamlet typed. `margin`: bits between the best and the second candidate.
    """

    number: float
    birth: float
    weak: float
    weak_unplaced: float
    margin: float
    weak_margin: float
    review: float


@dataclass(frozen=True)
class Model:
    """`weights[field][level]` are bits; `usual[value]` is the chance that two residents share a value where the model was trained."""

    version: str
    weights: dict[str, dict[str, float]]
    usual: dict[str, float]
    thresholds: Thresholds
    made: dict[str, Any]
    doubts: frozenset[str] = DOUBTS
    extra: tuple[
        str, ...
    ] = ()  # further columns of both tables, text: the same (SAME), another (OTHER) or not given (NONE)


def load_model(path: Path = DEFAULT_MODEL) -> Model:
    """Read a model file. Raises `ModelUnknown`."""
    return model_of(json.loads(path.read_text(encoding="utf-8")))


def model_of(given: Mapping[str, Any]) -> Model:
    """The model such a file holds. Raises `ModelUnknown`."""
    if given.get("form") != FORM:
        raise ModelUnknown(f"form {given.get('form')!r}, not {FORM}")
    lacking = [f"{field}.{level}" for field, levels in LEVELS.items() for level in levels if level not in given["weights"].get(field, {})]  # fmt: skip
    if lacking:
        raise ModelUnknown(f"no weight for {', '.join(lacking)}")
    return Model(
        version=given["version"],
        weights={
            field: {level: float(bits) for level, bits in levels.items()} for field, levels in given["weights"].items()
        },
        usual=given["usual"],
        thresholds=Thresholds(**given["thresholds"]),
        made=given["made"],
    )
