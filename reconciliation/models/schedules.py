"""Reports the clock or a person orders: one row per kind, period and unit. The rows are the queue, so an outage delays reports and loses none."""

from datetime import datetime

from django.db import models
from django.db.models import Case, F, Q, Value, When

from reconciliation.models.snapshots import ReportSnapshot
from reconciliation.states import HAS_FIGURES, TRANSITIONS, RunCause, RunStatus
from staff.models import AdministrativeUnit, Delegation, User


class ReportRunQuerySet(models.QuerySet["ReportRun"]):
    """Runs, moved by cause."""

    def apply(self, cause: RunCause, *, now: datetime, **changes: object) -> int:
        """Move the rows that `cause` may move, and return how many moved."""
        targets = {source: target for (source, c), target in TRANSITIONS.items() if c == cause}
        status = Case(*[When(status=source, then=Value(target)) for source, target in targets.items()])
        return self.filter(status__in=targets).update(status=status, cause=cause, status_at=now, **changes)

    def claimable(self, *, now: datetime) -> "ReportRunQuerySet":
        """Whose day has come and for whose unit no earlier report of the kind is still to be made (a report compares itself with it)."""
        earlier = ReportRun.objects.filter(
            kind=models.OuterRef("kind"), unit=models.OuterRef("unit"), to_on__lt=models.OuterRef("to_on"),
            status__in=(RunStatus.WAITING, RunStatus.RUNNING),
        )  # fmt: skip
        return self.filter(status=RunStatus.WAITING, ready_at__lte=now).exclude(models.Exists(earlier))


class ReportRun(models.Model):
    """One report of one unit and period: when it may be counted (`ready_at`), and by which day it must be signed (`due_on`).

    `attempts` are claims since it was last ordered; `problem` is the name of what stopped the last one, never its text. A signature carries the
    digest of the figures; triggers hold that figures which do not tie out are never signed (I12), and that nothing signed changes.
    """

    class Kind(models.TextChoices):
        MONTH = "MONTH", "Báo cáo tháng"
        QUARTER = "QUARTER", "Báo cáo quý"
        YEAR = "YEAR", "Báo cáo năm"
        PERIOD = "PERIOD", "Báo cáo theo kỳ yêu cầu"

    kind = models.CharField(max_length=7, choices=Kind.choices)
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="report_runs")
    from_on = models.DateField()
    to_on = models.DateField()
    ready_at = models.DateTimeField()
    due_on = models.DateField()
    status = models.CharField(max_length=7, choices=RunStatus.choices, default=RunStatus.WAITING)
    cause = models.CharField(max_length=11, choices=RunCause.choices, blank=True)
    status_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=60, blank=True)
    lease_until = models.DateTimeField(null=True)
    lease_by = models.CharField(max_length=64, blank=True)
    snapshot = models.OneToOneField(ReportSnapshot, null=True, on_delete=models.PROTECT, related_name="run")
    ordered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    order_reason = models.CharField(max_length=200, blank=True)
    signed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=140, blank=True)
    delegation = models.ForeignKey(Delegation, null=True, on_delete=models.PROTECT, related_name="+")
    signed_digest = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(null=True)

    objects = ReportRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="report_once_per_kind_unit_and_period", fields=["kind", "unit", "from_on", "to_on"]
            ),
            models.CheckConstraint(name="report_period_ends_after_it_begins", condition=Q(to_on__gt=F("from_on"))),
            models.CheckConstraint(
                name="report_has_figures_when_made",
                condition=Q(status__in=HAS_FIGURES, snapshot__isnull=False) | ~Q(status__in=HAS_FIGURES),
            ),
            models.CheckConstraint(
                name="report_is_leased_while_it_runs",
                condition=Q(status="RUNNING", lease_until__isnull=False)
                | (~Q(status="RUNNING") & Q(lease_until__isnull=True, lease_by="")),
            ),
            models.CheckConstraint(
                name="report_signed_by_and_at_together",
                condition=Q(status="SIGNED", signed_by__isnull=False, signed_at__isnull=False)
                | (~Q(status="SIGNED") & Q(signed_by__isnull=True, signed_at__isnull=True, signed_digest="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["ready_at"], name="report_runs_to_make", condition=Q(status__in=["WAITING", "RUNNING"])
            )
        ]
