"""A report somebody asks for: any whole months that are over, of any unit in reach, whatever the calendar of reports says."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from reconciliation.errors import PeriodNotOver, ReportOrdered
from reconciliation.models import ReportRun
from reconciliation.reports.sentences import period_kind
from reconciliation.services.papers.plan_reports import due_on, last_day
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require
from staff.services.working_days import read_working_days
from staff.time_zone import VIETNAM

MOST_MONTHS = 24


@transaction.atomic
def order_report(
    *, unit: AdministrativeUnit, from_month: date, to_month: date, reason: str, actor: User, now: datetime
) -> ReportRun:
    """Order the report of the months from `from_month` to `to_month` (first days), both included; a worker makes it at once.

    It is addressed, signed and verified like those of the clock, and due as many working days from today. Raises `NotAllowed`,
    `PeriodNotOver`, `ReportOrdered` when there is one of these months already (a second order of two at once too).
    """
    require(actor, Right.ORDER_REPORT, unit=unit)
    today = timezone.localdate(now, VIETNAM)
    months = (to_month.year - from_month.year) * 12 + to_month.month - from_month.month + 1
    to_on = last_day(to_month, months=1)
    if not 1 <= months <= MOST_MONTHS or to_on >= today:
        raise PeriodNotOver
    run, made = ReportRun.objects.get_or_create(
        kind=period_kind(from_on=from_month, to_on=to_on), unit=unit, from_on=from_month, to_on=to_on,
        defaults={
            "ready_at": now, "due_on": due_on(level=unit.kind, to_on=today, calendar=read_working_days()), "status_at": now,
            "ordered_by": actor, "order_reason": reason,
        },
    )  # fmt: skip
    if not made:
        raise ReportOrdered(conflicts=[str(run.pk)])
    return run
