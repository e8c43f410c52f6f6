"""Whoever was left for the next month comes back on the list while that is in draft: as a line of its own, for what was stopped stays stopped."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from payments.errors.outcomes import NotLeftForNextMonth, SignedListTakesNobodyBack
from payments.models import Deduction, Entitlement, Payment, RowNote
from payments.services.lists.holding_lists import hold_lists_of
from payments.services.lists.makers import record_makers
from payments.states import BatchStatus, Cause, PaymentStatus
from staff.models import User
from staff.rights import Right, require


@transaction.atomic
def put_back(*, payment_id: int, text: str, actor: User, now: datetime) -> Payment:
    """The new payment, with the money, account and instalments of the one that was left; `text` stands beside it. Asked again, it is refused.

    The actor is a maker of the list from now on. Raises `SignedListTakesNobodyBack`, `NotLeftForNextMonth` (also when the next month's list
    has the money already), `NotAllowed`.
    """
    hold_lists_of([payment_id])
    left = Payment.objects.select_for_update(of=("self",)).select_related("batch__paying_unit").get(pk=payment_id)
    batch = left.batch
    require(actor, Right.STOP_PAYMENT, unit=batch.paying_unit)
    if not may_be_put_back(payment_id=payment_id):
        raise NotLeftForNextMonth(conflicts=[left.end_to_end_id])
    if batch.status != BatchStatus.DRAFT:
        raise SignedListTakesNobodyBack(conflicts=[left.end_to_end_id])
    ordinal = (batch.payments.aggregate(last=Max("ordinal"))["last"] or 0) + 1
    again = Payment.objects.create(
        batch=batch,
        ordinal=ordinal,
        # On the month's own list it is no reissue: no money ever went.
        reissues=left if batch.sequence > 0 and not batch.supplementary else None,
        beneficiary_id=left.beneficiary_id,
        payee_name=left.payee_name,
        bank_account_id=left.bank_account_id,
        amount=left.amount,
        end_to_end_id=f"{batch.token}{ordinal:06d}",
        status=PaymentStatus.DRAFT,
        cause=Cause.BUILD,
        status_at=now,
    )
    Deduction.objects.bulk_create(
        Deduction(decision_id=one.decision_id, payment=again, amount=one.amount) for one in left.deductions.all()
    )
    Entitlement.objects.filter(payment=left).update(payment=again)
    RowNote.objects.create(payment=again, text=text, written_by=actor, written_at=now)
    record_makers(batch_ids=[batch.pk], maker=actor, now=now)
    return again


def may_be_put_back(*, payment_id: int) -> bool:
    """Whether the person was left for the next month and no other list has the money yet; of a draft alone they come back."""
    left = RowNote.objects.filter(payment=payment_id).exclude(ground="")
    held = Entitlement.objects.filter(payment=payment_id)
    # What a decision withdrew meanwhile is no longer the sum that was left: the next month reckons it.
    return left.exists() and held.exists() and not held.filter(withdrawn_in__isnull=False).exists()
