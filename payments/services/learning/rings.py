"""Rings of the bank about orders it tells nothing of: what a person found out by other means closes one, and says what."""

from datetime import datetime

from django.db import transaction

from payments.errors.outcomes import RingIsFollowed
from payments.models import BankEvent
from staff.models import User
from staff.rights import Right, require
from staff.services.units import the_province


@transaction.atomic
def close_ring(*, event_id: int, note: str, actor: User, now: datetime) -> BankEvent:
    """Ask the bank no more about this ring, because of what `note` says. No payment moves by it; a new ring of the same order is asked about anew.

    Raises `RingIsFollowed` when the bank told meanwhile or somebody closed it, `NotAllowed`, BankEvent.DoesNotExist.
    """
    require(actor, Right.SETTLE_UNKNOWN, unit=the_province())
    event = BankEvent.objects.select_for_update().get(pk=event_id)
    if event.handled_at is not None or event.tries == 0:
        raise RingIsFollowed(conflicts=[str(event_id)])
    event.handled_at, event.closed_by, event.note = now, actor, note.strip()[:300]
    event.save(update_fields=["handled_at", "closed_by", "note"])
    return event
