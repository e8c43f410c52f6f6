"""Which months paid after a death no decision to recover covers yet: what a decision is about is followed as a debt from then on."""

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from beneficiaries.models import Decision
from payments.models import RecoveryProposal


def undecided(proposals: QuerySet[RecoveryProposal]) -> QuerySet[RecoveryProposal]:
    """Of these the live ones that decisions about the enrolment, signed since the death, leave over: decisions count for the earliest month first,
    so that one about less than was paid leaves the last months listed."""
    month, enrolment = "entitlement__month", "entitlement__enrolment"
    not_later = Q(**{f"{month}__lt": OuterRef(month)}) | Q(**{month: OuterRef(month), "pk__lte": OuterRef("pk")})
    live = RecoveryProposal.objects.filter(withdrawn_at__isnull=True)
    up_to_here = live.filter(not_later, **{enrolment: OuterRef(enrolment)}).order_by().values(enrolment)
    decisions = Decision.objects.filter(
        kind=Decision.Kind.RECOVER, enrolment=OuterRef(enrolment), signed_on__gte=OuterRef("deceased_on")
    )
    return (
        proposals.filter(withdrawn_at__isnull=True)
        .alias(
            owed=Subquery(up_to_here.annotate(sum=Sum("amount")).values("sum")),
            decided=Coalesce(
                Subquery(decisions.order_by().values("enrolment").annotate(sum=Sum("amount")).values("sum")), 0
            ),
        )
        .filter(owed__gt=F("decided"))
    )
