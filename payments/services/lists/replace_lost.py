"""A list in draft whose people lost their account, or whose payee died, meanwhile: they are put on a list of the same month that pays them another way."""

from datetime import datetime

from django.db import transaction

from beneficiaries.services.accounts.account_choice import payable
from payments.errors import CycleIsClosed, NothingToReissue, WrongBatchState
from payments.models import Cycle, Payment, PaymentBatch
from payments.services.lists.in_a_dead_name import in_a_dead_name
from payments.services.lists.makers import record_removal
from payments.services.lists.reissue import Reissued, place_again
from payments.services.signing.stop import cancel
from payments.states import BatchStatus
from staff.models import User
from staff.rights import Right, require

_LOST = f"""
SELECT p.id FROM payments_payment p LEFT JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id
WHERE p.batch_id = %s AND p.status = 'DRAFT' AND (a.id IS NOT NULL AND NOT {payable("a")} OR {in_a_dead_name("p")}) ORDER BY p.id FOR UPDATE OF p
"""


@transaction.atomic
def replace_lost(*, batch_id: int, actor: User, now: datetime) -> Reissued:
    """Take who lost the account, or whose payee died, off a list in draft and pay them by a new one: into another good account, else in hand.

    Nobody is on both. The actor becomes a maker of both. Whoever cannot be placed within the month (a death, an enrolment that ended) is off
    the list, confirmed unpaid, and the next month's list decides. Raises `NothingToReissue` when no account was lost and no payee died, or
    nobody can be placed (then nothing is done), `WrongBatchState` once somebody signed, `CycleIsClosed`, `NotAllowed`.
    """
    found = PaymentBatch.objects.select_related("paying_unit").get(pk=batch_id)
    require(actor, Right.BUILD_LIST, unit=found.paying_unit)
    # The month before its lists, as a reissue takes them.
    cycle = Cycle.objects.select_for_update().get(pk=found.cycle_id)
    if cycle.closed_at is not None:
        raise CycleIsClosed
    batch = PaymentBatch.objects.select_for_update().get(pk=batch_id)
    if batch.status != BatchStatus.DRAFT:
        raise WrongBatchState(conflicts=[str(batch_id)])
    lost = [payment.pk for payment in Payment.objects.raw(_LOST, [batch_id])]
    if not lost:
        raise NothingToReissue
    record_removal(batch=batch, maker=actor, now=now)
    cancel(payment_ids=lost, now=now)
    return place_again(cycle=cycle, unit=found.paying_unit, to_cash=lost, only=lost, actor=actor, now=now)
