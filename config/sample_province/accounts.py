"""Open accounts so that each person falls into the leaf of the plan meant for them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from config.sample_province.identities import Doubtful
from config.sample_province.people import Account, Person, Relation, Status
from config.sample_province.plan import Plan
from config.sample_province.tellers import Slot, Tellers


@dataclass(slots=True)
class Circle:
    """The groups of people from which accounts are opened; all live at the end except `ended`."""

    ordinary: list[Person]
    new: list[Person]
    dead: list[Person]
    doubtful: Doubtful
    ended: list[Person]


def open_accounts(*, circle: Circle, plan: Plan, rng: np.random.Generator) -> None:
    """Give `plan.with_account` live people an account, split by holder as the plan says, and 60 % of the ended."""
    tellers = Tellers(rng)
    slots = _slots(plan, rng)
    holders: list[Person] = []

    def open_for(people: Iterable[Person], leaf: list[Slot]) -> None:
        for person in people:
            if leaf:
                tellers.open(person, leaf.pop())
                holders.append(person)

    open_for(circle.dead[: plan.dead_with_account], slots["dead"])
    off_extract = circle.doubtful.off_extract
    open_for([off_extract[i] for i in rng.permutation(len(off_extract)).tolist()], slots["in_doubt"])
    old = slots["old"]
    rest = [p for p in (*off_extract, *circle.doubtful.in_extract) if p.account is None]
    open_for(rest[: len(rest) * 9 // 20], old)
    # Whose first payment ever is September's and comes back has received nothing when the quarter ends.
    open_for([p for p in circle.new if p.main.starts == 9], slots["failing_first"])
    for month in (6, 7, 8):
        granted = [p for p in circle.new if p.main.starts == month + 1 and p.account is None]
        open_for(granted[: len(granted) * 11 // 20], slots[f"new-{month}"])
    remaining = [slot for leaf in slots.values() for slot in leaf]
    order = rng.permutation(len(remaining)).tolist()
    open_for(_by_relation(circle.ordinary, holders, plan), [remaining[i] for i in order])
    assert len(holders) == plan.with_account
    _let_fail_later(holders, plan, rng)
    _close_some(circle.ordinary, plan, tellers, rng)
    for person in circle.ended:
        if rng.random() < 0.62:
            tellers.open(person, Slot(delivered=6, paid_before=bool(rng.random() < 0.8)))
    _share_between_siblings(holders)


def _slots(plan: Plan, rng: np.random.Generator) -> dict[str, list[Slot]]:
    failing = [
        Slot(delivered=month - 1, paid_before=month == 7 and bool(rng.random() < 0.5), failure=status, fails_from=month)
        for (status, month), count in plan.failures.items()
        for _ in range(count)
    ]
    rng.shuffle(failing)
    failing = _never(failing, min(plan.never_collect["failures"], len(failing)), until=8)
    slots = {
        "old": [
            Slot(delivered=6, paid_before=True, name_differs=bool(rng.random() < 0.003))
            for _ in range(plan.old_accounts)
        ],
        "failing": [slot for slot in failing if slot.fails_from != 9],
        "failing_first": [slot for slot in failing if slot.fails_from == 9],
        "late": _never([Slot(delivered=9)] * plan.opened_late, plan.never_collect["opened_late"]),
        "names": _never(
            [
                Slot(delivered=int(rng.choice([6, 7, 8], p=[0.6, 0.25, 0.15])), name_differs=True)
                for _ in range(plan.name_differs)
            ],
            plan.never_collect["name_differs"],
        ),
        "in_doubt": _never(
            [Slot(delivered=int(rng.choice([6, 7, 8], p=[0.6, 0.25, 0.15]))) for _ in range(plan.in_doubt)],
            plan.never_collect["in_doubt"],
        ),
        "dead": [Slot(delivered=6, paid_before=bool(rng.random() < 0.7)) for _ in range(plan.dead_with_account)],
    }
    return slots | {f"new-{month}": [Slot(delivered=month)] * count for month, count in plan.new_accounts.items()}


def _never(slots: list[Slot], count: int, until: int = 9) -> list[Slot]:
    """Turn the first `count` slots whose money would be paid in cash before October into people who never come."""
    turned: list[Slot] = []
    for slot in slots:
        fits = slot.fails_from is None or slot.fails_from <= until
        if count and fits:
            slot = Slot(
                slot.delivered, slot.paid_before, slot.name_differs, slot.failure, slot.fails_from, never_collects=True
            )
            count -= 1
        turned.append(slot)
    return turned


def _by_relation(ordinary: list[Person], holders: list[Person], plan: Plan) -> list[Person]:
    """The next people to get an account, so that guardians and authorised people hold as many as planned."""
    wanted = {Relation.GUARDIAN: plan.guardians, Relation.AUTHORISED: plan.authorised}
    wanted[Relation.OWN] = plan.with_account - sum(wanted.values())
    for person in holders:
        wanted[person.relation] -= 1
    chosen: list[Person] = []
    for relation, count in wanted.items():
        chosen += [person for person in ordinary if person.relation is relation][: max(0, count)]
    missing = plan.with_account - len(holders) - len(chosen)
    already = {id(person) for person in chosen}
    return chosen + [person for person in ordinary if id(person) not in already][:missing]


def _let_fail_later(holders: list[Person], plan: Plan, rng: np.random.Generator) -> None:
    working = [
        p for p in holders
        if p.account and p.account.paid_before and p.account.failure is Status.OPEN and p.died_on is None
        and not p.identity.in_doubt and not p.account.name_differs and p.relation is Relation.OWN
    ]  # fmt: skip
    picks = iter(rng.permutation(len(working)).tolist())
    for (status, month), count in plan.late_failures.items():
        for _ in range(count):
            account = working[next(picks)].account
            assert account is not None
            account.failure, account.fails_from = status, month


def _close_some(ordinary: list[Person], plan: Plan, tellers: Tellers, rng: np.random.Generator) -> None:
    """Accounts the bank lists as closed: not counted as opened, never paid."""
    for person in [p for p in ordinary if p.account is None][: plan.closed_accounts]:
        tellers.open(person, Slot(delivered=int(rng.integers(6, 9))))
        assert person.account is not None
        person.account.listed_closed = True


def _share_between_siblings(holders: list[Person]) -> None:
    """One guardian, several children, one account: normal, not an alert."""
    first: dict[int, Account] = {}
    for person in holders:
        account = person.account
        if person.payee is None or account is None or account.failure is not Status.OPEN or account.name_differs:
            continue
        if len(person.enrolments) > 1 or person.identity.in_doubt or account.delivered > 8:
            continue  # one transfer a month per child: the bank's books alone tell how many children were paid
        shared = first.setdefault(person.payee.number, account)
        account.bin, account.number = shared.bin, shared.number
        account.opened_on = shared.opened_on = min(account.opened_on, shared.opened_on)
