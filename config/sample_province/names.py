"""Draw full names whose crowding resembles a real province: few distinct names, very uneven."""

import numpy as np
from numpy.typing import NDArray

from config.sample_province import name_stock as stock

Array = NDArray[np.int64]
GIVEN_NAMES = min(len(stock.MALE_GIVEN), len(stock.FEMALE_GIVEN))


def _weights(pairs: tuple[tuple[str, float], ...]) -> NDArray[np.float64]:
    weights = np.array([weight for _, weight in pairs])
    return np.asarray(weights / weights.sum())


def _falling(size: int) -> NDArray[np.float64]:
    """Weights of given names: the first are several times as common as the last."""
    weights = 1.0 / (np.arange(size) + 9.0)
    return np.asarray(weights / weights.sum())


class NameParts:
    """Index arrays from which full names are put together; twins and namesakes share parts."""

    def __init__(
        self, *, rng: np.random.Generator, female: NDArray[np.bool_], ethnic: NDArray[np.bool_], age: Array
    ) -> None:
        size = len(female)
        self.female = female
        self.ethnic = ethnic
        self.surname: Array = rng.choice(len(stock.SURNAMES), size=size, p=_weights(stock.SURNAMES))
        male_middle = rng.choice(len(stock.MALE_MIDDLES), size=size, p=_weights(stock.MALE_MIDDLES))
        female_middle = rng.choice(len(stock.FEMALE_MIDDLES), size=size, p=_weights(stock.FEMALE_MIDDLES))
        self.middle: Array = np.where(female, female_middle, male_middle)
        # The old are called "Văn" and "Thị" far more often than the young.
        self.middle[(age >= 50) & (rng.random(size) < 0.7)] = 0
        self.given: Array = rng.choice(GIVEN_NAMES, size=size, p=_falling(GIVEN_NAMES))
        self.prefix: Array = rng.integers(0, 9, size=size)
        self.clan: Array = rng.integers(0, len(stock.ETHNIC_CLANS), size=size)

    def full_names(self) -> list[str]:
        """One NFC string per person, given name last (ethnic names: no surname, or the clan last)."""
        surnames = [word for word, _ in stock.SURNAMES]
        middles = [
            [f" {word} " if word else " " for word, _ in pairs] for pairs in (stock.MALE_MIDDLES, stock.FEMALE_MIDDLES)
        ]
        given = [stock.MALE_GIVEN, stock.FEMALE_GIVEN]
        columns = zip(
            self.female.tolist(), self.surname.tolist(), self.middle.tolist(), self.given.tolist(), strict=True
        )
        names = [surnames[s] + middles[f][m] + given[f][g] for f, s, m, g in columns]
        for i in np.flatnonzero(self.ethnic).tolist():
            names[i] = self._ethnic_name(i)
        return names

    def _ethnic_name(self, i: int) -> str:
        prefixes = stock.ETHNIC_FEMALE_PREFIXES if self.female[i] else stock.ETHNIC_MALE_PREFIXES
        prefix = prefixes[self.prefix[i]]
        clan = stock.ETHNIC_CLANS[self.clan[i]] if prefix in ("Y ", "H'") else ""
        return prefix + stock.ETHNIC_GIVEN[self.given[i] % len(stock.ETHNIC_GIVEN)] + clan
