"""Work of several parts that wait for no other: what stops one stops none behind it."""

from collections.abc import Callable
from contextlib import ExitStack


def each_on_its_own(*steps: Callable[[], object]) -> None:
    """Do every step in this order, whatever becomes of the ones before; what went wrong is raised when all were tried."""
    with ExitStack() as still_to_do:
        for step in reversed(steps):
            still_to_do.callback(step)
