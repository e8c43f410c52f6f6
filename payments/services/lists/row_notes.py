"""What a clerk writes beside a row: a note, or that the person is left for the next month. Neither changes a signed list."""

from datetime import datetime

from django.db import transaction

from payments.errors import CannotStop
from payments.errors.outcomes import SignedListLeavesNobody
from payments.models import Payment, RowNote
from payments.services.learning.case_solutions import solve_cases_of
from payments.services.lists.holding_lists import hold_lists_of
from payments.services.lists.makers import record_removal
from payments.services.signing.removal import why_not
from payments.services.signing.stop import cancel
from payments.states import BatchStatus, PaymentStatus
from staff.models import User
from staff.rights import Right, may, no_right, out_of_reach, require

# Whoever takes people off lists, and whoever looks after them in the commune.
MAY_WRITE = (Right.STOP_PAYMENT, Right.DECIDE_CASE)


def write_note(*, payment_id: int, text: str, actor: User, now: datetime) -> RowNote:
    """A note beside the row, for whoever signs after. Raises `NotAllowed`."""
    payment = Payment.objects.select_related("beneficiary__unit", "batch__paying_unit").get(pk=payment_id)
    # A commune's officer reaches the person, not the unit that pays.
    reaches = actor.reaches(payment.batch.paying_unit) or actor.reaches(payment.beneficiary.unit)
    if not any(may(actor, right) for right in MAY_WRITE):
        raise no_right(actor, *MAY_WRITE)
    if not reaches:
        raise out_of_reach(actor, *MAY_WRITE)
    return RowNote.objects.create(payment=payment, text=text, written_by=actor, written_at=now)


@transaction.atomic
def leave_for_next_month(*, payment_id: int, ground: str, text: str, actor: User, now: datetime) -> RowNote:
    """Off a list in draft, and on the next month's with this month's money; the person is told the ground, the office the text.

    No reissue of the month puts them back. The actor is a maker of the list from now on. Raises `SignedListLeavesNobody`, `CannotStop`,
    `NotAllowed`.
    """
    hold_lists_of([payment_id])
    payment = Payment.objects.select_for_update(of=("self",)).select_related("batch__paying_unit").get(pk=payment_id)
    require(actor, Right.STOP_PAYMENT, unit=payment.batch.paying_unit)
    if payment.status not in (PaymentStatus.DRAFT, PaymentStatus.READY):
        raise CannotStop(why_not(payment), conflicts=[payment.end_to_end_id])
    if payment.batch.status != BatchStatus.DRAFT:
        raise SignedListLeavesNobody(conflicts=[payment.end_to_end_id])
    note = RowNote.objects.create(payment=payment, ground=ground, text=text, written_by=actor, written_at=now)
    record_removal(batch=payment.batch, maker=actor, now=now)
    solve_cases_of(payment=payment, actor=actor, note=text, now=now)
    cancel(payment_ids=[payment_id], now=now)
    return note


def left_for_next_month(payment_ids: list[int]) -> dict[int, RowNote]:
    """Of these payments those whose person was left for the next month, by id."""
    return {note.payment_id: note for note in RowNote.objects.filter(payment__in=payment_ids).exclude(ground="")}
