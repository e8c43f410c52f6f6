"""A file refused whole is offered again when a person has found out why."""

from datetime import datetime

from django.db import transaction

from payments.errors import WrongFileState
from payments.models import Payment, PaymentFile
from payments.states import FileStatus, PaymentStatus
from staff.models import User
from staff.rights import Right, require


@transaction.atomic
def offer_again(*, file_id: int, actor: User, now: datetime) -> int:
    """Let the payments of a refused file go into new files, under new message ids; return how many.

    Raises `WrongFileState` unless the bank refused the whole file, `NotAllowed`.
    """
    file = PaymentFile.objects.select_related("batch__paying_unit").defer("sealed").get(pk=file_id)
    require(actor, Right.RELEASE, unit=file.batch.paying_unit)
    if file.status != FileStatus.REJECTED:
        raise WrongFileState(conflicts=[file.message_id])
    held = Payment.objects.filter(
        batch_id=file.batch_id,
        ordinal__range=(file.first_ordinal, file.last_ordinal),
        status=PaymentStatus.READY,
        hold_code="file_rejected",
    )
    return held.update(hold_code="")
