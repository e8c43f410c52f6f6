"""The residents of the province as arrays, and the personal identification numbers nobody real can hold.

A number is 12 digits: 097, 098 or 099 (no real registration code), century and sex, year of birth, six random.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from config.sample_province.names import GIVEN_NAMES, NameParts
from config.sample_province.units import Province

EXTRACT_DATE = date(2024, 6, 15)
TWIN_SHARE = 0.02
_AGE_BANDS = (
    (0, 13, 20.6),
    (14, 24, 14.0),
    (25, 39, 23.5),
    (40, 59, 26.4),
    (60, 74, 10.2),
    (75, 79, 2.5),
    (80, 89, 2.3),
    (90, 101, 0.5),
)


@dataclass(slots=True)
class Residents:
    """Parallel columns; `born` and `died` are proleptic ordinals (0: alive), `number` lacks its leading zero."""

    number: NDArray[np.int64]
    names: list[str]
    born: NDArray[np.int64]
    female: NDArray[np.bool_]
    commune: NDArray[np.int64]
    hamlet: NDArray[np.int64]
    died: NDArray[np.int64]
    twin_of: NDArray[np.int64]  # index of the other twin, −1 for everybody else

    def __len__(self) -> int:
        return len(self.names)


def settle_residents(*, size: int, province: Province, seed: int) -> Residents:
    """Draw `size` people with ages, homes, names and unique numbers; 2 % are twins."""
    rng = np.random.default_rng([seed, 3])
    born = _draw_births(rng, size)
    female = rng.random(size) < np.where(born < date(1955, 1, 1).toordinal(), 0.57, 0.5)
    commune: NDArray[np.int64] = rng.choice(len(province.communes), size=size, p=np.array(province.weights))
    hamlets = np.array([len(names) for names in province.hamlets])
    hamlet = (rng.random(size) * hamlets[commune]).astype(np.int64)
    ethnic = rng.random(size) < np.where(np.array(province.highland)[commune], 0.3, 0.02)
    age = (EXTRACT_DATE.toordinal() - born) // 365
    parts = NameParts(rng=rng, female=female, ethnic=ethnic, age=age)
    twin_of = np.full(size, -1, dtype=np.int64)
    first = rng.choice(size // 2, size=round(size * TWIN_SHARE / 2), replace=False) * 2
    second = first + 1
    twin_of[first], twin_of[second] = second, first
    for column in (born, commune, hamlet, ethnic, parts.surname, parts.prefix, parts.clan):
        column[second] = column[first]
    alike = rng.random(len(first)) < 0.65
    female[second] = np.where(alike, female[first], ~female[first])
    parts.middle[second[alike]] = parts.middle[first[alike]]
    parts.given[second] = (parts.given[first] + 1 + rng.integers(0, 29, size=len(first))) % GIVEN_NAMES
    return Residents(
        number=_draw_numbers(rng, born, female),
        names=parts.full_names(),
        born=born,
        female=female,
        commune=commune,
        hamlet=hamlet,
        died=np.zeros(size, dtype=np.int64),
        twin_of=twin_of,
    )


def _draw_births(rng: np.random.Generator, size: int) -> NDArray[np.int64]:
    weights = np.array([weight for _, _, weight in _AGE_BANDS])
    band = rng.choice(len(_AGE_BANDS), size=size, p=weights / weights.sum())
    low = np.array([low for low, _, _ in _AGE_BANDS])[band]
    width = np.array([high + 1 - low for low, high, _ in _AGE_BANDS])[band]
    # Within the bands of the old, each further year has fewer people.
    position = rng.random(size) ** np.where(low >= 60, 1.6, 1.0)
    age = low + position * width
    born: NDArray[np.int64] = (EXTRACT_DATE.toordinal() - (age * 365.25)).astype(np.int64)
    default = (low >= 60) & (rng.random(size) < 0.12)  # the old often know the year only: 1 January stands in
    born[default] = [date(date.fromordinal(day).year, 1, 1).toordinal() for day in born[default].tolist()]
    return born


def _draw_numbers(rng: np.random.Generator, born: NDArray[np.int64], female: NDArray[np.bool_]) -> NDArray[np.int64]:
    year = np.array([date.fromordinal(day).year for day in range(int(born.min()), int(born.max()) + 1)])[
        born - born.min()
    ]
    place = rng.choice([97, 98, 99], size=len(born), p=[0.9, 0.06, 0.04])
    century = (year - 1900) // 100 * 2 + female
    stem = ((place * 10 + century) * 100 + year % 100) * 1_000_000
    numbers: NDArray[np.int64] = stem + rng.integers(0, 1_000_000, size=len(born))
    while True:
        order = np.argsort(numbers, kind="stable")
        repeated = order[1:][np.diff(numbers[order]) == 0]
        if not len(repeated):
            return numbers
        numbers[repeated] = stem[repeated] + rng.integers(0, 1_000_000, size=len(repeated))


def printed_number(number: int) -> str:
    """The number as on the card: twelve digits."""
    return f"{number:012d}"
