"""Decide whose row leads to a resident, whose does not, and who the reviewers still have to find."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from config.sample_province.people import Identity, Person
from config.sample_province.plan import Plan
from config.sample_province.residents import Residents

NAMESAKE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Doubtful:
    """People in doubt: those missing from the extract, and those in it."""

    off_extract: list[Person]
    in_extract: list[Person]


def off_extract_count(plan: Plan) -> int:
    """How many beneficiaries the extract lacks: the absent, and half of those with somebody else's number."""
    return plan.absent + plan.conflicts // 2


def cast_doubt(*, people: list[Person], plan: Plan, residents: Residents, rng: np.random.Generator) -> Doubtful:
    """Take the first people of `people` (single enrolments, alive) as absent, in conflict, or left open."""
    queue = iter(people)
    off_extract: list[Person] = []
    in_extract: list[Person] = []
    for nth in range(off_extract_count(plan)):
        person = next(queue)
        person.identity = Identity.ABSENT if nth < plan.absent else Identity.CONFLICT
        off_extract.append(person)
    for nth in range(plan.conflicts - plan.conflicts // 2 + plan.left_open):
        person = next(queue)
        person.identity = Identity.OPEN if nth < plan.left_open else Identity.CONFLICT
        in_extract.append(person)
    absent = np.zeros(len(residents), dtype=bool)
    absent[[person.resident for person in off_extract]] = True
    for person in (*off_extract, *in_extract):
        if person.identity is Identity.CONFLICT:
            person.wrong_number = _somebody_elses(person, residents, absent, rng)
    _name_after_residents(off_extract, residents, absent, rng)
    return Doubtful(off_extract=off_extract, in_extract=in_extract)


def _somebody_elses(person: Person, residents: Residents, absent: NDArray[np.bool_], rng: np.random.Generator) -> int:
    """The number of the twin, of the guardian (children get their mother's), or of a stranger."""
    twin = int(residents.twin_of[person.resident])
    if twin >= 0 and not absent[twin] and residents.names[twin] != person.name:
        return int(residents.number[twin])
    if person.payee is not None:
        return person.payee.number
    years_apart = np.abs(residents.born - person.born.toordinal()) > 400  # so that nothing but the number agrees
    stranger = int(rng.choice(np.flatnonzero(~absent & years_apart & (residents.commune == person.main.commune))))
    return int(residents.number[stranger])


def _name_after_residents(
    off_extract: list[Person], residents: Residents, absent: NDArray[np.bool_], rng: np.random.Generator
) -> None:
    """Every fourth absent person gets the name of a resident of the same commune, birth year and sex."""
    first_day = np.array([date(year, 1, 1).toordinal() for year in range(1900, 2026)])
    year = np.searchsorted(first_day, residents.born, side="right") + 1899
    wanted = -(-len(off_extract) // round(1 / NAMESAKE_SHARE))
    for person in off_extract:
        if not wanted:
            return
        alike = np.flatnonzero(
            ~absent
            & (residents.commune == person.main.commune)
            & (year == person.born.year)
            & (residents.female == person.female)
            & (residents.born != person.born.toordinal())
        )
        if len(alike):
            person.name = residents.names[int(rng.choice(alike))]
            wanted -= 1
