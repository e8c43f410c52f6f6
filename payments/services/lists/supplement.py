"""Supplementary lists (danh sách bổ sung) of a month whose own lists are made: whoever was granted something once since then (ADR 72).

Emergency help cannot wait a month (Decree 20/2021/NĐ-CP art. 12 to 14), nor a funeral. What is due every month can: it comes as arrears.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Max, Q

from beneficiaries.models import Beneficiary
from beneficiaries.services.cases.raising import raise_cases
from payments.errors import CycleIsClosed, NothingToSupplement
from payments.errors.seen import DryRunIsOld
from payments.models import Cycle, Entitlement, Payment, PaymentBatch
from payments.services.lists import supplementing
from payments.services.lists.build_lists import given_of, make_lists
from payments.services.lists.granted_late import granted_late
from payments.services.lists.makers import record_makers
from staff.bulk import refresh_statistics
from staff.models import User
from staff.rights import Right, require
from staff.services.units import the_province
from staff.time_zone import VIETNAM


@dataclass(frozen=True)
class SupplementLine:
    """What one record would get, đồng; `reason` says why nothing. `payee` is who receives: a head for members without an account of their own."""

    code: str
    full_name: str
    unit: str
    grant: str
    amount: int
    reason: str
    channel: str
    cash_reason: str
    payee: str


@dataclass(frozen=True)
class Supplement:
    """The lists, in draft (of a preview none: nothing stays written), everybody on them or not payable, and the digest of that."""

    batch_ids: list[int]
    lists: int
    lines: list[SupplementLine]
    digest: str

    @property
    def payable(self) -> list[SupplementLine]:
        """Who is on a list."""
        return [line for line in self.lines if not line.reason]

    @property
    def amount(self) -> int:
        """đồng on the lists together."""
        return sum(line.amount for line in self.payable)


@transaction.atomic
def supplement(*, month: date, actor: User, now: datetime, seen: str = "", preview: bool = False) -> Supplement:
    """Make lists, in draft, of everybody granted something once for `month` (first day) whom no list has answered; nobody is on two.

    They go the way of every list: three signatures, the balance, the sending, the month's proof and report. With `preview` nothing stays
    written; with `seen`, the digest of a preview, only what that showed is made. Raises `NothingToSupplement`, `DryRunIsOld`, `CycleIsClosed`,
    `SomebodyWouldBeOmitted`, `NoFundingAccount`, `NotAllowed`, Cycle.DoesNotExist.
    """
    require(actor, Right.BUILD_LIST, unit=the_province())
    cycle = Cycle.objects.select_for_update().get(month=month, opening=False)
    if cycle.closed_at is not None:
        raise CycleIsClosed
    late = granted_late(month)
    enrolments = list(late.values_list("pk", flat=True))
    if not enrolments:
        raise NothingToSupplement
    last = PaymentBatch.objects.filter(cycle=cycle).aggregate(last=Max("sequence"))["last"] or 0
    today = now.astimezone(VIETNAM).date()
    given = given_of(cycle, listed_on=today, pay_on=today, now=now)
    given |= {"only": _people(enrolments), "sequence": last + 1, "supplementary": True}
    make_lists(given, stages=supplementing.STAGES)
    made = PaymentBatch.objects.filter(cycle=cycle, sequence=last + 1).order_by("pk").values_list("pk", flat=True)
    found = _read(enrolments, batch_ids=list(made))
    if seen and found.digest != seen:
        raise DryRunIsOld
    if preview:
        transaction.set_rollback(True)
        return found
    refresh_statistics(PaymentBatch, Payment, Entitlement)
    for kind, raised in supplementing.RAISED:
        raise_cases(kind=kind, found=raised, given=given, now=now)
    record_makers(batch_ids=found.batch_ids, maker=actor, now=now)
    return found


def _people(enrolments: list[int]) -> list[int]:
    """Every record of the people concerned: another right of theirs may shut this one out."""
    named = Beneficiary.objects.filter(enrolments__in=enrolments).values_list("pk", "same_as")
    persons = {same_as or pk for pk, same_as in named}
    records = Beneficiary.objects.filter(Q(pk__in=persons) | Q(same_as__in=persons))
    return list(records.order_by("pk").values_list("pk", flat=True))


def _read(enrolments: list[int], *, batch_ids: list[int]) -> Supplement:
    with connection.cursor() as cursor:
        cursor.execute(supplementing.LINES_MADE, {"enrolments": enrolments})
        lines = [SupplementLine(*row) for row in cursor.fetchall()]
    digest = hashlib.sha256("\n".join(map(repr, lines)).encode()).hexdigest()
    return Supplement(batch_ids=batch_ids, lists=len(batch_ids), lines=lines, digest=digest)
