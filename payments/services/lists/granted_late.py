"""Who was granted something once for a month whose lists were made before: a supplementary list answers them (ADR 72)."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from beneficiaries.models import Enrolment, Programme
from payments.models import Cycle, Entitlement


def granted_late(month: date) -> QuerySet[Enrolment]:
    """Records of one month, `month`, that nothing took back and no list has answered. Before the month's own lists are made: all of them."""
    once = Enrolment.objects.exclude(programme__kind=Programme.Kind.REGULAR)
    lasting = Q(ended_month__isnull=True) | Q(ended_month__gt=month)
    standing = once.filter(lasting, starts_month=month, suspended_month__isnull=True)
    return standing.exclude(Exists(Entitlement.objects.filter(enrolment=OuterRef("pk"))))


def open_months() -> list[date]:
    """Months whose lists are made and that are not closed, the newest first: they take whoever is granted something once, by a further list."""
    built = Cycle.objects.filter(opening=False, closed_at__isnull=True).order_by("-month")
    return list(built.values_list("month", flat=True))
