"""Files refused whole are offered again when a person has found out why."""

from datetime import datetime

from django.db import transaction

from payments.errors import NoRefusedFile
from payments.models import Payment, PaymentBatch, PaymentFile, RemovalSlip
from payments.services.learning.contradictions import unanswered
from payments.states import FileStatus, PaymentStatus
from staff.models import User
from staff.rights import Right, require


@transaction.atomic
def offer_again(*, batch_id: int, actor: User, now: datetime) -> int:
    """Let the payments of a list's refused files go into new files, under new message ids; return how many.

    One of which the bank said something else meanwhile waits for a finding, and for its case (ADR 35).
    Raises `NoRefusedFile` when nothing of the list waits for that, `NotAllowed`.
    """
    batch = PaymentBatch.objects.select_related("paying_unit").get(pk=batch_id)
    require(actor, Right.RELEASE, unit=batch.paying_unit)
    held = Payment.objects.filter(batch=batch, status=PaymentStatus.READY, hold_code="file_rejected")
    held = held.exclude(pk__in=RemovalSlip.objects.filter(refused_at=None).values("payment"))  # who is taken off stays
    held = held.exclude(pk__in=unanswered(held).values("pk"))
    refused = PaymentFile.objects.filter(batch=batch, status=FileStatus.REJECTED)
    offered = held.update(hold_code="") if refused.exists() else 0
    if not offered:
        raise NoRefusedFile(conflicts=[str(batch_id)])
    return offered
