"""Payments whose outcome the bank has not told: replayed under the same key, looked for in the bank's list, and only then offered anew."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from banks.transfers import Transfers
from payments.models import Payment
from payments.services.learning.cases import open_payment_cases
from payments.services.learning.learn import Learned, fetch_states
from payments.services.sending.send import REPLAY_FOR, replay_unknown_payments
from payments.states import Cause, PaymentStatus


@dataclass
class Resolved:
    """What became of the unknown ones; `read`: the bank's whole list was read on the way."""

    replayed: int = 0
    learned: int = 0
    absent: int = 0
    read: bool = False


def resolve_unknowns(*, bank: Transfers, clock: Callable[[], datetime]) -> Resolved:
    """Find out about every payment that is SENT past its lease.

    Absence is concluded only when the bank answers a replay under the same key from its store, so that nobody can execute anything under it
    any more, **and** a list read begun after the lease plus the bank's longest processing time does not show it. Then, and only then, it may
    be offered again under a new key (I3, ADR 23). Until then it is replayed, and after 20 hours a person is told.
    """
    resolved = Resolved()
    if not Payment.objects.filter(status=PaymentStatus.SENT, lease_until__lt=clock()).exists():
        return resolved
    _leave_to_people(now=clock())
    sending = replay_unknown_payments(bank=bank, clock=clock)
    resolved.replayed = sending.accepted
    began = clock()
    before = began - timedelta(seconds=settings.BANK_MAX_PROCESSING_SECONDS)
    candidates = list(
        Payment.objects.filter(
            status=PaymentStatus.SENT, lease_until__lt=before, inconclusive_at__lt=before
        ).values_list("pk", "attempt", "batch__funding_account")
    )
    learned: Learned = fetch_states(bank=bank, now=clock())
    resolved.learned, resolved.read = learned.moved, learned.complete
    for pk, attempt, account in candidates:
        if account not in learned.read or pk in learned.contradicted:  # shown, though not as ours: for a person
            continue
        resolved.absent += _offer_anew(pk, attempt=attempt, now=clock())
    return resolved


def _leave_to_people(*, now: datetime) -> None:
    """Too old to be replayed under its key, and never found out about: the end of enquiry is a person."""
    old = Payment.objects.filter(status=PaymentStatus.SENT, first_used_at__lt=now - REPLAY_FOR, lease_until__lt=now)
    open_payment_cases(payment_ids=old.values_list("pk", flat=True), reason="OUTCOME_UNKNOWN", now=now)


@transaction.atomic
def _offer_anew(pk: int, *, attempt: int, now: datetime) -> int:
    """The whole list was read after every deadline and did not show it: a new key may be used."""
    still_unknown = Payment.objects.filter(pk=pk, attempt=attempt, status=PaymentStatus.SENT)
    return still_unknown.apply(
        Cause.NOT_TAKEN, now=now, attempt=attempt + 1, first_used_at=None, lease_until=None, inconclusive_at=None
    )
