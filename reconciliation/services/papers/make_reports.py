"""Make the reports that are due: claimed under a lease, counted, kept; whoever loses the lease keeps nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction

from reconciliation.models import ReportRun
from reconciliation.reports.frozen_view import frozen_view
from reconciliation.reports.snapshot import take_snapshot
from reconciliation.states import RunCause, RunStatus

LEASE = timedelta(minutes=20)
MOST_ATTEMPTS = 4
REST = timedelta(minutes=5)  # after the first failure; twice as long after each further one
LEASE_ENDED = "LEASE_ENDED"


@dataclass
class Made:
    """What one round did."""

    tied_out: int = 0
    drafted: int = 0
    put_back: int = 0

    @property
    def tried(self) -> int:
        """Reports that were begun."""
        return self.tied_out + self.drafted + self.put_back


class _LeaseLost(Exception):
    """Somebody else makes it by now: what was counted here is rolled back."""


def make_reports(
    *, holder: str, clock: Callable[[], datetime], until: datetime | None = None, most: int = 10_000,
    on_report: Callable[[ReportRun], None] = lambda run: None, only: int | None = None,
) -> Made:  # fmt: skip
    """Make due reports, the oldest period first, until there is none, `most` are made, or `until` has passed. Any number of workers at once.

    `on_report` hears of each report when it was tried; `only` is the one report to make.
    """
    made = Made()
    free_abandoned(now=clock())
    while made.tried < most and (until is None or clock() < until):
        run = claim(holder=holder, now=clock(), only=only)
        if run is None:
            break
        _make(run, holder=holder, clock=clock, made=made)
        on_report(run)
    return made


@transaction.atomic
def claim(*, holder: str, now: datetime, only: int | None = None) -> ReportRun | None:
    """Lease one report that may be made now; None when there is none, or others hold them all."""
    due = ReportRun.objects.claimable(now=now).select_for_update(skip_locked=True, of=("self",))
    due = due if only is None else due.filter(pk=only)
    run = due.select_related("unit").order_by("to_on", "-unit__path", "kind").first()
    if run is None:
        return None
    ReportRun.objects.filter(pk=run.pk).apply(
        RunCause.CLAIM, now=now, lease_until=now + LEASE, lease_by=holder, attempts=run.attempts + 1, problem=""
    )
    run.refresh_from_db(fields=["status", "attempts", "lease_until", "lease_by"])
    return run


def free_abandoned(*, now: datetime) -> int:
    """Put back what a worker claimed and never finished; given up after `MOST_ATTEMPTS` claims. Returns how many were freed."""
    abandoned = ReportRun.objects.filter(status=RunStatus.RUNNING, lease_until__lt=now)
    free = {"lease_until": None, "lease_by": "", "problem": LEASE_ENDED}
    given_up = abandoned.filter(attempts__gte=MOST_ATTEMPTS).apply(RunCause.GIVE_UP, now=now, **free)
    return given_up + abandoned.apply(RunCause.PUT_BACK, now=now, **free)


def _make(run: ReportRun, *, holder: str, clock: Callable[[], datetime], made: Made) -> None:
    try:
        tied_out = _count(run, holder=holder, clock=clock)
    except DatabaseError as error:
        _put_back(run, holder=holder, now=clock(), problem=type(error).__name__)
        made.put_back += 1
    except _LeaseLost:
        made.put_back += 1
    else:
        made.tied_out += tied_out
        made.drafted += not tied_out
    run.refresh_from_db()


@frozen_view()
def _count(run: ReportRun, *, holder: str, clock: Callable[[], datetime]) -> bool:
    """Figures and the run's move are one transaction: a report is made once, or not at all."""
    snapshot = take_snapshot(unit=run.unit, from_on=run.from_on, to_on=run.to_on, now=clock(), actor=run.ordered_by)
    cause = RunCause.TIES_OUT if snapshot.ties_out else RunCause.DIFFERS
    ours = ReportRun.objects.filter(pk=run.pk, lease_by=holder, attempts=run.attempts)
    if not ours.apply(cause, now=clock(), snapshot=snapshot, lease_until=None, lease_by="", problem=""):
        raise _LeaseLost
    return snapshot.ties_out


def _put_back(run: ReportRun, *, holder: str, now: datetime, problem: str) -> None:
    ours = ReportRun.objects.filter(pk=run.pk, lease_by=holder, attempts=run.attempts)
    free = {"lease_until": None, "lease_by": "", "problem": problem}
    if run.attempts >= MOST_ATTEMPTS:
        ours.apply(RunCause.GIVE_UP, now=now, **free)
    else:
        ours.apply(RunCause.PUT_BACK, now=now, ready_at=now + REST * 2 ** (run.attempts - 1), **free)


def in_work(*, now: datetime) -> bool:
    """Whether some worker is making reports now: one is enough, the others are there for payments."""
    return ReportRun.objects.filter(status=RunStatus.RUNNING, lease_until__gte=now).exists()
