"""Exact (Clopper-Pearson) bounds of a share: how sure `right` of `total` makes us."""

import math
from collections.abc import Callable


def bounds(right: int, total: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Two-sided interval of the share; each side alone holds with (1 + confidence) / 2. (0, 1) when nothing was seen.

    2,995 of 2,995 gives a one-sided 95 % lower bound (confidence 0.90) of 99.9 %.
    """
    if total == 0:
        return 0.0, 1.0
    tail = (1 - confidence) / 2
    low = 0.0 if right == 0 else _root(lambda share: _at_least(right, total, share) - tail)
    high = 1.0 if right == total else _root(lambda share: _at_least(right + 1, total, share) - (1 - tail))
    return low, high


def _root(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2


def _at_least(count: int, total: int, share: float) -> float:
    """Chance of `count` or more; the shorter tail is added up."""
    if 2 * count > total:
        return sum(_exactly(seen, total, share) for seen in range(count, total + 1))
    return 1 - sum(_exactly(seen, total, share) for seen in range(count))


def _exactly(seen: int, total: int, share: float) -> float:
    ways = math.lgamma(total + 1) - math.lgamma(seen + 1) - math.lgamma(total - seen + 1)
    return math.exp(ways + seen * math.log(share) + (total - seen) * math.log1p(-share))
