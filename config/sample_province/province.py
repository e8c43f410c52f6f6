"""Put the province together: the order matters, every step only adds to what the steps before decided."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from config.sample_province.accounts import Circle, open_accounts
from config.sample_province.changes import Decisions, end_enrolments, grant_newly, let_die_unnoticed, stop_duplicates
from config.sample_province.collecting import leave_june_unclaimed, leave_uncollected
from config.sample_province.damage import KnownNumbers, Typist
from config.sample_province.enrolling import Roll, add_duplicates, add_second_enrolments, appoint_payees, enrol_people
from config.sample_province.expected import History, play_quarter
from config.sample_province.identities import cast_doubt, off_extract_count
from config.sample_province.people import Enrolment, Person
from config.sample_province.plan import Plan, draw_plan
from config.sample_province.quotas import POPULATION, Quotas, open_quotas
from config.sample_province.residents import Residents, settle_residents
from config.sample_province.reviewing import type_and_review
from config.sample_province.steering import steer_money
from config.sample_province.units import Province, found_province


@dataclass(slots=True)
class World:
    """Everything true about the province; `off_extract` marks residents the extract lacks."""

    quotas: Quotas
    plan: Plan
    province: Province
    residents: Residents
    off_extract: NDArray[np.bool_]
    people: list[Person]
    taken: NDArray[np.bool_]
    histories: list[History]

    def rows(self) -> list[tuple[Person, Enrolment]]:
        """Every registry row with its person, in the order of `Mã hồ sơ hưởng`."""
        rows = [(person, enrolment) for person in self.people for enrolment in person.enrolments]
        return sorted(rows, key=lambda row: row[1].code)


def build_world(*, scale: float, seed: int) -> World:
    """Decide everything about one province; the same arguments give the same world."""
    quotas = open_quotas(scale=scale, seed=seed)
    plan = draw_plan(quotas)
    province = found_province(scale=scale, seed=seed)
    residents = settle_residents(
        size=quotas.proportion(POPULATION) + off_extract_count(plan), province=province, seed=seed
    )
    rng = np.random.default_rng([seed, 4])
    roll = enrol_people(plan=plan, residents=residents, rng=rng)
    decisions = Decisions(rng)
    staying = end_enrolments(people=roll.people, plan=plan, decisions=decisions, rng=rng)
    dead = let_die_unnoticed(people=staying, count=plan.dead_with_account + plan.dead_without_account, rng=rng)
    gone = {id(person) for person in dead}
    alive = [person for person in staying if id(person) not in gone]
    new = grant_newly(people=alive, plan=plan)
    ordinary = alive[len(new) :]
    doubted = ordinary[: plan.absent + plan.conflicts + plan.left_open]
    ordinary = ordinary[len(doubted) :]
    add_second_enrolments(people=ordinary, plan=plan, rng=rng)
    add_duplicates(people=ordinary, plan=plan, communes=len(province.communes), rng=rng)
    stop_duplicates(people=ordinary, decisions=decisions)
    appoint_payees(roll=roll, residents=residents, rng=rng)
    doubtful = cast_doubt(people=doubted, plan=plan, residents=residents, rng=rng)
    staying_ids = {id(person) for person in staying}
    ended = [person for person in roll.people if id(person) not in staying_ids]
    shuffled = [ordinary[i] for i in rng.permutation(len(ordinary)).tolist()]
    circle = Circle(ordinary=shuffled, new=new, dead=dead, doubtful=doubtful, ended=ended)
    open_accounts(circle=circle, plan=plan, rng=rng)
    leave_june_unclaimed(people=roll.people, rng=rng)
    leave_uncollected(people=roll.people, rng=rng)
    if quotas.exact:
        steer_money(roll.people)
    _number_rows(roll, province, rng)
    known = KnownNumbers(ordered=np.sort(residents.number))
    type_and_review(people=roll.people, typist=Typist(rng=rng, known=known), rng=rng)
    off_extract = np.zeros(len(residents), dtype=bool)
    off_extract[[person.resident for person in doubtful.off_extract]] = True
    histories = [play_quarter(person) for person in roll.people]
    return World(quotas, plan, province, residents, off_extract, roll.people, roll.taken, histories)


def _number_rows(roll: Roll, province: Province, rng: np.random.Generator) -> None:
    """Mã hồ sơ hưởng: commune code and a running number; later folders continue the series."""
    rows = [enrolment for person in roll.people for enrolment in person.enrolments]
    order = rng.permutation(len(rows)).tolist()
    last = [int(n) for n in rng.integers(0, 400, size=len(province.communes))]
    for folder in (6, 7, 8):
        for i in order:
            enrolment = rows[i]
            if enrolment.folder == folder:
                last[enrolment.commune] += int(rng.integers(1, 4))
                enrolment.code = f"{province.communes[enrolment.commune].code}-{last[enrolment.commune]:06d}"
