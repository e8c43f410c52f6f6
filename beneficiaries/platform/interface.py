"""What one asks the platform and what it answers, whichever way it is reached."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Question:
    """One person as our file names them; `reference` comes back with the answer. Birth is `1942-09-05`, `1942` or ""."""

    reference: str
    full_name: str = field(repr=False)
    birth: str = field(repr=False)
    sex: str = field(repr=False)
    number: str = field(repr=False)
    residence: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """`outcome` is a code of `Verdict.Outcome`."""

    reference: str
    outcome: str
    answered_on: date


class PlatformSilent(Exception):
    """The platform did not answer, or not in a way that can be read. Nothing follows for anybody; they are asked again. Holds no person's data."""


class IdentityPlatform(Protocol):
    """Anything that gives verdicts row by row."""

    def ask(self, questions: Sequence[Question], *, purpose: str) -> list[Answer]:
        """Verdicts for those it could judge; who is missing in the answer is not judged yet. Raises `PlatformSilent`."""
