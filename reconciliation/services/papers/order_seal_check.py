"""Check the whole sealed history because somebody asked: who asked stays on the check."""

from datetime import datetime

from django.db import IntegrityError, transaction

from reconciliation.models import SealCheckOrder
from staff.models import Order, User
from staff.services.checking import check_history
from staff.services.orders import Clock, carry_out


def order_seal_check(*, actor: User, now: datetime) -> SealCheckOrder:
    """Ask for it; while one waits or runs, whoever asks too waits for that one."""
    waiting = SealCheckOrder.objects.filter(stage=Order.Stage.WAITING)
    try:
        with transaction.atomic():
            return waiting.first() or SealCheckOrder.objects.create(ordered_by=actor, ordered_at=now)
    except IntegrityError:  # somebody asked in the same moment
        return SealCheckOrder.objects.order_by("-pk")[0]


def check_ordered_seals(*, clock: Clock) -> int:
    """Carry out what waits; how many came to an end."""
    return carry_out(SealCheckOrder, do=_check, clock=clock)


def _check(order: SealCheckOrder, now: datetime) -> None:
    order.check_made = check_history(now=now, actor=order.ordered_by)
