"""The figures of a dashboard: those of the report, counted the same way for any day, with what moves between two reports beside them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.core.cache import cache

from payments.models import Cycle
from reconciliation.models import Discrepancy, ReportSnapshot
from reconciliation.reports.breakdowns import summed
from reconciliation.reports.brief import brief_of
from reconciliation.reports.counting import cycles_counted
from reconciliation.reports.definitions import RATES
from reconciliation.reports.frozen_view import frozen_view
from reconciliation.reports.sentences import period_kind
from reconciliation.reports.snapshot import count_figures
from reconciliation.services.differences.ageing import AgeingRow, age_items, open_before
from staff.models import AdministrativeUnit, SealCheck
from staff.time_zone import VIETNAM

KEPT_FOR = 60  # seconds: many screens, one count
_OF_REPORT = (
    "unit",
    "period",
    "as_of",
    "headline",
    "rates",
    "units",
    "programmes",
    "persons",
    "work",
    "gap",
    "target",
    "definitions",
    "differences",
)


class Span(StrEnum):
    """The period a day lies in, from its first day up to that day."""

    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"


@dataclass(frozen=True)
class Dashboard:
    """`figures` have the keys and meaning of a report's (docs/reports.md); beside them steps of account opening, ageing, cycles, and

    what a leader reads of them, and the last check of the sealed history (None: there was none yet).
    """

    counted_at: datetime
    figures: dict[str, Any]
    funnel: dict[str, int]
    ageing: list[AgeingRow]
    cycles: list[dict[str, Any]]
    brief: dict[str, Any]
    seal_check: SealCheck | None


def show_dashboard(*, unit: AdministrativeUnit, on: date, span: Span, now: datetime) -> Dashboard:
    """As of 24:00 of `on` in Vietnam, for the cycles since the first day of the span; at most a minute old (`counted_at` says when).

    On the last day of a month or quarter these are the figures a report of it would freeze, small groups merged alike.
    """
    from_on = first_day(on, span=span)
    key = f"dashboard:{unit.pk}:{from_on.isoformat()}:{on.isoformat()}"
    found: Dashboard | None = cache.get(key)
    if found is None:
        found = _count(unit, from_on=from_on, on=on, now=now)
        cache.set(key, found, KEPT_FOR)
    return found


@frozen_view()
def _count(unit: AdministrativeUnit, *, from_on: date, on: date, now: datetime) -> Dashboard:
    figures = count_figures(unit=unit, from_on=from_on, to_on=on, kind=period_kind(from_on=from_on, to_on=on))
    cycles = cycles_counted()
    after = datetime.combine(on + timedelta(days=1), time(), tzinfo=VIETNAM)
    below = Discrepancy.objects.filter(statement__funding_account__paying_unit__path__startswith=unit.path)
    return Dashboard(
        counted_at=now,
        figures={name: figures[name] for name in _OF_REPORT},
        funnel=summed(figures["opening"], list(figures["opening"])),
        ageing=age_items(open_before(below, moment=min(after, now)), now=min(after, now)),
        cycles=cycles,
        brief=brief_of(figures),
        seal_check=SealCheck.objects.order_by("-pk").first(),
    )


@dataclass(frozen=True)
class LatestFigures:
    """Frozen from `first` to the end of `last` at `counted_at`: the rates with their names, people without their money, cases open and overdue."""

    first: date
    last: date
    counted_at: datetime
    ties_out: bool
    rates: list[dict[str, Any]]
    unpaid: int
    in_flight: int
    open_work: int
    overdue_work: int


def latest_figures(*, unit: AdministrativeUnit) -> LatestFigures | None:
    """Of the unit's newest report, read from its snapshot: nothing is counted. None before the first."""
    kept = (
        ReportSnapshot.objects.filter(unit=unit, figures__has_keys=["headline", "rates", "work"])
        .order_by("-to_on", "-pk")
        .values("from_on", "to_on", "created_at", "ties_out", "figures__headline", "figures__rates", "figures__work")
        .first()
    )
    if kept is None:
        return None
    headline, rates, work = kept["figures__headline"], kept["figures__rates"], kept["figures__work"]
    return LatestFigures(
        first=kept["from_on"],
        last=kept["to_on"],
        counted_at=kept["created_at"],
        ties_out=kept["ties_out"],
        rates=[{"name": rate.short} | rates[rate.key] for rate in RATES if rate.key in rates],
        unpaid=headline["unpaid"],
        in_flight=headline["in_flight"],
        open_work=sum(row["open"] for row in work),
        overdue_work=sum(row["overdue"] for row in work),
    )


def day_to_open(*, today: date) -> date:
    """Today while its quarter has lists, or none ever had; else the last day of the last quarter that has."""
    months = Cycle.objects.filter(batches__isnull=False, month__lte=today).exclude(opening=True)
    newest = months.order_by("-month").values_list("month", flat=True).first()
    if newest is None or newest >= first_day(today, span=Span.QUARTER):
        return today
    after = first_day(newest, span=Span.QUARTER) + timedelta(days=93)
    return after.replace(day=1) - timedelta(days=1)


def first_day(on: date, *, span: Span) -> date:
    """The first day of the month, quarter or year `on` lies in."""
    months = {Span.MONTH: on.month, Span.QUARTER: on.month - (on.month - 1) % 3, Span.YEAR: 1}
    return date(on.year, months[span], 1)
