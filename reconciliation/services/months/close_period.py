"""Close a month of a funding account, when everything in it is explained or carried forward by name; reopen it by decision."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from payments.models import FundingAccount, Payment, Posting
from payments.states import PaymentStatus
from reconciliation.errors import (
    EarlierPeriodIsOpen,
    LaterPeriodIsClosed,
    PeriodIsOpen,
    PeriodNotCovered,
    PeriodNotExplained,
    PeriodNotSettled,
)
from reconciliation.models import Discrepancy, DiscrepancyStep, PeriodStep, Statement
from reconciliation.services.months.free_reserves import free_reserves
from reconciliation.services.months.periods import closed_months, latest_step, require_open
from staff.models import User
from staff.rights import Right, require

NOT_FINAL = (PaymentStatus.READY, PaymentStatus.SENT, PaymentStatus.PROCESSING)


@dataclass(frozen=True)
class ReopeningDecision:
    """The decision a month is reopened by: its number, day, who signed it, and why."""

    number: str
    decided_on: date
    signer: str
    reason: str


def last_day(month: date) -> date:
    """The last day of the month that begins on `month`."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def open_in_period(account: FundingAccount, *, month: date) -> QuerySet[Discrepancy]:
    """Discrepancies of the account not explained, of this month or an earlier one: by the line's day, else the statement's last."""
    until = last_day(month)
    of_time = Q(line__booked_on__lte=until) | Q(line__isnull=True, statement__from_on__lte=until)
    of_statements = of_time & Q(statement__funding_account=account)
    of_provider = Q(funding_account=account, result_line__result_list__batch__cycle__month__lte=month)
    return Discrepancy.objects.filter(of_statements | of_provider, status=Discrepancy.Status.OPEN).order_by("pk")


def carried_before(items: QuerySet[Discrepancy]) -> list[DiscrepancyStep]:
    """How each of these was last carried into a later month, of those that were: `due_on` is the month it was carried out of."""
    steps = DiscrepancyStep.objects.filter(
        discrepancy__in=items.order_by().values("pk"), kind=DiscrepancyStep.Kind.CARRIED
    )
    return list(steps.select_related("made_by").order_by("discrepancy_id", "-pk").distinct("discrepancy_id"))


def open_months_before(account: FundingAccount, *, month: date) -> list[date]:
    """Earlier months in which something was booked, here or at the bank, and which are not closed; the oldest first."""
    booked = Posting.objects.filter(account__funding_account=account, entry__booked_on__lt=month)
    stated = Statement.objects.filter(funding_account=account, to_on__lt=month)
    used = {*booked.dates("entry__booked_on", "month"), *stated.dates("to_on", "month")}
    return sorted(used - closed_months(account))


@transaction.atomic
def close_period(
    *, account: FundingAccount, month: date, carried: Mapping[int, str], actor: User, now: datetime
) -> PeriodStep:
    """Close the month. `carried` names each open discrepancy that goes over (its id) and why; the next month can't close without it.

    Raises `PeriodIsClosed`, `EarlierPeriodIsOpen`, `PeriodNotCovered` (no statement up to the last day), `PeriodNotSettled` (payments without an end),
    `PeriodNotExplained`, `NotAllowed`.
    """
    require(actor, Right.RECONCILE, unit=account.paying_unit)
    FundingAccount.objects.select_for_update().get(pk=account.pk)
    require_open(account=account, day=month)
    if earlier := open_months_before(account, month=month):
        raise EarlierPeriodIsOpen(conflicts=[f"{account.code}/{each:%Y-%m}" for each in earlier])
    covered_to = Statement.objects.filter(funding_account=account, closing__isnull=False).aggregate(day=Max("to_on"))[
        "day"
    ]
    if covered_to is None or covered_to < last_day(month):
        raise PeriodNotCovered(conflicts=[f"{account.code}/{month:%Y-%m}"])
    unsettled = Payment.objects.filter(
        batch__funding_account=account, batch__cycle__month__lte=month, status__in=NOT_FINAL
    )
    if unsettled.exists():
        raise PeriodNotSettled(conflicts=[str(unsettled.count())])
    remaining = list(open_in_period(account, month=month))
    unnamed = [str(item.pk) for item in remaining if not carried.get(item.pk, "").strip()]
    if unnamed:
        raise PeriodNotExplained(conflicts=unnamed)
    DiscrepancyStep.objects.bulk_create(
        DiscrepancyStep(
            discrepancy=item,
            kind=DiscrepancyStep.Kind.CARRIED,
            note=carried[item.pk].strip()[:300],
            due_on=month,
            made_by=actor,
            made_at=now,
        )
        for item in remaining
    )
    free_reserves(account=account, on=last_day(month), now=now)
    return _step(account, month=month, kind=PeriodStep.Kind.CLOSED, actor=actor, now=now)


@transaction.atomic
def reopen_period(
    *, account: FundingAccount, month: date, decision: ReopeningDecision, actor: User, now: datetime
) -> PeriodStep:
    """Reopen a closed month by decision. Raises `PeriodIsOpen`; `LaterPeriodIsClosed`; `NotAllowed`."""
    require(actor, Right.REOPEN_PERIOD, unit=account.paying_unit)
    FundingAccount.objects.select_for_update().get(pk=account.pk)
    latest = latest_step(account, month=month)
    if latest is None or latest.kind != PeriodStep.Kind.CLOSED:
        raise PeriodIsOpen(conflicts=[f"{account.code}/{month:%Y-%m}"])
    if later := sorted(each for each in closed_months(account) if each > month):
        raise LaterPeriodIsClosed(conflicts=[f"{account.code}/{each:%Y-%m}" for each in later])
    step = _step(account, month=month, kind=PeriodStep.Kind.REOPENED, actor=actor, now=now, decision=decision)
    return step


def _step(
    account: FundingAccount,
    *,
    month: date,
    kind: PeriodStep.Kind,
    actor: User,
    now: datetime,
    decision: ReopeningDecision | None = None,
) -> PeriodStep:
    latest = latest_step(account, month=month)
    return PeriodStep.objects.create(
        funding_account=account,
        month=month,
        ordinal=latest.ordinal + 1 if latest else 1,
        kind=kind,
        decision_number=decision.number if decision else "",
        decision_on=decision.decided_on if decision else None,
        decision_signer=decision.signer if decision else "",
        reason=decision.reason if decision else "",
        made_by=actor,
        made_at=now,
    )
