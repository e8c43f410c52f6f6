"""What the papers of those who receive do not say: whose right rests on a decision nobody is named to have signed. Told, never guessed at."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from beneficiaries.models import Decision, Enrolment
from beneficiaries.services.decisions.signers import IN_FORCE, NAMING_NOBODY
from staff.models import AdministrativeUnit

GRANTING = (Decision.Kind.GRANT, Decision.Kind.TRANSFER_IN)


def without_signer(*, unit: AdministrativeUnit, on: date) -> QuerySet[Enrolment]:
    """Live enrolments of the unit and below with a granting decision and none that says who signed it, by commune and code."""
    granted = Decision.objects.filter(enrolment=OuterRef("pk"), kind__in=GRANTING)
    said = granted.filter(~Q(signer__in=NAMING_NOBODY) | Exists(IN_FORCE))
    live = Enrolment.objects.filter(Q(ended_month__isnull=True) | Q(ended_month__gt=on), starts_month__lte=on)
    return (
        live.filter(Exists(granted), ~Exists(said), unit__path__startswith=unit.path)
        .select_related("beneficiary", "unit")
        .order_by("unit__path", "code")
    )
