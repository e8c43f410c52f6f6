"""Choose who receives what: people whose age fits a category, their payees, second and duplicate enrolments."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from config.sample_province.categories import BY_CODE, CATEGORIES, NCC, Category
from config.sample_province.people import Enrolment, Payee, Person, Relation
from config.sample_province.plan import Plan
from config.sample_province.residents import Residents

MONTHS_ENROLLED = 4  # everybody has been within the age limits this long, time enough for a decision before June
QUARTER_START, QUARTER_END = date(2024, 6, 1).toordinal(), date(2024, 9, 30).toordinal()
SIBLINGS = 0.25  # of the people with a guardian, how many share one with somebody of their name and commune
_CARED_FOR = ("KTDBN-NL", "KTDBN-TE")
_CHILDREN = ("TE-KNND-4", "TE-KNND-16", "DT-CON", "TE-3")


@dataclass(slots=True)
class Roll:
    """Everybody enrolled, and which residents are beneficiaries or payees already."""

    people: list[Person]
    taken: NDArray[np.bool_]


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def enrol_people(*, plan: Plan, residents: Residents, rng: np.random.Generator) -> Roll:
    """Draw `plan.live + plan.ended` people with one enrolment each, in random order."""
    total = plan.live + plan.ended
    taken = np.zeros(len(residents), dtype=bool)
    drawn = [category for category in CATEGORIES if category.share]
    shares = np.array([category.share for category in drawn])
    counts = rng.multinomial(total, shares / shares.sum())
    people: list[Person] = []
    for category, count in sorted(zip(drawn, counts.tolist(), strict=True), key=lambda pair: pair[0].code):
        for resident in _choose(residents, category, count, taken, rng):
            people.append(_enrol(residents, resident, category))
    shortage = total - len(people)  # a tiny province may lack people of some age
    for resident in _choose(residents, BY_CODE["KTN-NL"], shortage, taken, rng):
        people.append(_enrol(residents, resident, BY_CODE["KTN-NL"]))
    order = rng.permutation(len(people)).tolist()
    return Roll(people=[people[i] for i in order], taken=taken)


def _choose(
    residents: Residents, category: Category, count: int, taken: NDArray[np.bool_], rng: np.random.Generator
) -> list[int]:
    fits = np.zeros(len(residents), dtype=bool)
    for low, high in category.ages:
        # Fits during the whole quarter, so that nobody crosses an age limit while being paid.
        youngest = QUARTER_START - low * 365.25 - MONTHS_ENROLLED * 31
        fits |= (residents.born <= youngest) & (residents.born > QUARTER_END - (high + 1) * 365.25 + 1)
    candidates = np.flatnonzero(fits & ~taken)
    picks = rng.choice(candidates, size=min(count, len(candidates)), replace=False)
    if category.code in _CHILDREN:
        half = len(picks) // 2
        twins = residents.twin_of[picks[:half]]
        twins = twins[(twins >= 0) & ~np.isin(twins, picks) & ~taken[twins]]
        if len(twins):
            picks[-len(twins) :] = twins
        picks = np.unique(picks)
    taken[picks] = True
    return [int(i) for i in picks]


def _enrol(residents: Residents, i: int, category: Category) -> Person:
    return Person(
        resident=i,
        name=residents.names[i],
        number=int(residents.number[i]),
        born=date.fromordinal(int(residents.born[i])),
        female=bool(residents.female[i]),
        enrolments=[
            Enrolment(
                category=category,
                commune=int(residents.commune[i]),
                hamlet=int(residents.hamlet[i]),
                folder=6,
                starts=6,
            )
        ],
    )


def add_second_enrolments(*, people: list[Person], plan: Plan, rng: np.random.Generator) -> None:
    """Care allowance for some of the extremely disabled; a merit allowance beside a social one for a few."""
    cared_for = [p for p in people if p.main.category.code in _CARED_FOR][: plan.carers]
    for person in cared_for:
        person.enrolments.append(_beside(person, BY_CODE["CSND-1"]))
    old = [p for p in people if p.main.category.code == "KTN-TE" and p.born.year < 1964]
    merit = [category for category in CATEGORIES if category.programme == NCC]
    for person in old[: plan.merit_and_social]:
        person.enrolments.append(_beside(person, merit[int(rng.integers(len(merit)))]))


def _beside(person: Person, category: Category) -> Enrolment:
    main = person.main
    return Enrolment(
        category=category, commune=main.commune, hamlet=main.hamlet, folder=main.folder, starts=main.starts
    )


def add_duplicates(*, people: list[Person], plan: Plan, communes: int, rng: np.random.Generator) -> None:
    """The same person once more: in another commune, twice in one, or in a programme that excludes the other."""
    single = [p for p in people if len(p.enrolments) == 1]
    merit = [p for p in single if p.main.category.programme == NCC and age_on(p.born, date(2024, 6, 1)) >= 80]
    social = [p for p in single if p.main.category.programme != NCC]
    for person in merit[: plan.duplicates["two_programmes"]]:
        _duplicate(person, BY_CODE["CT-80-KLH"], person.main.commune)
    twice, elsewhere = plan.duplicates["twice"], plan.duplicates["two_communes"]
    for person in social[:twice]:
        _duplicate(person, person.main.category, person.main.commune)
    for person in social[twice : twice + elsewhere]:
        other = (person.main.commune + 1 + int(rng.integers(communes - 1))) % communes
        _duplicate(person, person.main.category, other)


def _duplicate(person: Person, category: Category, commune: int) -> None:
    hamlet = person.main.hamlet if commune == person.main.commune else 0
    person.enrolments.append(
        Enrolment(category=category, commune=commune, hamlet=hamlet, folder=6, starts=6, duplicate_of=person.main)
    )


def appoint_payees(*, roll: Roll, residents: Residents, rng: np.random.Generator) -> None:
    """Children are paid through a guardian, the severely ill and some of the oldest through somebody they trust."""
    age = (QUARTER_START - residents.born) // 365
    adults = np.flatnonzero((age >= 24) & (age <= 62) & ~roll.taken)
    rng.shuffle(adults)
    by_commune: dict[int, list[int]] = {}
    for i, commune in zip(adults.tolist(), residents.commune[adults].tolist(), strict=True):
        by_commune.setdefault(commune, []).append(i)
    twins_payee: dict[int, Payee] = {}
    guardians: dict[tuple[int, str], Payee] = {}
    for person in roll.people:
        person.relation = _relation(person, float(rng.random()))
        if person.relation is not Relation.OWN:
            payee = twins_payee.get(int(residents.twin_of[person.resident]))
            if payee is None and person.relation is Relation.GUARDIAN and rng.random() < SIBLINGS:
                payee = guardians.get(_family(person))
            if payee is None:
                payee = _payee(person, residents, by_commune[person.main.commune], roll.taken)
            twins_payee[person.resident] = payee
            if person.relation is Relation.GUARDIAN:
                guardians[_family(person)] = payee
            if person.relation is Relation.AUTHORISED:
                payee.until = date(2024, 12, 31) if rng.random() < 0.4 else date(2025 + int(rng.integers(2)), 6, 30)
            person.payee = payee
        for enrolment in person.enrolments:
            carer = enrolment.category.programme == "CSND"
            enrolment.relation = Relation.CARER if carer else person.relation


def _family(person: Person) -> tuple[int, str]:
    return person.main.commune, person.name.split()[0]


def _relation(person: Person, chance: float) -> Relation:
    age = age_on(person.born, date(2024, 6, 15))
    if age < 16:
        return Relation.GUARDIAN
    if any(enrolment.category.programme == "CSND" for enrolment in person.enrolments):
        return Relation.GUARDIAN if chance < 0.5 else Relation.AUTHORISED
    if person.main.category.code in _CARED_FOR:
        return Relation.GUARDIAN if chance < 0.12 else Relation.AUTHORISED if chance < 0.3 else Relation.OWN
    return Relation.AUTHORISED if age >= 75 and chance < 0.09 else Relation.OWN


def _payee(person: Person, residents: Residents, neighbours: list[int], taken: NDArray[np.bool_]) -> Payee:
    """A neighbour, one with the same surname if one is among the next few."""
    surname = person.name.split()[0]
    nearby = [i for i in neighbours[-12:] if residents.names[i].split()[0] == surname] or neighbours[-1:]
    chosen = nearby[0]
    if len(neighbours) > 1:
        neighbours.remove(chosen)
    taken[chosen] = True
    return Payee(
        name=residents.names[chosen],
        number=int(residents.number[chosen]),
        born=date.fromordinal(int(residents.born[chosen])),
        until=None,
    )
