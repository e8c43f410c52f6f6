"""Payments as we hold them when the bank speaks of an order, and whether it speaks of that very order: two of one id are not one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from banks.transfers import Status, TransferState
from payments.states import Cause, PaymentStatus, sources

CURRENCY = "VND"
_HOLD = """
SELECT end_to_end_id, id, amount, attempt, status, cause, file_id, bank_reference, returned_on FROM payments_payment WHERE end_to_end_id = ANY(%s)
"""


@dataclass(frozen=True)
class Held:
    """A payment as we hold it; `amount` in đồng, `reference` is the bank's, "" while it told none."""

    pk: int
    amount: int
    attempt: int
    status: str
    cause: str
    file_id: int | None
    reference: str
    returned_on: date | None

    def is_told_by(self, state: TransferState) -> bool:
        """Whether the bank speaks of this very order: what came back of a second one did not come back of the first.

        A file's orders have no reference of their own: a bank may name the debit, its return and a refusal each by another. Two debits of one
        order are two all the same, and so is one after its money came back.
        """
        if self.file_id is None:
            of_it = self.reference in ("", state.bank_reference)
        else:
            of_it = state.status is not Status.POSTED or not self._was_debited_before(state)
        return of_it and (self.amount, self.attempt, CURRENCY) == (state.amount, state.attempt, state.currency)

    def _was_debited_before(self, debit: TransferState) -> bool:
        if self.status == PaymentStatus.POSTED:
            return self.reference not in ("", debit.bank_reference)
        return self.returned_on is not None and timezone.localdate(debit.status_at) > self.returned_on


def held_by_us(states: Sequence[TransferState]) -> dict[str, Held]:
    """What we hold of these, by end-to-end id."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [[state.end_to_end_id for state in states]])
        return {key: Held(*row) for key, *row in cursor.fetchall()}


def may_move(held: dict[str, Held], state: TransferState, *, cause: Cause) -> bool:
    """Whether a payment of ours stands where `cause` moves it, and the bank speaks of it."""
    ours = held.get(state.end_to_end_id)
    return ours is not None and ours.status in sources(cause) and ours.is_told_by(state)
