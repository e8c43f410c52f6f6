"""Everybody one decision names for a grant paid once: people, households, people in no registry; all of them or nobody."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from beneficiaries.models import Beneficiary, Enrolment, Programme
from payments.services.emergency import Newcomer, grant_emergency
from payments.services.one_off import Household, Order, grant_once, grant_to_households
from staff.models import User


def everyone_of(*, programme: Programme, month: date, actor: User) -> list[Beneficiary]:
    """Everyone in the actor's reach with an enrolment in the programme that is live in `month` (first day), suspended ones left out."""
    if actor.unit is None:
        return []
    live = Enrolment.objects.filter(
        Q(ended_month__isnull=True) | Q(ended_month__gt=month),
        Q(suspended_month__isnull=True) | Q(suspended_month__gt=month),
        programme=programme,
        starts_month__lte=month,
        unit__path__startswith=actor.unit.path,
    )
    return list(Beneficiary.objects.filter(pk__in=live.values("beneficiary")).order_by("pk"))


@transaction.atomic
def grant_to(
    *,
    programme: Programme,
    people: Sequence[Beneficiary],
    households: Sequence[Household],
    newcomers: Sequence[Newcomer],
    order: Order,
    actor: User,
    now: datetime,
) -> int:
    """Grant it to all of them, once each; returns how many lines are new. Raises `OneOffImpossible`, `NotAllowed`."""
    granted = grant_once(programme=programme, people=people, order=order, actor=actor, now=now)
    granted += grant_to_households(programme=programme, households=households, order=order, actor=actor, now=now)
    if newcomers:
        granted += grant_emergency(programme=programme, newcomers=newcomers, order=order, actor=actor, now=now)
    return granted
