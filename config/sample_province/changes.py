"""What happens to the enrolled: new grants, deaths, moves, suspensions, and the decisions about them."""

from datetime import date, timedelta

import numpy as np

from config.sample_province.enrolling import age_on
from config.sample_province.people import MONTHS, Ending, Person
from config.sample_province.plan import Plan
from config.sample_province.residents import EXTRACT_DATE

DEATH = "Đối tượng chết"
_STOP_REASONS = (DEATH, "Chuyển nơi cư trú sang tỉnh khác", "Không còn đủ điều kiện hưởng")
_SUSPEND_REASONS = ("Không xác minh được nơi ở hiện tại", "Hai tháng liên tiếp không đến nhận", "Chờ bổ sung hồ sơ")
DUPLICATE = "Hưởng trùng, giữ lại một hồ sơ"


class Decisions:
    """Numbers the decisions of the year as they are signed, one series for the whole province."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._last = 1200

    def end(self, *, month: int, reason: str, suspends: bool = False) -> Ending:
        """A decision effective from `month`, signed in the four weeks up to the 15th of the month before."""
        self._last += int(self._rng.integers(1, 4))
        signed = date(2024, month - 1, 15) - timedelta(days=int(self._rng.integers(0, 27)))
        return Ending(suspends=suspends, month=month, reason=reason, number=f"{self._last}/QĐ-UBND", signed_on=signed)


def end_enrolments(*, people: list[Person], plan: Plan, decisions: Decisions, rng: np.random.Generator) -> list[Person]:
    """Stop and suspend `plan.ended` people (the first ones fit for it); return everybody else."""
    elders = [p for p in people if age_on(p.born, EXTRACT_DATE) >= 60]
    deaths = {month: count * 2 // 3 for month, count in plan.stopped.items()}
    dead = elders[: sum(deaths.values())]
    chosen = {id(p) for p in dead}
    others = [p for p in people if id(p) not in chosen][: plan.ended - len(dead)]
    chosen |= {id(p) for p in others}
    for month in MONTHS:
        for nth in range(plan.stopped[month]):
            if nth < deaths[month]:
                person = dead.pop()
                if nth < plan.dead_stopped[month]:
                    person.died_on = _death(rng)
                _end(person, decisions.end(month=month, reason=DEATH))
            else:
                reason = _STOP_REASONS[1 + int(rng.integers(2))]
                _end(others.pop(), decisions.end(month=month, reason=reason))
        for _ in range(plan.suspended[month]):
            reason = _SUSPEND_REASONS[int(rng.integers(len(_SUSPEND_REASONS)))]
            _end(others.pop(), decisions.end(month=month, reason=reason, suspends=True))
    return [p for p in people if id(p) not in chosen]


def _end(person: Person, ending: Ending) -> None:
    for enrolment in person.enrolments:
        enrolment.ending = ending


def let_die_unnoticed(*, people: list[Person], count: int, rng: np.random.Generator) -> list[Person]:
    """`count` old people the extract knows as dead while the registry still lists them; return them."""
    gone = [p for p in people if age_on(p.born, EXTRACT_DATE) >= 60 and p.died_on is None][:count]
    for person in gone:
        person.died_on = _death(rng)
    return gone


def _death(rng: np.random.Generator) -> date:
    return EXTRACT_DATE - timedelta(days=int(rng.integers(3, 120)))


def grant_newly(*, people: list[Person], plan: Plan) -> list[Person]:
    """Make the first people new: first month July in the June folder, August in July's, September in August's."""
    new: list[Person] = []
    rest = iter(people)
    for month in MONTHS:
        for _ in range(plan.starting[month]):
            person = next(rest)
            for enrolment in person.enrolments:
                enrolment.starts, enrolment.folder = month, month - 1
            new.append(person)
    return new


def stop_duplicates(*, people: list[Person], decisions: Decisions) -> None:
    """Reviews found the duplicates in June: each second enrolment stops from July."""
    for person in people:
        for enrolment in person.enrolments:
            if enrolment.duplicate_of is not None:
                enrolment.ending = decisions.end(month=7, reason=DUPLICATE)
