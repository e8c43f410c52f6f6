"""How long differences have stood open (số ngày tồn), by kind: how many, how much, the oldest."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Case, Count, Min, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Abs, Coalesce

from reconciliation.models import Discrepancy, DiscrepancyStep

BANDS: tuple[tuple[str, int, int | None], ...] = (
    ("0-3", 0, 3),
    ("4-10", 4, 10),
    ("11-30", 11, 30),
    ("31-60", 31, 60),
    (">60", 61, None),
)
WHOLE_LINE = (
    Discrepancy.Kind.UNEXPECTED_LINE,
    Discrepancy.Kind.DUPLICATE_DEBIT,
    Discrepancy.Kind.RETURN_UNEXPLAINED,
    Discrepancy.Kind.BANK_CONTRADICTS,
)


@dataclass(frozen=True)
class AgeingRow:
    """Open differences of one kind: a count for each of `BANDS`, the sum of what is in question (đồng) and the oldest day found."""

    kind: Discrepancy.Kind
    counts: dict[str, int]
    total: int
    amount: int
    oldest_days: int


def age_discrepancies(reach: QuerySet[Discrepancy], *, now: datetime) -> list[AgeingRow]:
    """One row for each kind of which something in `reach` is open, in the order of the kinds."""
    return age_items(reach.filter(status=Discrepancy.Status.OPEN), now=now)


def open_before(reach: QuerySet[Discrepancy], *, moment: datetime) -> QuerySet[Discrepancy]:
    """Those of `reach` that were found before `moment` and not resolved then, by their steps (reopened ones are open again)."""
    kinds = (DiscrepancyStep.Kind.RESOLVED, DiscrepancyStep.Kind.REOPENED)
    last = DiscrepancyStep.objects.filter(discrepancy=OuterRef("pk"), kind__in=kinds, made_at__lt=moment).order_by(
        "-pk"
    )
    known = reach.filter(found_at__lt=moment).annotate(last_step=Subquery(last.values("kind")[:1]))
    never_resolved_before = Q(last_step__isnull=True) & (Q(resolved_at__isnull=True) | Q(resolved_at__gte=moment))
    return known.filter(Q(last_step=DiscrepancyStep.Kind.REOPENED) | never_resolved_before)


def age_items(open_items: QuerySet[Discrepancy], *, now: datetime) -> list[AgeingRow]:
    """The same for items known to be open at `now`."""
    by_kind: dict[str, dict[str, int]] = {}
    for name, first, last in BANDS:
        older = open_items.filter(found_at__lte=now - timedelta(days=first))
        band = older if last is None else older.filter(found_at__gt=now - timedelta(days=last + 1))
        for kind, count in band.values_list("kind").annotate(Count("pk")).order_by():
            by_kind.setdefault(kind, {})[name] = count
    differs = Abs(Coalesce("theirs", 0) - Coalesce("ours", 0), output_field=BigIntegerField())
    # The whole line, whatever its payment comes to.
    unexplained = Abs(Coalesce("theirs", 0), output_field=BigIntegerField())
    in_question = Case(When(kind__in=WHOLE_LINE, then=unexplained), default=differs)
    whole = {
        row["kind"]: row
        for row in open_items.values("kind").annotate(count=Count("pk"), amount=Sum(in_question), first=Min("found_at"))
    }
    return [
        AgeingRow(
            kind=kind,
            counts={name: by_kind.get(kind, {}).get(name, 0) for name, _, _ in BANDS},
            total=whole[kind]["count"],
            amount=whole[kind]["amount"] or 0,
            oldest_days=(now - whole[kind]["first"]).days,
        )
        for kind in Discrepancy.Kind
        if kind in whole
    ]
