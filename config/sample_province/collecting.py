"""Who does not come for cash: June's money still at the post, and the script for the quarter's cash lists."""

import numpy as np

from config.sample_province.expected import CASH, routes
from config.sample_province.people import MONTHS, Person

JUNE_UNCLAIMED = 0.015
MISSES_A_MONTH = 0.012
NEVER_COMES = 0.003


def leave_uncollected(*, people: list[Person], rng: np.random.Generator) -> None:
    """Mark months not collected. People with an account who are never paid through it come unless planned not to."""
    for person in people:
        by_month = routes(person)
        cash = [month for month, route in by_month.items() if route.channel == CASH]
        if person.never_collects:
            missed = set(cash)
        elif _may_miss(person, by_month.keys() - set(cash)):
            missed = set(cash) if rng.random() < NEVER_COMES else {m for m in cash if rng.random() < MISSES_A_MONTH}
        else:
            missed = set()
        for enrolment in person.enrolments:
            enrolment.uncollected = {m for m in missed if enrolment.live_in(m)}


def leave_june_unclaimed(*, people: list[Person], rng: np.random.Generator) -> None:
    """Some who were paid in cash in June did not come: their registry says paid up to May."""
    for person in people:
        account = person.account
        if person.main.starts != 6 or (account and account.paid_before) or not _lasts(person):
            continue
        if rng.random() < JUNE_UNCLAIMED:
            for enrolment in person.enrolments:
                enrolment.june_unclaimed = enrolment.duplicate_of is None


def _lasts(person: Person) -> bool:
    return person.died_on is None and person.main.live_in(MONTHS[-1])


def _may_miss(person: Person, account_months: set[int]) -> bool:
    if not _lasts(person):
        return False
    account = person.account
    if account is None or account.listed_closed:
        return True
    return bool(account_months) and account.fails_from is None
