"""Order a run of matching and carry it out."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone

from beneficiaries.errors import NoProvince, OrderJustTaken
from beneficiaries.models import MatchOrder
from beneficiaries.services.identity.match import match_people
from beneficiaries.services.intake.lists import verify_accounts
from staff.models import AdministrativeUnit, Order, User
from staff.rights import Right, require
from staff.services.orders import Clock, carry_out

TRIES = 3


def order_matching(*, actor: User, now: datetime) -> MatchOrder:
    """Order that everybody not matched yet is compared with the residents; while one order waits, another is the same.

    Raises `NotAllowed`, `NoProvince`, `OrderJustTaken`.
    """
    require(actor, Right.MATCH, unit=the_province())
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return MatchOrder.objects.create(ordered_by=actor, ordered_at=now)
        except IntegrityError:
            waiting = MatchOrder.objects.filter(stage=Order.Stage.WAITING).first()
        if waiting is not None:  # else it came to an end between the two: the next one is ours
            return waiting
    raise OrderJustTaken


def the_province() -> AdministrativeUnit:
    """The province whose people are matched. Raises `NoProvince`."""
    province = AdministrativeUnit.objects.filter(kind=AdministrativeUnit.Kind.PROVINCE).order_by("pk").first()
    if province is None:
        raise NoProvince
    return province


def work_on_match_orders(
    *, clock: Clock, order_id: int | None = None, progress: Callable[[str], None] = lambda step: None
) -> int:
    """Do what was ordered; returns how many orders came to an end. `progress` is told each step in words."""
    return carry_out(MatchOrder, do=partial(_match, progress=progress), clock=clock, order_id=order_id)


def _match(order: MatchOrder, now: datetime, *, progress: Callable[[str], None]) -> None:
    order.run = match_people(actor_id=order.ordered_by_id, now=now, progress=progress).run
    verify_accounts(on=timezone.localdate(now))
