"""The end of enquiry: what nobody could learn is looked into by one person, answered by the bank on paper, and ended by another in another role."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from banks.transfers import Transfers
from payments.errors import OutcomeNotUnknown
from payments.errors.outcomes import (
    BankShowsTheOrder,
    EnquiryNotYours,
    LetterMissing,
)
from payments.errors.seen import LetterIsAnother
from payments.models import BankLetter, Enquiry, Payment
from payments.services.learning.case_solutions import solve_cases_of
from payments.services.learning.learn import Learned, read_account
from payments.services.signing.papers import Upload, read_upload
from payments.states import Cause, PaymentStatus
from staff.encryption import seal, unseal
from staff.models import AdministrativeUnit, PaperReading, User
from staff.rights import Right, require
from staff.services.paper_readings import note_reading

# Longer than the bank keeps a key and any process of ours lives between two lines (ADR 23): nobody can still bring the old order.
NOT_BEFORE = timedelta(hours=48)
FOR_PEOPLE_AFTER = timedelta(hours=20)
LETTER = "bank-letter"


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
            return Enquiry.objects.create(
                payment=payment, attempt=payment.attempt, owner=actor, owner_role=actor.role, taken_at=now
            )
    except IntegrityError as error:
        raise EnquiryNotYours(conflicts=[payment.end_to_end_id]) from error


def answer_enquiry(*, payment_id: int, content: bytes, document: str, actor: User, now: datetime) -> Enquiry:
    """Its owner puts the bank's letter on file (`document`: number and date): that the bank never had the order. Replaceable until it is ended.

    The same paper may answer for many orders; it is read before anything is held. Raises `OutcomeNotUnknown`, `EnquiryNotYours`,
    `UnreadablePaper`, `PdfNotRead`, `NotAllowed`.
    """
    _enquiry_of(payment_id, Enquiry.objects.all(), actor=actor, now=now)
    letter = read_upload(content)
    with transaction.atomic():
        enquiry = _enquiry_of(payment_id, Enquiry.objects.select_for_update(), actor=actor, now=now)
        return _answer(enquiry, letter, document=document, actor=actor, now=now)


def _enquiry_of(payment_id: int, enquiries: QuerySet[Enquiry], *, actor: User, now: datetime) -> Enquiry:
    """The actor's open one, of a payment whose outcome is unknown."""
    payment = Payment.objects.select_related("batch__paying_unit").get(pk=payment_id)
    require(actor, Right.SETTLE_UNKNOWN, unit=payment.batch.paying_unit)
    _require_unknown(payment, age=FOR_PEOPLE_AFTER, now=now)
    enquiry = enquiries.filter(_open_of(payment), owner=actor).first()
    if enquiry is None:
        raise EnquiryNotYours(conflicts=[payment.end_to_end_id])
    return enquiry


def _answer(enquiry: Enquiry, letter: Upload, *, document: str, actor: User, now: datetime) -> Enquiry:
    enquiry.letter, _ = BankLetter.objects.get_or_create(
        content_digest=letter.digest,
        defaults={
            "media_type": letter.media_type,
            "sealed": seal(letter.content, purpose=LETTER),
            "received_by": actor,
            "received_at": now,
        },
    )
    enquiry.document, enquiry.answered_at = document, now
    enquiry.save(update_fields=["letter", "document", "answered_at"])
    return enquiry


@transaction.atomic
def read_letter(*, payment_id: int, actor: User, now: datetime) -> tuple[bytes, str]:
    """The letter on file for the open enquiry, and its media type, for whoever is to end it; that it was read is written down.

    Raises `LetterMissing`, `NotAllowed`.
    """
    payment = Payment.objects.select_related("batch__paying_unit").get(pk=payment_id)
    require(actor, Right.SETTLE_UNKNOWN, unit=payment.batch.paying_unit)
    letter = BankLetter.objects.filter(enquiries__payment=payment, enquiries__attempt=payment.attempt).first()
    if letter is None:
        raise LetterMissing(conflicts=[payment.end_to_end_id])
    unit = payment.batch.paying_unit
    note_reading(kind=PaperReading.Kind.LETTER, paper_id=letter.pk, unit=unit, actor=actor, now=now)
    return unseal(bytes(letter.sealed), purpose=LETTER), letter.media_type


def end_enquiry(*, payment_id: int, actor: User, now: datetime, bank: Transfers, letter: int | None = None) -> bool:
    """Another person in another role ends it by the letter on file; the bank's list, read to its end now, does not show the order.

    The payment is CANCELLED and never goes out again under any key. Its money goes on a new list, signed by three, and only while every
    later reading of the bank's list still does not show the order (ADR 30). False if the list does show it: then that is applied instead.
    Raises `OutcomeNotUnknown` before 48 hours, `EnquiryNotYours` (nobody looks into it, the actor does, or has the same role), `LetterMissing`,
    `LetterIsAnother` than the `letter` (its id) the actor read, `BankShowsTheOrder` when the bank shows something else under our id, BankError if
    it does not answer, `NotAllowed`.
    """
    payment = Payment.objects.select_related("batch__paying_unit", "batch__funding_account", "batch__cycle").get(
        pk=payment_id
    )
    require(actor, Right.SETTLE_UNKNOWN, unit=payment.batch.paying_unit)
    _require_unknown(payment, age=NOT_BEFORE, now=now)
    enquiry = Enquiry.objects.filter(_open_of(payment)).first()
    if enquiry is None or enquiry.owner_id == actor.pk or enquiry.owner_role == actor.role:
        raise EnquiryNotYours(conflicts=[payment.end_to_end_id])
    if enquiry.letter_id is None:
        raise LetterMissing(conflicts=[payment.end_to_end_id])
    if letter is not None and enquiry.letter_id != letter:
        raise LetterIsAnother(conflicts=[payment.end_to_end_id])
    learned = Learned()
    shown = read_account(payment=payment, bank=bank, now=now, learned=learned)
    if payment.pk in learned.contradicted:
        raise BankShowsTheOrder(conflicts=[payment.end_to_end_id])
    if shown:
        return False
    with transaction.atomic():
        as_it_stood = Payment.objects.filter(pk=payment.pk, attempt=payment.attempt, status=PaymentStatus.SENT)
        decided = Enquiry.objects.filter(pk=enquiry.pk, outcome="", letter=enquiry.letter_id).update(
            outcome=Enquiry.Outcome.ABSENT, asked_at=now, decided_by=actor, decided_role=actor.role, decided_at=now
        )
        if not decided or not as_it_stood.filter(lease_until__lt=now).apply(Cause.NEVER_HAD, now=now):
            raise OutcomeNotUnknown(conflicts=[payment.end_to_end_id])
        solve_cases_of(payment=payment, actor=actor, note=enquiry.document, now=now)
    return True


def _open_of(payment: Payment) -> Q:
    return Q(payment=payment, attempt=payment.attempt, outcome="")


def _require_unknown(payment: Payment, *, age: timedelta, now: datetime) -> None:
    old = payment.first_used_at is not None and payment.first_used_at < now - age
    free = payment.lease_until is not None and payment.lease_until < now  # what went in a file has no lease: ADR 27
    if payment.status != PaymentStatus.SENT or not old or not free:
        raise OutcomeNotUnknown(conflicts=[payment.end_to_end_id])
