"""Hold a released list back, and let it go on: what was not sent waits; what the bank may hold is not touched."""

from datetime import datetime

from django.db import transaction

from payments.errors import WrongBatchState
from payments.models import PaymentBatch
from payments.states import BatchStatus
from staff.models import User
from staff.rights import Right, require


@transaction.atomic
def set_paused(*, batch_id: int, paused: bool, actor: User, now: datetime) -> None:
    """Pause or resume a released list; doing it twice changes nothing. Raises `WrongBatchState`, `NotAllowed`."""
    batch = PaymentBatch.objects.select_for_update(of=("self",)).select_related("paying_unit").get(pk=batch_id)
    require(actor, Right.PAUSE_LIST, unit=batch.paying_unit)
    if batch.status != BatchStatus.RELEASED:
        raise WrongBatchState(conflicts=[str(batch.pk)])
    if batch.paused != paused:
        batch.paused, batch.status_at = paused, now
        batch.save(update_fields=["paused", "status_at"])
