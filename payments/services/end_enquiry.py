"""The end of enquiry: an outcome nobody could learn is looked into by one person, and ended by another with the bank's fresh answer."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from banks.transfers import Transfers
from payments.errors import BankShowsTheOrder, EnquiryNotYours, OutcomeNotUnknown
from payments.models import Enquiry, Payment
from payments.services.learn import Learned, read_account
from payments.states import Cause, PaymentStatus
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

# Longer than the bank keeps a key and any process of ours lives between two lines (ADR 23): nobody can still bring the old order.
NOT_BEFORE = timedelta(hours=48)
FOR_PEOPLE_AFTER = timedelta(hours=20)


def unknown_outcomes(*, unit: AdministrativeUnit | None, now: datetime) -> QuerySet[Payment]:
    """Payments on lists of the subtree whose outcome is unknown for longer than their key is replayed; the oldest first."""
    return (
        Payment.objects.filter(
            status=PaymentStatus.SENT,
            first_used_at__lt=now - FOR_PEOPLE_AFTER,
            lease_until__lt=now,
            batch__paying_unit__path__startswith=unit.path if unit else "-",
        )
        .select_related("batch__paying_unit")
        .prefetch_related("enquiries__owner")
        .order_by("first_used_at", "pk")
    )


def take_enquiry(*, payment_id: int, actor: User, now: datetime) -> Enquiry:
    """The actor looks into it from now on. Raises `OutcomeNotUnknown`, `EnquiryNotYours` if somebody does already, `NotAllowed`."""
    payment = Payment.objects.select_related("batch__paying_unit").get(pk=payment_id)
    require(actor, Right.SETTLE_UNKNOWN, unit=payment.batch.paying_unit)
    _require_unknown(payment, age=FOR_PEOPLE_AFTER, now=now)
    try:
        with transaction.atomic():
            return Enquiry.objects.create(payment=payment, attempt=payment.attempt, owner=actor, taken_at=now)
    except IntegrityError as error:
        raise EnquiryNotYours(conflicts=[payment.end_to_end_id]) from error


def end_enquiry(*, payment_id: int, document: str, actor: User, now: datetime, bank: Transfers) -> bool:
    """A second person ends it: the bank wrote (`document`) that it never had the order, and its list, read now, does not show it.

    Then the payment may be sent under a new key. False if the bank's list does show it: then that is applied, and nothing else is needed.
    Raises `OutcomeNotUnknown` before 48 hours, `EnquiryNotYours` (nobody looks into it, or the actor does), `BankShowsTheOrder` when the bank
    shows something else under our id, BankError if it does not answer, `NotAllowed`.
    """
    payment = Payment.objects.select_related("batch__paying_unit", "batch__funding_account").get(pk=payment_id)
    require(actor, Right.SETTLE_UNKNOWN, unit=payment.batch.paying_unit)
    _require_unknown(payment, age=NOT_BEFORE, now=now)
    enquiry = Enquiry.objects.filter(payment=payment, attempt=payment.attempt, outcome="").first()
    if enquiry is None or enquiry.owner_id == actor.pk:
        raise EnquiryNotYours(conflicts=[payment.end_to_end_id])
    learned = Learned()
    shown = read_account(payment=payment, bank=bank, now=now, learned=learned)
    if payment.pk in learned.contradicted:
        raise BankShowsTheOrder(conflicts=[payment.end_to_end_id])
    if shown:
        return False
    with transaction.atomic():
        moved = Payment.objects.filter(pk=payment.pk, attempt=payment.attempt, lease_until__lt=now).apply(
            Cause.NOT_TAKEN,
            now=now,
            attempt=payment.attempt + 1,
            first_used_at=None,
            lease_until=None,
            lease_by="",
            inconclusive_at=None,
        )
        if not moved:
            raise OutcomeNotUnknown(conflicts=[payment.end_to_end_id])
        Enquiry.objects.filter(pk=enquiry.pk).update(
            outcome=Enquiry.Outcome.ABSENT, document=document, asked_at=now, decided_by=actor, decided_at=now
        )
    return True


def _require_unknown(payment: Payment, *, age: timedelta, now: datetime) -> None:
    old = payment.first_used_at is not None and payment.first_used_at < now - age
    free = payment.lease_until is None or payment.lease_until < now
    if payment.status != PaymentStatus.SENT or not old or not free:
        raise OutcomeNotUnknown(conflicts=[payment.end_to_end_id])
