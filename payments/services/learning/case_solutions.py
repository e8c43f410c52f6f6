"""Solve a held payment's case: offer it to the bank again, proposed by one person, confirmed by the checker with the bank's fresh answer.

Only what is READY and held. A payment that was sent and never answered for has one way, the end of its enquiry (ADR 30).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction

from banks.errors import BankError
from banks.transfers import Transfers
from beneficiaries.errors import NotSolvableLikeThis, WrongCaseState
from beneficiaries.models import LIVE, Case, CaseKind, CaseStatus, Solution
from beneficiaries.services.cases.deciding import close_step
from beneficiaries.services.cases.proposals import locked_proposal
from payments.errors import (
    BankHoldsIt,
    BankListUnread,
    ContradictionUnanswered,
    TooEarlyToConclude,
)
from payments.errors.outcomes import ShownDebited
from payments.models import Payment, RemovalSlip
from payments.services.learning.contradictions import SHOWN_DEBITED, unanswered
from payments.services.learning.learn import NEVER_LISTED, Learned, apply_states
from payments.services.sending.succession import replaces_what_is_in_doubt
from payments.states import ON_A_SLIP, PaymentStatus
from staff.models import User
from staff.rights import Right, require
from staff.time_zone import VIETNAM

# A number changed under a signed list is paid by a new list, never by the old one.
NEVER_OFFERED_AGAIN = "account_number_altered"


@dataclass(frozen=True, slots=True)
class _Held:
    """A payment that waits for a person, as it stood before the bank was asked."""

    pk: int
    end_to_end_id: str
    attempt: int
    financial_account: str
    since: datetime
    safe_after: datetime


def offer_again(*, case_id: int, bank: Transfers, actor: User, clock: Callable[[], datetime]) -> Case:
    """Give a payment back to the senders under a new key, because the bank, asked now, does not have it.

    What went in a file and was contradicted needs a finding first. The bank's whole list is read afresh, begun after every deadline plus the
    bank's longest processing time, with no transaction open; what it says is learned on the way. Raises `BankHoldsIt` (the list shows it),
    `BankListUnread`, `ContradictionUnanswered`, `ShownDebited`, `TooEarlyToConclude`, `NotSolvableLikeThis`,
    `SecondPersonNeeded` and the other refusals of a case.
    """
    with transaction.atomic():
        held = _held(locked_proposal(case_id=case_id, actor=actor, right=Right.OFFER_AGAIN, now=clock()), actor=actor)
    began = clock()
    if began <= held.safe_after:
        raise TooEarlyToConclude(conflicts=[held.end_to_end_id])
    if Payment.objects.filter(SHOWN_DEBITED, pk=held.pk).exists():
        raise ShownDebited(conflicts=[held.end_to_end_id])
    if unanswered(Payment.objects.filter(pk=held.pk)).exists():  # our bank's list shows no order that went in a file
        raise ContradictionUnanswered(conflicts=[held.end_to_end_id])
    if replaces_what_is_in_doubt(payment_id=held.pk):
        raise BankHoldsIt(conflicts=[held.end_to_end_id])
    if _is_listed(held, bank=bank, now=began):
        raise BankHoldsIt(conflicts=[held.end_to_end_id])
    with transaction.atomic():
        now = clock()
        case = locked_proposal(case_id=case_id, actor=actor, right=Right.OFFER_AGAIN, now=now)
        if not _give_back(held, now=now):
            raise WrongCaseState(conflicts=[str(case.pk)])
        return close_step(case, status=CaseStatus.SOLVED, actor=actor, now=now, note=case.note)


def solve_cases_of(*, payment: Payment, actor: User, note: str, now: datetime) -> None:
    """A payment that ended, off its list or by its enquiry, answers whatever was asked about it."""
    Case.objects.filter(kind=CaseKind.PAYMENT, subject=payment.end_to_end_id, status__in=LIVE).update(
        status=CaseStatus.SOLVED,
        solution=Solution.SETTLED,
        proposal=None,
        proposed_by=None,
        decided_by=actor,
        decided_at=now,
        note=note[:300],
    )


def _held(case: Case, *, actor: User) -> _Held:
    if case.solution != Solution.OFFER_AGAIN:
        raise NotSolvableLikeThis(conflicts=[str(case.pk)])
    payment = (
        Payment.objects.select_related("batch__cycle", "batch__funding_account", "batch__paying_unit")
        .filter(end_to_end_id=case.subject, beneficiary=case.beneficiary_id)
        .first()
    )
    if payment is None or payment.batch.funding_account is None or not _waits_for_a_person(payment):
        raise NotSolvableLikeThis(conflicts=[str(case.pk)])
    require(actor, Right.OFFER_AGAIN, unit=payment.batch.paying_unit)
    offered_from = min(datetime.combine(payment.batch.cycle.pay_on, time.min, tzinfo=VIETNAM), payment.batch.status_at)
    return _Held(
        pk=payment.pk,
        end_to_end_id=payment.end_to_end_id,
        attempt=payment.attempt,
        financial_account=payment.batch.funding_account.bank_account_id,
        since=offered_from - NEVER_LISTED,
        safe_after=max(payment.lease_until or payment.status_at, payment.status_at)
        + timedelta(seconds=settings.BANK_MAX_PROCESSING_SECONDS),
    )


def _waits_for_a_person(payment: Payment) -> bool:
    held = payment.status == PaymentStatus.READY and payment.hold_code not in ("", NEVER_OFFERED_AGAIN, ON_A_SLIP)
    taken_off = RemovalSlip.objects.filter(payment=payment, refused_at=None)
    return held and not taken_off.exists()


def _is_listed(held: _Held, *, bank: Transfers, now: datetime) -> bool:
    """Whether the bank's list shows the payment, under whatever attempt; read to its end, or nothing follows from it."""
    listed = False
    try:
        for page in bank.list_since(financial_account=held.financial_account, since=held.since):
            apply_states(states=page, now=now, learned=Learned())
            listed = listed or any(state.end_to_end_id == held.end_to_end_id for state in page)
    except BankError as error:
        raise BankListUnread(conflicts=[held.end_to_end_id]) from error
    return listed


def _give_back(held: _Held, *, now: datetime) -> int:
    """Under a new key, and only as it stood when the bank was asked."""
    as_it_stood = Payment.objects.filter(pk=held.pk, attempt=held.attempt, status=PaymentStatus.READY)
    as_it_stood = as_it_stood.exclude(pk__in=RemovalSlip.objects.filter(refused_at=None).values("payment"))
    return as_it_stood.exclude(hold_code="").update(
        attempt=held.attempt + 1, first_used_at=None, lease_until=None, inconclusive_at=None, hold_code=""
    )
