"""How many of everything: exact for the default province, drawn around the scaled figure for every other one."""

from dataclasses import dataclass

import numpy as np

DEFAULT_SEED = 2024

POPULATION = 750_408
CARDS_ISSUED = 622_839
EID_ELIGIBLE = 581_573
EID_ACTIVATED = 383_838


@dataclass(frozen=True, slots=True)
class Quotas:
    """Counts for one province. `count` is exact at scale 1 with the default seed, else binomial around n × scale."""

    scale: float
    seed: int
    rng: np.random.Generator

    @property
    def exact(self) -> bool:
        return self.scale == 1 and self.seed == DEFAULT_SEED

    def count(self, full: int, *, at_least: int = 0) -> int:
        """People for a figure that is `full` in the default province."""
        if self.exact:
            return full
        drawn = int(self.rng.binomial(max(1, round(2 * full * self.scale)), 0.5))
        return max(at_least, drawn)

    def proportion(self, full: int) -> int:
        """The scaled figure without variation: sizes that are facts of a register, not events."""
        return max(1, round(full * self.scale))


def open_quotas(*, scale: float, seed: int) -> Quotas:
    return Quotas(scale=scale, seed=seed, rng=np.random.default_rng([seed, 1]))
