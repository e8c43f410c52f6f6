"""Order the reports of every period that is over: one row per kind, period and unit, however long the clock stood still."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from payments.models import Cycle
from reconciliation.models import ReportRun
from staff.services.working_days import WorkingDays, read_working_days
from staff.time_zone import VIETNAM

# Units of the level that existed on the period's last day.
_ORDER = """
INSERT INTO reconciliation_reportrun
    (kind, unit_id, from_on, to_on, ready_at, due_on, status, cause, status_at, attempts, problem, lease_by, order_reason, signed_as, signed_digest)
SELECT p.kind, u.id, p.from_on, p.to_on, p.ready_at, p.due_on, 'WAITING', '', %(now)s, 0, '', '', '', '', ''
FROM unnest(%(kinds)s::text[], %(levels)s::text[], %(from)s::date[], %(to)s::date[], %(ready)s::timestamptz[], %(due)s::date[])
     AS p(kind, level, from_on, to_on, ready_at, due_on)
JOIN staff_administrativeunit u ON u.kind = p.level AND (u.valid_from IS NULL OR u.valid_from <= p.to_on)
     AND (u.valid_to IS NULL OR u.valid_to > p.to_on)
WHERE NOT EXISTS (SELECT 1 FROM reconciliation_reportrun r WHERE r.kind = p.kind AND r.unit_id = u.id AND r.to_on = p.to_on)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Period:
    """A month or quarter, both days included."""

    kind: ReportRun.Kind
    from_on: date
    to_on: date


def plan_reports(*, now: datetime, since: date | None = None) -> int:
    """Order what is over and not ordered yet, in one statement; twice, or by two clocks at once, orders nothing twice.

    A period is reported when it begins on `since` (`REPORTS_FROM` unless given) or later and lists were made for a month in it. Returns how many
    were ordered.
    """
    begin = since or (date.fromisoformat(settings.REPORTS_FROM) if settings.REPORTS_FROM else None)
    if begin is None:
        return 0
    calendar = read_working_days()
    rows = [
        (
            period.kind,
            level,
            period.from_on,
            period.to_on,
            _ready_at(period),
            due_on(level=level, to_on=period.to_on, calendar=calendar),
        )
        for period in periods_over(begin=begin, today=timezone.localdate(now, VIETNAM))
        for level in levels_on(period.to_on)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 6
    given = dict(zip(("kinds", "levels", "from", "to", "ready", "due"), columns, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(_ORDER, {**given, "now": now})
        return int(cursor.rowcount)


def periods_over(*, begin: date, today: date) -> Iterator[Period]:
    """Months and quarters from `begin` on that ended before `today` and in which a month was paid, the oldest first."""
    paid = set(Cycle.objects.filter(month__gte=begin, month__lt=today).values_list("month", flat=True))
    quarters = {month.replace(month=month.month - (month.month - 1) % 3) for month in paid}
    whole = [Period(ReportRun.Kind.MONTH, month, last_day(month, months=1)) for month in paid]
    whole += [Period(ReportRun.Kind.QUARTER, first, last_day(first, months=3)) for first in quarters]
    for period in sorted(whole, key=lambda period: (period.to_on, period.kind)):
        if begin <= period.from_on and period.to_on < today:
            yield period


def levels_on(day: date) -> tuple[str, ...]:
    """Kinds of units that report for a period ending on `day` (`REPORT_LEVELS`, dated)."""
    first = max(start for start in settings.REPORT_LEVELS if date.fromisoformat(start) <= day)
    levels: tuple[str, ...] = settings.REPORT_LEVELS[first]
    return levels


def due_on(*, level: str, to_on: date, calendar: WorkingDays) -> date:
    """By when it is signed: working days after the last day, more of them the higher the unit."""
    return calendar.after(to_on, settings.REPORT_DUE_WORKING_DAYS[level])


def _ready_at(period: Period) -> datetime:
    day = period.to_on + timedelta(days=settings.REPORT_AFTER_DAYS)
    return datetime.combine(day, time(1), tzinfo=VIETNAM)


def last_day(first: date, *, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return date(first.year + years, month + 1, 1) - timedelta(days=1)
