"""Households of a grant paid once: what the head receives for whom, who has an account of their own and is taken off the head's sum, who waits."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from beneficiaries.models import Beneficiary, Enrolment, Programme, Reason, StandardAmount
from beneficiaries.services.accounts.account_choice import CHOSEN
from payments.models import Cycle, Entitlement
from payments.states import PaymentStatus
from staff.models import AdministrativeUnit, User
from staff.time_zone import VIETNAM

# Members by the head they were granted with, and the head's own share. Parameters: heads, programme.
_LINES = """
WITH heads AS (
    SELECT h.id AS head_id, coalesce(h.same_as_id, h.id) AS key FROM beneficiaries_beneficiary h WHERE h.id = ANY(%(heads)s)
), shares AS (
    SELECT e.paid_to_id AS head_id, e.id, false AS is_head FROM beneficiaries_enrolment e
    WHERE e.programme_id = %(programme)s AND e.paid_to_id = ANY(%(heads)s)
    UNION ALL
    SELECT heads.head_id, e.id, true FROM heads
    JOIN beneficiaries_beneficiary b ON b.id = heads.key OR b.same_as_id = heads.key
    JOIN beneficiaries_enrolment e ON e.beneficiary_id = b.id AND e.programme_id = %(programme)s
)
SELECT s.head_id, s.is_head, e.code, b.full_name, u.path, coalesce(b.same_as_id, b.id), e.starts_month,
       coalesce(e.ended_month <= e.starts_month OR e.suspended_month <= e.starts_month, false),
       t.amount, coalesce(t.not_payable_reason, ''), coalesce(t.channel, ''), coalesce(t.cash_reason, ''),
       p.id, p.batch_id, coalesce(p.status, ''), coalesce(p.payee_name, ''), p.beneficiary_id IS NOT DISTINCT FROM s.head_id
FROM shares s JOIN beneficiaries_enrolment e ON e.id = s.id JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id
JOIN staff_administrativeunit u ON u.id = e.unit_id
LEFT JOIN payments_entitlement t ON t.enrolment_id = e.id AND t.month = e.starts_month AND t.corrects_id IS NULL
LEFT JOIN payments_payment p ON p.id = t.payment_id
ORDER BY s.head_id, s.is_head DESC, b.sort_key COLLATE "C", e.id
"""
_USABLE = f"WITH {CHOSEN} SELECT person_id FROM chosen WHERE person_id = ANY(%(people)s) AND usable"


class _Row(NamedTuple):
    head: int
    is_head: bool
    code: str
    name: str
    path: str
    person: int
    month: date
    over: bool
    amount: int | None
    reason: str
    channel: str
    cash_reason: str
    payment: int | None
    batch: int | None
    status: str
    payee: str
    to_head: bool


@dataclass(frozen=True)
class Share:
    """One member's share. `own`: into an account of their own, so not through the head; `expected`: no list has said so yet, it is as of today.

    `waits`: why it has not arrived, in words; empty when it has. Names of people outside the reader's units are left out (`code`, `name` empty).
    """

    code: str
    name: str
    is_head: bool
    amount: int
    own: bool
    expected: bool
    channel: str
    cash_reason: str
    payee: str
    waits: str
    received: bool
    payable: bool
    batch: int | None
    payment: int | None


@dataclass(frozen=True)
class GiftHousehold:
    """A head with everybody of the household who was granted it."""

    head: Beneficiary
    shares: list[Share]

    @property
    def amount(self) -> int:
        """đồng for all who can be paid."""
        return sum(share.amount for share in self.shares if share.payable)

    @property
    def through_head(self) -> int:
        """đồng the head receives: the own share, and that of each member without an account of their own."""
        return sum(share.amount for share in self.shares if share.payable and (share.is_head or not share.own))

    @property
    def taken_off(self) -> int:
        """đồng paid to members directly."""
        return self.amount - self.through_head

    @property
    def received(self) -> int:
        """đồng that arrived."""
        return sum(share.amount for share in self.shares if share.received)


def heads_in_reach(*, programme: Programme, actor: User, waiting: bool = False) -> QuerySet[Beneficiary]:
    """Heads, of the actor's units, who were granted it for others too; with `waiting` those of whose household a share has not arrived."""
    path = actor.unit.path if actor.unit else "-"
    members = Enrolment.objects.filter(programme=programme, paid_to=OuterRef("pk"))
    heads = Beneficiary.objects.filter(Exists(members), unit__path__startswith=path)
    if waiting:
        arrived = Entitlement.objects.filter(enrolment=OuterRef("pk"), payment__status=PaymentStatus.POSTED)
        own = Enrolment.objects.filter(programme=programme, beneficiary=OuterRef("pk"))
        heads = heads.filter(Q(Exists(members.exclude(Exists(arrived)))) | Q(Exists(own.exclude(Exists(arrived)))))
    return heads.select_related("unit").order_by("unit__code", "sort_key", "pk")


def read_households(
    heads: Sequence[Beneficiary], *, programme: Programme, actor: User, now: datetime
) -> list[GiftHousehold]:
    """The households of these heads, in their order."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"heads": [head.pk for head in heads], "programme": programme.pk})
        rows = [_Row(*row) for row in cursor.fetchall()]
    today = now.astimezone(VIETNAM).date()
    usable = _usable([row.person for row in rows if row.amount is None], today=today)
    rates = StandardAmount.objects.filter(programme=programme).order_by("-valid_from", "-pk")
    each = rates.values_list("amount", flat=True).first() or 0
    built = set(Cycle.objects.filter(opening=False).values_list("month", flat=True))
    found: dict[int, list[Share]] = defaultdict(list)
    for row in rows:
        found[row.head].append(_share(row, unit=actor.unit, usable=usable, each=each, built=built))
    return [GiftHousehold(head, found[head.pk]) for head in heads]


def _usable(people: Sequence[int], *, today: date) -> set[int]:
    """Who would be paid into an account of their own by a list made today."""
    if not people:
        return set()
    given: dict[str, list[int] | date] = {"as_of": today, "pay_on": today, "month": today.replace(day=1)}
    given["people"] = list(people)
    with connection.cursor() as cursor:
        cursor.execute(_USABLE, given)
        return {row[0] for row in cursor.fetchall()}


def _share(row: _Row, *, unit: AdministrativeUnit | None, usable: set[int], each: int, built: set[date]) -> Share:
    mine = unit is not None and row.path.startswith(unit.path)
    answered = row.amount is not None
    return Share(
        code=row.code if mine else "",
        name=row.name if mine else "",
        is_head=row.is_head,
        amount=each if row.amount is None else row.amount,
        own=not row.is_head and (row.person in usable if not answered else bool(row.payment) and not row.to_head),
        expected=not answered,
        channel=row.channel,
        cash_reason=row.cash_reason,
        payee=row.payee if mine else "",
        waits=_why(row, built=built),
        received=row.status == PaymentStatus.POSTED,
        payable=not row.reason if answered else not row.over,
        batch=row.batch if mine else None,
        payment=row.payment if mine else None,
    )


def _why(row: _Row, *, built: set[date]) -> str:
    """Why it has not arrived. A month is closed only when everybody has an answer, so a list can still come."""
    if row.reason:
        return str(Reason(row.reason).label)
    if row.status:
        return "" if row.status == PaymentStatus.POSTED else str(PaymentStatus(row.status).label)
    if row.over:
        return "Đã có quyết định thôi chi"
    return f"Chờ danh sách {'bổ sung ' if row.month in built else ''}tháng {row.month:%m/%Y}"
