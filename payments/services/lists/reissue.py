"""Reissue (chi lại) within the month: what came back is paid a second time on a list of its own, signed by three like any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from payments.errors import (
    CycleIsClosed,
    NothingToReissue,
)
from payments.models import Cycle, Payment, PaymentBatch
from payments.services.lists import reissuing
from payments.services.lists.makers import record_makers
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require
from staff.time_zone import VIETNAM

# In this order: what is taken depends on the months a payment carries.
STATEMENTS = (reissuing.PAYMENTS, reissuing.MOVE, reissuing.DEDUCTIONS)


@dataclass(frozen=True)
class CameBack:
    """A transfer that left nothing: `waits_for` is "" if it can be paid again through `channel`, else what must happen first.

    ACCOUNT: the account is not corrected and verified, nor cash asked for; DEATH: for the heirs; ENDED: the enrolment no longer covers the
    month; NEXT_MONTH: only the next month's list can take it apart. `amount` in đồng.
    """

    payment_id: int
    amount: int
    channel: str
    waits_for: str


@dataclass(frozen=True)
class Reissued:
    """The lists that were made, in draft: their ids, payments on them, đồng."""

    batch_ids: list[int]
    payments: int
    amount: int


def find_came_back(*, month: date, unit: AdministrativeUnit, now: datetime) -> list[CameBack]:
    """Transfers of the month, on lists paid by units of `unit`, of which the bank confirmed afresh that they left nothing.

    Raises Cycle.DoesNotExist.
    """
    cycle = Cycle.objects.get(month=month)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT old_id, amount, channel, waits_for FROM ({reissuing.CAME_BACK}) r ORDER BY old_id",
            _given(cycle, unit=unit, to_cash=(), now=now),
        )
        return [CameBack(*row) for row in cursor.fetchall()]


@transaction.atomic
def reissue(*, month: date, unit: AdministrativeUnit, to_cash: Sequence[int], actor: User, now: datetime) -> Reissued:
    """Make lists, in draft, of what can be paid again; the entitlements move to the new payments, so that each has one live payment.

    Only after `confirm_unpaid` confirmed the old payment; into the person's account of today, if that is good, or in hand for the payments
    named in `to_cash` and for people who chose cash. Nobody is on the list twice, however often it is asked for. Raises `NothingToReissue`,
    `CycleIsClosed`, `NotAllowed`, Cycle.DoesNotExist.
    """
    require(actor, Right.BUILD_LIST, unit=unit)
    cycle = Cycle.objects.select_for_update().get(month=month)
    if cycle.closed_at is not None:
        raise CycleIsClosed
    return place_again(cycle=cycle, unit=unit, to_cash=to_cash, only=(), actor=actor, now=now)


def place_again(
    *, cycle: Cycle, unit: AdministrativeUnit, to_cash: Sequence[int], only: Sequence[int], actor: User, now: datetime
) -> Reissued:
    """The statements, inside the caller's transaction and under its lock of the cycle; `only` these payments if any are named.

    Raises `NothingToReissue`.
    """
    last = PaymentBatch.objects.filter(cycle=cycle).aggregate(last=Max("sequence"))["last"] or 0
    given = _given(cycle, unit=unit, to_cash=to_cash, now=now) | {"sequence": last + 1, "only": list(only)}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.again")
        cursor.execute(reissuing.LOCK_PAYMENTS, given)
        cursor.execute(reissuing.LOCK_ENTITLEMENTS, given)
        cursor.execute(reissuing.PLACE, given)
        cursor.execute(reissuing.BATCHES, given)
        batch_ids = [pk for (pk,) in cursor.fetchall()]
        if not batch_ids:
            raise NothingToReissue
        record_makers(batch_ids=batch_ids, maker=actor, now=now)
        for statement in STATEMENTS:
            cursor.execute(statement, given)
    amounts = list(Payment.objects.filter(batch__in=batch_ids).values_list("amount", flat=True))
    return Reissued(batch_ids=batch_ids, payments=len(amounts), amount=sum(amounts))


def _given(cycle: Cycle, *, unit: AdministrativeUnit, to_cash: Sequence[int], now: datetime) -> dict[str, Any]:
    today = now.astimezone(VIETNAM).date()
    return {
        "cycle": cycle.pk,
        "month": cycle.month,
        "as_of": today,
        "pay_on": today,
        "path": unit.path,
        "to_cash": list(to_cash),
        "only": [],
        "now": now,
    }
