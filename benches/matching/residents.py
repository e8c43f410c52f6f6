"""Residents as columns: as crowded with namesakes as a real province. Numbers begin with 097-099, which nobody real has."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from config.sample_province import name_stock as stock

Ints = NDArray[np.int64]
AGE_BANDS = (
    (0, 14, 20.6),
    (14, 25, 14.0),
    (25, 40, 23.5),
    (40, 60, 26.4),
    (60, 75, 10.2),
    (75, 80, 2.5),
    (80, 90, 2.3),
    (90, 102, 0.5),
)
EXTRACT_DAY = np.datetime64("2024-06-15")
TWINS = 0.02
GIVEN = min(len(stock.MALE_GIVEN), len(stock.FEMALE_GIVEN))
MIDDLES = 20
ETHNIC_PREFIXES = 9


@dataclass
class Residents:
    """Parallel columns; `born` is days since 1970, `name` an index into `names`."""

    names: list[str]
    name: Ints
    born: Ints
    female: NDArray[np.bool_]
    commune: Ints
    hamlet: Ints
    number: Ints
    twin: Ints

    @property
    def year(self) -> Ints:
        return year_of(self.born)

    @property
    def age(self) -> Ints:
        return (EXTRACT_DAY.astype("datetime64[D]").astype(np.int64) - self.born) // 365


def year_of(days: Ints) -> Ints:
    years: Ints = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return years


def _falling(size: int) -> NDArray[np.float64]:
    weights = 1.0 / (np.arange(size) + 9.0)
    return np.asarray(weights / weights.sum())


def _shares(pairs: tuple[tuple[str, float], ...]) -> NDArray[np.float64]:
    weights = np.array([weight for _, weight in pairs])
    return np.asarray(weights / weights.sum())


def all_names() -> list[str]:
    """Every name there is: [sex][surname][middle][given], then the ethnic ones [sex][prefix][given][clan]."""
    names = []
    for middles, givens in ((stock.MALE_MIDDLES, stock.MALE_GIVEN), (stock.FEMALE_MIDDLES, stock.FEMALE_GIVEN)):
        for surname, _ in stock.SURNAMES:
            for middle, _ in middles:
                names += [" ".join(part for part in (surname, middle, given) if part) for given in givens[:GIVEN]]
    for prefixes in (stock.ETHNIC_MALE_PREFIXES, stock.ETHNIC_FEMALE_PREFIXES):
        for nth in range(ETHNIC_PREFIXES):
            prefix = prefixes[nth % len(prefixes)]
            for given in stock.ETHNIC_GIVEN:
                names += [prefix + given + (clan if prefix in ("Y ", "H'") else "") for clan in stock.ETHNIC_CLANS]
    return names


def settle(*, size: int, communes: int, seed: int) -> Residents:
    """Draw `size` residents of `communes` communes; 2 % are twins."""
    rng = np.random.default_rng([seed, 1])
    born = _births(rng, size)
    age = (EXTRACT_DAY.astype(np.int64) - born) // 365
    female = rng.random(size) < np.where(age >= 70, 0.57, 0.5)
    weights = rng.lognormal(0, 0.45, size=communes)
    commune: Ints = rng.choice(communes, size=size, p=weights / weights.sum())
    hamlets = rng.integers(4, 13, size=communes)
    hamlet = (rng.random(size) * hamlets[commune]).astype(np.int64)
    surname: Ints = rng.choice(len(stock.SURNAMES), size=size, p=_shares(stock.SURNAMES))
    middle: Ints = np.where(
        female,
        rng.choice(MIDDLES, size=size, p=_shares(stock.FEMALE_MIDDLES)),
        rng.choice(MIDDLES, size=size, p=_shares(stock.MALE_MIDDLES)),
    )
    middle[(age >= 50) & (rng.random(size) < 0.7)] = 0
    given: Ints = rng.choice(GIVEN, size=size, p=_falling(GIVEN))
    ethnic = rng.random(size) < np.where(commune % 3 == 0, 0.1, 0.02)
    prefix, clan = rng.integers(0, ETHNIC_PREFIXES, size=size), rng.integers(0, len(stock.ETHNIC_CLANS), size=size)
    first = rng.choice(size // 2, size=round(size * TWINS / 2), replace=False) * 2
    second = first + 1
    twin = np.full(size, -1, dtype=np.int64)
    twin[first], twin[second] = second, first
    for column in (born, commune, hamlet, ethnic, surname, prefix, clan):
        column[second] = column[first]
    alike = rng.random(len(first)) < 0.65
    female[second] = np.where(alike, female[first], ~female[first])
    middle[second[alike]] = middle[first[alike]]
    given[second] = (given[first] + 1 + rng.integers(0, 29, size=len(first))) % GIVEN
    plain = ((female * len(stock.SURNAMES) + surname) * MIDDLES + middle) * GIVEN + given
    start = 2 * len(stock.SURNAMES) * MIDDLES * GIVEN
    ethnic_given = given % len(stock.ETHNIC_GIVEN)
    other = (
        start
        + ((female * ETHNIC_PREFIXES + prefix) * len(stock.ETHNIC_GIVEN) + ethnic_given) * len(stock.ETHNIC_CLANS)
        + clan
    )
    return Residents(
        names=all_names(), name=np.where(ethnic, other, plain), born=born, female=female, commune=commune, hamlet=hamlet,
        number=_numbers(rng, year_of(born), female), twin=twin,
    )  # fmt: skip


def _births(rng: np.random.Generator, size: int) -> Ints:
    weights = np.array([weight for _, _, weight in AGE_BANDS])
    band = rng.choice(len(AGE_BANDS), size=size, p=weights / weights.sum())
    low, high = np.array([band[0] for band in AGE_BANDS])[band], np.array([band[1] for band in AGE_BANDS])[band]
    age = low + (rng.random(size) ** np.where(low >= 60, 1.6, 1.0)) * (high - low)
    born: Ints = (EXTRACT_DAY.astype(np.int64) - age * 365.25).astype(np.int64)
    new_year = (low >= 60) & (rng.random(size) < 0.12)
    born[new_year] = (
        born[new_year].astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    )
    return born


def _numbers(rng: np.random.Generator, year: Ints, female: NDArray[np.bool_]) -> Ints:
    place = rng.choice([97, 98, 99], size=len(year), p=[0.9, 0.06, 0.04])
    stem = ((place * 10 + (year - 1900) // 100 * 2 + female) * 100 + year % 100) * 1_000_000
    numbers: Ints = stem + rng.integers(0, 1_000_000, size=len(year))
    while True:
        order = np.argsort(numbers, kind="stable")
        repeated = order[1:][np.diff(numbers[order]) == 0]
        if not len(repeated):
            return numbers
        numbers[repeated] = stem[repeated] + rng.integers(0, 1_000_000, size=len(repeated))
