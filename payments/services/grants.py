"""Everybody one decision names for a grant paid once: people, households, people in no registry; all of them or nobody."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from beneficiaries.models import Beneficiary, Programme
from payments.services.emergency import Newcomer, grant_emergency
from payments.services.one_off import Household, Order, grant_once, grant_to_households
from staff.models import User


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
