"""Thông báo dừng chi: ask bank or provider not to pay what they hold. They answer by what they do; nothing moves by asking."""

from datetime import datetime

from django.db import transaction

from payments.errors import CannotAskToStop
from payments.models import Payment, StopNotice
from payments.states import IN_FLIGHT
from staff.models import User
from staff.rights import Right, require


@transaction.atomic
def ask_to_stop(*, payment_id: int, reason: str, document_number: str, actor: User, now: datetime) -> StopNotice:
    """Open a notice for a payment that is with the bank or provider. On a cash list it is marked on the provider's copy from then on.

    Asking again changes nothing; a notice that was withdrawn stands again. Raises `CannotAskToStop`, `NotAllowed`.
    """
    payment = Payment.objects.select_for_update(of=("self",)).select_related("batch__paying_unit").get(pk=payment_id)
    require(actor, Right.STOP_PAYMENT, unit=payment.batch.paying_unit)
    if payment.status not in IN_FLIGHT:
        raise CannotAskToStop(conflicts=[payment.end_to_end_id])
    notice, created = StopNotice.objects.get_or_create(
        payment=payment,
        defaults={
            "ground": StopNotice.Ground.REQUESTED,
            "opened_at": now,
            "reason": reason,
            "document_number": document_number,
            "asked_by": actor,
        },
    )
    if not created and notice.withdrawn_at is not None:
        notice.ground, notice.withdrawn_at, notice.opened_at = StopNotice.Ground.REQUESTED, None, now
        notice.reason, notice.document_number, notice.asked_by = reason, document_number, actor
        notice.save()
    return notice
