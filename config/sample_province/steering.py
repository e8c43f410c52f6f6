"""Bring the money of the default province to its known figure by the mix of merit allowances, whose levels differ most."""

from config.sample_province.categories import BY_CODE, NCC
from config.sample_province.expected import play_quarter
from config.sample_province.people import Person

TARGET = 33_214_560_000  # đồng through accounts in the quarter, within TOLERANCE
TOLERANCE = 6_000_000
_LADDER = ("TNLS", "BB-1", "TB-1")


def steer_money(people: list[Person]) -> None:
    """Move merit people who are paid by account one level up or down until the total is within tolerance."""
    missing = TARGET - sum(play_quarter(person).credited for person in people)
    for person in people:
        if abs(missing) <= TOLERANCE:
            return
        if (
            len(person.enrolments) > 1
            or person.main.category.programme != NCC
            or person.born.year > 1968
            or person.born.year < 1933
        ):
            continue
        before = play_quarter(person).credited
        step = _LADDER.index(person.main.category.code) + (1 if missing > 0 else -1)
        if not before or not 0 <= step < len(_LADDER):
            continue
        category = person.main.category
        person.main.category = BY_CODE[_LADDER[step]]
        change = play_quarter(person).credited - before
        if abs(missing - change) < abs(missing):
            missing -= change
        else:
            person.main.category = category
