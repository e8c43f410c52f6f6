"""A commune's day on one page: decisions that are due, deaths, moves, what came back, money that did not arrive, each line leading to where it is done."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from beneficiaries.api.cases import CasesTodayView
from beneficiaries.models import CaseKind
from payments.api.commune_people import TO_CALL, CommunePeopleView
from staff.models import AdministrativeUnit, User
from staff.pages import Page
from staff.rights import Right, may

MOST = 200
SHOWN = 8
MOST_CALLS = 10
RETURNED = "ARRIVAL_REFUSED"
# In the order of the day. A kind stands once; what another office sent back stands apart from its kind.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Quyết định phải trình, có hạn", (CaseKind.MOVED, CaseKind.AGE, CaseKind.DUPLICATE, CaseKind.OVERPAID, CaseKind.RECOVERY, CaseKind.HEIR)),
    ("Người mất, tin báo tử, mai táng", (CaseKind.DECEASED, CaseKind.DEATH, CaseKind.FUNERAL)),
    ("Chuyển nơi cư trú", (CaseKind.MOVE,)),
    ("Hồ sơ nơi khác trả lại", (RETURNED,)),
    ("Tiền chưa đến tay người hưởng", (CaseKind.PAYMENT, CaseKind.NOT_SEEN)),
    ("Tài khoản, thông tin, giấy tờ", (CaseKind.ACCOUNT, CaseKind.IDENTITY, CaseKind.CIVIL)),
)  # fmt: skip


@dataclass
class Part:
    """Cases of one part of the day, the most urgent first: those shown, how many there are, and the kinds under which the rest is found."""

    label: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0
    kinds: dict[str, str] = field(default_factory=dict)


def parts_of(cases: Iterable[dict[str, Any]]) -> list[Part]:
    """The day's work as the API orders it, by `GROUPS`; a part nothing waits in is left out."""
    whole = [(Part(label), keys) for label, keys in GROUPS]
    parts = {key: part for part, keys in whole for key in keys}
    for case in cases:
        part = parts[RETURNED if case["reason"] == RETURNED else case["kind"]]
        part.count += 1
        part.kinds[case["kind"]] = case["kind_label"]
        if len(part.rows) < SHOWN:
            part.rows.append(case)
    return [part for part, _ in whole if part.count]


def called_once(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each person once, with all their records that were not paid and what these are together, in the order of the rows."""
    people: dict[int, dict[str, Any]] = {}
    for row in rows:
        one = people.setdefault(row["beneficiary_id"], row | {"records": [], "amount": 0})
        one["records"].append(row)
        one["amount"] += row["amount"] or 0
    return list(people.values())


def day_of(page: Page, actor: User) -> dict[str, Any] | None:
    """What stands on the first page of whoever works at a commune; None for everybody else."""
    if actor.unit is None or actor.unit.kind != AdministrativeUnit.Kind.COMMUNE or not may(actor, Right.DECIDE_CASE):
        return None
    cases = page.ask(CasesTodayView, query={"limit": MOST})
    calls = page.ask(CommunePeopleView, query={"unit": actor.unit.code, "who": TO_CALL, "limit": MOST})
    people = called_once(calls["results"])
    return {
        "parts": parts_of(cases["results"]),
        "more": max(0, cases["count"] - MOST),
        "calls": people[:MOST_CALLS],
        # Beyond one page of the API nobody has put together whose records are whose.
        "to_call": len(people) + max(0, calls["count"] - MOST),
        "month": calls["results"][0]["month"] if people else "",
        "who": TO_CALL,
    }
