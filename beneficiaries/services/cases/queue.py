"""The queue: what is to be done, what is mine today, what is easy; easy first, and what is within one's own authority first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Case as Choose
from django.db.models import Count, F, Q, QuerySet, Value, When
from django.utils import timezone

from beneficiaries.models import LIVE, RULES, Case, CaseStatus
from beneficiaries.services.cases.authority import cases_in_reach, levels_of
from staff.models import User


@dataclass(frozen=True)
class QueueCounts:
    """Live cases in reach; each counts once in `by_kind`, `by_level` and `by_status`."""

    live: int
    mine: int
    overdue: int
    unowned: int
    to_confirm: int
    by_kind: dict[str, int]
    by_level: dict[str, int]
    by_status: dict[str, int]


def queue_of(actor: User, *, now: datetime) -> QuerySet[Any]:
    """Cases in reach with `ease`, `within_authority`, `mine` and `overdue`, in the order of work: own authority first, easy first, then by due date."""
    today = timezone.localdate(now)
    return (
        cases_in_reach(actor, now=now)
        .annotate(
            ease=ease_expression(),
            within_authority=models.ExpressionWrapper(
                Q(level__in=levels_of(actor)), output_field=models.BooleanField()
            ),
            mine=models.ExpressionWrapper(Q(owner__isnull=False, owner=actor), output_field=models.BooleanField()),
            overdue=models.ExpressionWrapper(
                Q(status__in=LIVE, due_on__isnull=False, due_on__lt=today), output_field=models.BooleanField()
            ),
        )
        .order_by("-within_authority", "ease", F("due_on").asc(nulls_last=True), "pk")
    )


def work_of_today(actor: User, *, now: datetime) -> QuerySet[Any]:
    """What the actor should do today: what is theirs, what nobody took or only somebody who left, and what waits for a second person that is not them.

    Overdue first, then easy first.
    """
    theirs = Q(owner=actor) | Q(owner__isnull=True) | Q(owner__is_active=False)
    confirmable = Q(status=CaseStatus.PROPOSED) & ~Q(proposed_by=actor)
    return (
        queue_of(actor, now=now)
        .filter(status__in=LIVE, level__in=levels_of(actor))
        .filter(Q(theirs & ~Q(status=CaseStatus.PROPOSED)) | confirmable)
        .order_by("-overdue", "ease", F("due_on").asc(nulls_last=True), "pk")
    )


def count_queue(actor: User, *, now: datetime) -> QueueCounts:
    """One pass over the live cases in reach, and three break-downs."""
    live = cases_in_reach(actor, now=now).filter(status__in=LIVE)
    whole = live.aggregate(
        live=Count("pk"),
        mine=Count("pk", filter=Q(owner=actor)),
        overdue=Count("pk", filter=Q(due_on__lt=timezone.localdate(now))),
        unowned=Count("pk", filter=Q(owner__isnull=True)),
        to_confirm=Count("pk", filter=Q(status=CaseStatus.PROPOSED) & ~Q(proposed_by=actor)),
    )
    return QueueCounts(**whole, by_kind=_by(live, "kind"), by_level=_by(live, "level"), by_status=_by(live, "status"))


def _by(cases: QuerySet[Case], field: str) -> dict[str, int]:
    rows: Any = cases.order_by(field).values_list(field).annotate(count=Count("pk"))
    return dict(rows)


def ease_expression() -> Choose:
    """How hard a case is, from the table of kinds."""
    special = [
        When(kind=kind, reason=reason, then=Value(int(rule.ease))) for (kind, reason), rule in RULES.items() if reason
    ]
    general = [When(kind=kind, then=Value(int(rule.ease))) for (kind, reason), rule in RULES.items() if not reason]
    return Choose(*special, *general, default=Value(2), output_field=models.IntegerField())


def age_in_days(case: Case, *, today: date) -> int:
    """Calendar days since the case was opened (số ngày tồn)."""
    return (today - timezone.localdate(case.opened_at)).days
