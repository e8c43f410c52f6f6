"""Chance of one seed. What may go wrong at all is drawn before anything else, so that seeds differ in kind and what goes wrong goes wrong often.

That is swarm testing (Groce, Zhang, Eide, Chen, Regehr 2012): a test in which everything may happen lets each thing stop the others.
"""

import random
from collections.abc import Sequence
from typing import TypeVar

from tests.simulation.bank import CREATE_FAULTS
from tests.simulation.files import ANSWERS, UPLOAD_FAULTS
from tests.simulation.provider import ANSWERS as PROVIDERS_ANSWERS

Thing = TypeVar("Thing")
SWITCHED = sorted({*CREATE_FAULTS, *UPLOAD_FAULTS, *ANSWERS, *PROVIDERS_ANSWERS})
OFF = 0.4
HOW_OFTEN = (0.0, 1.0, 1.0, 2.0)  # deaths, or pauses, beside what a story asks for


class Chance(random.Random):
    """A stream of chance with two in five of all troubles switched off, and more, fewer or no deaths and pauses."""

    def __init__(self, seed: str) -> None:
        super().__init__(seed)
        self.off = frozenset(word for word in SWITCHED if self.random() < OFF)
        self.deaths, self.pauses = self.choice(HOW_OFTEN), self.choice(HOW_OFTEN)

    def word(self, *words: str) -> str:
        """One of `words` that may happen in this seed; any of them where none may."""
        return self.choice([word for word in words if word not in self.off] or words)

    def some(self, things: Sequence[Thing]) -> Sequence[Thing]:
        """Half of `things`, at least one."""
        return [thing for thing in things if self.random() < 0.5] or [self.choice(things)]
