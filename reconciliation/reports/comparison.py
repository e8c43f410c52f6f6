"""Earlier periods come from their own snapshots: what was reported then, never recounted now."""

from datetime import date, datetime

from reconciliation.models import ReportSnapshot
from reconciliation.reports.counting import MONEY_KEYS, Counts, Row
from staff.models import AdministrativeUnit


def compare_with_earlier(
    *, unit: AdministrativeUnit, kind: str, from_on: date, to_on: date, total: Counts, known_at: datetime | None = None
) -> Row:
    """`{previous, last_year, year_to_date}`: figures of the period before and of a year ago as reported, and the year's sums in đồng.

    Each is None where no report of that time is kept (by `known_at`, if given); a sum over the year is known only when every period since January is.
    """
    earlier = ReportSnapshot.objects.filter(kind=kind, unit=unit).order_by("to_on", "created_at", "pk")
    if known_at is not None:
        earlier = earlier.filter(created_at__lte=known_at)
    # The last one issued for a period wins.
    by_end = {snapshot.to_on: snapshot for snapshot in earlier.filter(to_on__lt=from_on)}
    return {
        "previous": _issued(by_end.get(date.fromordinal(from_on.toordinal() - 1))),
        "last_year": _issued(by_end.get(_a_year_before(to_on))),
        "year_to_date": _year_to_date(by_end, from_on=from_on, total=total),
    }


def _issued(snapshot: ReportSnapshot | None) -> Row | None:
    if snapshot is None:
        return None
    return {
        "from": snapshot.from_on.isoformat(), "to": snapshot.to_on.isoformat(), "digest": snapshot.digest, "ties_out": snapshot.ties_out,
        "headline": snapshot.figures["headline"],
    }  # fmt: skip


def _year_to_date(by_end: dict[date, ReportSnapshot], *, from_on: date, total: Counts) -> Counts | None:
    summed = {key: total[key] for key in MONEY_KEYS[:2]}
    start = from_on
    while (start.month, start.day) != (1, 1):
        before = by_end.get(date.fromordinal(start.toordinal() - 1))
        if before is None:
            return None
        summed = {key: amount + before.figures["headline"][key] for key, amount in summed.items()}
        start = before.from_on
    return summed


def _a_year_before(day: date) -> date:
    following = date.fromordinal(day.toordinal() + 1)
    return (
        date.fromordinal(following.replace(year=following.year - 1).toordinal() - 1)
        if (following.month, following.day) != (2, 29)
        else date(day.year - 1, 2, 28)
    )
