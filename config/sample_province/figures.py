"""Every expected figure of the quarter, counted from the histories."""

from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from config.sample_province import quotas
from config.sample_province.categories import PROGRAMMES
from config.sample_province.expected import (
    ACCOUNT,
    CASH,
    COLLECTED,
    CREDITED,
    NOT_COLLECTED,
    REASON_OF_FAILURE,
    Due,
    History,
)
from config.sample_province.people import MONTHS, Relation
from config.sample_province.province import World

HOLDERS = {Relation.OWN: "own", Relation.GUARDIAN: "guardian", Relation.AUTHORISED: "authorised"}
Figures = dict[str, Any]


def percent(numerator: int, denominator: int) -> str:
    """Two decimals, half up, with a point: "63.16"; "0.00" where nobody is counted."""
    if not denominator:
        return "0.00"
    return str((Decimal(numerator) * 100 / denominator).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def has_account(history: History) -> bool:
    """An account the bank lists as active, whatever became of it."""
    account = history.person.account
    return account is not None and not account.listed_closed


def account_reason(history: History) -> str:
    """Why somebody with an account was never paid through it; September's state decides."""
    account = history.person.account
    assert account is not None
    if history.person.died_on is not None:
        return "DECEASED"
    if account.delivered == MONTHS[-1]:
        return "ACCOUNT_PENDING"  # opened after the last list of the quarter was made
    last = [due for due in history.dues if not due.blocked][-1]
    return REASON_OF_FAILURE[account.failure] if last.channel == ACCOUNT else last.reason


def unpaid_reason(history: History) -> str:
    """Why somebody received nothing at all: not collected, else the account's reason (or the death)."""
    if any(due.outcome == NOT_COLLECTED for due in history.dues):
        return "CASH_NOT_COLLECTED"
    return "DECEASED" if history.person.died_on is not None else account_reason(history)


def figures(world: World) -> Figures:
    """The body of truth.json; people are human beings, money is đồng, codes are those of the reports."""
    live = [history for history in world.histories if history.person.live_at_end]
    return {
        "as_of": "2024-09-30T24:00:00+07:00",
        "headline": _headline(world, live),
        "not_paid_through_account": _gap(live),
        "months": {f"2024-{month:02d}": _month(world.histories, month) for month in MONTHS},
        "communes": {
            commune.code: _group(world.histories, {index}, set(PROGRAMMES))
            for index, commune in enumerate(world.province.communes)
        },
        "programmes": {
            programme: _group(world.histories, set(range(len(world.province.communes))), {programme})
            for programme in PROGRAMMES
        },
        "identity": _identity(world),
        "registers": {
            "residents": world.quotas.proportion(quotas.POPULATION),
            "cards_issued": world.quotas.proportion(quotas.CARDS_ISSUED),
            "e_id_eligible": world.quotas.proportion(quotas.EID_ELIGIBLE),
            "e_id_activated": world.quotas.proportion(quotas.EID_ACTIVATED),
        },
    }


def _headline(world: World, live: list[History]) -> Figures:
    holders = [history for history in live if has_account(history)]
    paid = [history for history in holders if history.credited]
    kinds = Counter(HOLDERS[history.person.relation] for history in holders)
    return {
        "beneficiaries": len(live),
        "accounts_opened": len(holders),
        "accounts_by_holder": {kind: kinds[kind] for kind in HOLDERS.values()},
        "paid_cashless": len(paid),
        "account_money": sum(history.credited for history in world.histories),
        "cash_money": sum(history.collected for history in world.histories),
        "coverage_percent": percent(len(holders), len(live)),
        "paid_of_accounts_percent": percent(len(paid), len(holders)),
        "paid_of_all_percent": percent(len(paid), len(live)),
        "target_percent": "30.00",
    }


def _gap(live: list[History]) -> Figures:
    missed = [history for history in live if has_account(history) and not history.credited]
    reasons: dict[str, Counter[str]] = {}
    for history in missed:
        reasons.setdefault(account_reason(history), Counter())["cash" if history.collected else "unpaid"] += 1
    return {
        "people": len(missed),
        "paid_in_cash": sum(1 for history in missed if history.collected),
        "unpaid": sum(1 for history in missed if not history.collected),
        "by_account_reason": {
            reason: {"people": split.total(), "cash": split["cash"], "unpaid": split["unpaid"]}
            for reason, split in sorted(reasons.items())
        },
        "unpaid_by_reason": dict(sorted(Counter(unpaid_reason(h) for h in missed if not h.collected).items())),
    }


def _month(histories: list[History], month: int) -> Figures:
    started = [(history, due) for history in histories for due in history.dues if due.month == month]
    live = [pair for pair in started if pair[1].blocked in ("", "DECEASED")]
    dues = [due for _, due in started if not due.blocked]
    return {
        "live_enrolments": len(live),
        "live_people": len({id(history) for history, _ in live}),
        "payable_enrolments": len(dues),
        "not_payable": dict(sorted(Counter(due.blocked for _, due in started if due.blocked).items())),
        "regular": sum(due.regular for due in dues),
        "arrears": sum(due.arrears for due in dues),
        "carried": sum(due.carried for due in dues),
        "channels": {channel: _sum(due for due in dues if due.channel == channel) for channel in (ACCOUNT, CASH)},
        "cash_reasons": dict(sorted(Counter(due.reason for due in dues if due.channel == CASH).items())),
        "outcomes": {
            outcome: _sum(due for due in dues if due.outcome == outcome)
            for outcome in sorted({due.outcome for due in dues})
        },
        "programmes": {
            programme: _sum(due for due in dues if due.enrolment.category.programme == programme)
            for programme in PROGRAMMES
        },
    }


def _sum(dues: Iterable[Due]) -> Figures:
    """One payment per enrolment: nobody has two payable enrolments in one programme."""
    amounts = [due.total for due in dues]
    return {"payments": len(amounts), "amount": sum(amounts)}


def _group(histories: list[History], communes: set[int], programmes: set[str]) -> Figures:
    """People live at the end in these communes and programmes; the money of everybody, people stopped since included."""
    counted: Counter[str] = Counter()
    for history in histories:
        dues = [
            due for due in history.dues
            if due.enrolment.commune in communes and due.enrolment.category.programme in programmes
        ]  # fmt: skip
        credited = sum(due.total for due in dues if due.outcome == CREDITED)
        collected = sum(due.total for due in dues if due.outcome == COLLECTED)
        counted.update(account_money=credited, cash_money=collected)
        if not any(due.enrolment.live_in(MONTHS[-1]) for due in dues):
            continue
        counted["beneficiaries"] += 1
        if has_account(history):
            counted["accounts_opened"] += 1
            counted[f"accounts_{HOLDERS[history.person.relation]}"] += 1
        counted["paid_cashless" if credited else "paid_in_cash" if collected else "unpaid"] += 1
    keys = ("beneficiaries", "accounts_opened", "accounts_own", "accounts_guardian", "accounts_authorised", "paid_cashless",
            "paid_in_cash", "unpaid", "account_money", "cash_money")  # fmt: skip
    return {key: counted[key] for key in keys}


def _identity(world: World) -> Figures:
    rows = world.rows()
    answers = Counter(enrolment.review.result for _, enrolment in rows if enrolment.review)
    defects: Counter[str] = Counter()
    for _, enrolment in rows:
        assert enrolment.cells is not None
        defects.update(enrolment.cells.defects)
    return {
        "rows": len(rows),
        "people": Counter(person.identity.value for person in world.people),
        "reviews": dict(sorted(answers.items())),
        "defects": dict(sorted(defects.items())),
    }
