"""What of lists and payments lies in a user's reach: lists paid by units of the own subtree, and of a wider list only the own people (I13)."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from payments.models import Entitlement, Payment, PaymentBatch
from staff.models import AdministrativeUnit, User


def payments_in_reach(actor: User) -> QuerySet[Payment]:
    """Payments on lists of the actor's subtree; on a list paid further up, those to people of the subtree."""
    if actor.unit is None:
        return Payment.objects.none()
    path = actor.unit.path
    own_people_on_wider_lists = Q(
        batch__paying_unit__path__in=paths_above(actor.unit), beneficiary__unit__path__startswith=path
    )
    return Payment.objects.filter(Q(batch__paying_unit__path__startswith=path) | own_people_on_wider_lists)


def batches_in_reach(actor: User) -> QuerySet[PaymentBatch]:
    """Lists of the actor's subtree, and lists paid further up that hold at least one payment in reach."""
    if actor.unit is None:
        return PaymentBatch.objects.none()
    path = actor.unit.path
    own_people = Payment.objects.filter(batch=OuterRef("pk"), beneficiary__unit__path__startswith=path)
    wider = Q(paying_unit__path__in=paths_above(actor.unit)) & Exists(own_people)
    return PaymentBatch.objects.filter(Q(paying_unit__path__startswith=path) | wider)


def entitlements_in_reach(actor: User) -> QuerySet[Entitlement]:
    """What is due to enrolments of the actor's subtree."""
    if actor.unit is None:
        return Entitlement.objects.none()
    return Entitlement.objects.filter(enrolment__unit__path__startswith=actor.unit.path)


def sees_whole_list(actor: User, batch: PaymentBatch) -> bool:
    """False when the actor sees only the own people of a list paid further up."""
    return actor.reaches(batch.paying_unit)


def unit_in_reach(actor: User, code: str) -> AdministrativeUnit:
    """The unit of the actor's subtree with this code; 404 for any other."""
    path = actor.unit.path if actor.unit else "-"
    return get_object_or_404(AdministrativeUnit, code=code, path__startswith=path)


def paths_above(unit: AdministrativeUnit) -> list[str]:
    """Paths of the units above: `/97/971/97101/` gives `/97/` and `/97/971/`."""
    codes = unit.path.strip("/").split("/")
    return ["/" + "/".join(codes[:length]) + "/" for length in range(1, len(codes))]
