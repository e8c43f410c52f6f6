"""How far the ordered reports of a period have come, by level; and how a unit's report is made up of those below it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from reconciliation.models import ReportRun
from reconciliation.states import RunStatus
from staff.time_zone import VIETNAM

COMPARED = ("beneficiaries", "accounts", "paid_cashless", "paid_in_cash", "unpaid", "account_money", "cash_money")


@dataclass(frozen=True)
class LevelProgress:
    """Reports of one kind, period and level of unit by status; `overdue` are those not signed past their day."""

    kind: ReportRun.Kind
    from_on: date
    to_on: date
    level: str
    due_on: date
    total: int
    by_status: dict[str, int]
    overdue: int


def progress_of(runs: QuerySet[ReportRun], *, now: datetime) -> list[LevelProgress]:
    """One row per kind, period and level among `runs`, the newest period first."""
    today = timezone.localdate(now, VIETNAM)
    counts = {status: Count("pk", filter=Q(status=status)) for status in RunStatus.values}
    late = Count("pk", filter=~Q(status=RunStatus.SIGNED) & Q(due_on__lt=today))
    counted = runs.values("kind", "from_on", "to_on", "unit__kind", "due_on").annotate(
        total=Count("pk"), late=late, **counts
    )
    rows: list[dict[str, Any]] = [dict(row) for row in counted.order_by("-to_on", "kind", "due_on", "unit__kind")]
    return [
        LevelProgress(
            kind=ReportRun.Kind(row["kind"]), from_on=row["from_on"], to_on=row["to_on"], level=row["unit__kind"], due_on=row["due_on"],
            total=row["total"], by_status={status: row[status] for status in RunStatus.values if row[status]}, overdue=row["late"],
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A unit right below: its own report, and where its figures differ from what the report above counted for it.

    `differs` is `{figure: [own, above]}`. Two causes are in order: rows changed between the two counts, and a person with enrolments in two
    units, whom each of them reports and the unit above counts once.
    """

    run: ReportRun
    differs: dict[str, list[int]]


def parts_of(run: ReportRun) -> list[Part]:
    """The reports of the nearest units below that report in this period, in the order of their codes; figures only where both are counted."""
    same = ReportRun.objects.filter(
        kind=run.kind, from_on=run.from_on, to_on=run.to_on, unit__path__startswith=run.unit.path
    ).exclude(pk=run.pk)
    nearest = _nearest(dict(same.values_list("pk", "unit__path")))
    runs = same.filter(pk__in=nearest).select_related("unit", "snapshot", "signed_by").order_by("unit__path")
    figures: dict[str, Any] = run.snapshot.figures if run.snapshot else {"units": []}
    above = {row["code"]: row for row in figures["units"]}
    return [Part(each, _differences(each, above.get(each.unit.code))) for each in runs]


def _nearest(paths: dict[int, str]) -> list[int]:
    """The runs of units with no other of these units above them."""
    return [
        pk
        for pk, path in paths.items()
        if not any(path != other and path.startswith(other) for other in paths.values())
    ]


def _differences(run: ReportRun, above: dict[str, Any] | None) -> dict[str, list[int]]:
    if run.snapshot is None or above is None:
        return {}
    own = run.snapshot.figures["headline"]
    return {key: [own[key], above[key]] for key in COMPARED if own[key] != above[key]}
