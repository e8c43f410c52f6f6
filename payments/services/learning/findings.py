"""What became of a payment of which two things were said: the bank's or provider's letter, put on file by one and confirmed by another."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from payments.errors import DayImpossible
from payments.errors.outcomes import (
    FindingMissing,
    FindingNeedsAnother,
    LeftSomething,
    NotContradicted,
    SameLetterAgain,
    ShownDebited,
    ToldAgainSince,
)
from payments.errors.seen import LetterIsAnother
from payments.models import BankLetter, Contradiction, Finding, HandOver, Payment, PaymentFile, Succession
from payments.services.learning.case_solutions import solve_cases_of
from payments.services.learning.contradictions import MAY_BE_FOUND_WRONG, NOBODY_TO_ASK, SHOWN_DEBITED, undecided
from payments.services.learning.end_enquiry import LETTER
from payments.services.providers.booking import book_provider_payments
from payments.services.signing.papers import Upload, read_upload
from payments.states import UNPAID_FINAL, Cause, PaymentStatus, sources
from staff.encryption import seal, unseal
from staff.models import AdministrativeUnit, PaperReading, User
from staff.rights import Right, require
from staff.services.paper_readings import note_reading

MAY_HAVE_LEFT_NOTHING = (*UNPAID_FINAL, PaymentStatus.READY)
# What was put on file before two people decided by another letter waits for nobody any more.
_DECIDED_SINCE = Exists(
    Finding.objects.filter(
        Q(found_at__gt=OuterRef("found_at")) | Q(found_at=OuterRef("found_at"), pk__gt=OuterRef("pk")),
        payment=OuterRef("payment"),
        confirmed_at__isnull=False,
    )
)
_WAITING = Finding.objects.filter(~_DECIDED_SINCE, confirmed_at__isnull=True)
# A finding taken back is no question until somebody puts the letter on file; then it waits for the second person like the others.
_SOMETHING_WAITS = Q(Exists(_WAITING.filter(payment=OuterRef("pk"))))
# A bank that can be asked afresh tells by itself that nothing left; that something arrived after it said the opposite, only people can end.
_MAY_HAVE_ARRIVED = Q(
    status__in=[status for status in sources(Cause.FOUND_ARRIVED) if status in UNPAID_FINAL], confirmed_at__isnull=True
)


def contradicted_payments(*, unit: AdministrativeUnit | None) -> QuerySet[Payment]:
    """Payments on lists of the subtree that wait for a finding, the longest first, each with those that wait (`waiting_findings`)."""
    open_questions = Contradiction.objects.filter(undecided(), payment=OuterRef("pk"))
    return (
        Payment.objects.filter(
            NOBODY_TO_ASK | _MAY_HAVE_ARRIVED | MAY_BE_FOUND_WRONG,
            Exists(open_questions) | (MAY_BE_FOUND_WRONG & _SOMETHING_WAITS),
            batch__paying_unit__path__startswith=unit.path if unit else "-",
        )
        .select_related("batch__paying_unit", "contradiction")
        .prefetch_related(
            Prefetch("findings", _WAITING.select_related("found_by").order_by("pk"), to_attr="waiting_findings")
        )
        .order_by("contradiction__told_at", "pk")
    )


def may_be_found_wrong(*, payment_id: int) -> bool:
    """Whether two people found last that it arrived, so that two people with another letter may take that back."""
    return Payment.objects.filter(MAY_BE_FOUND_WRONG, pk=payment_id).exists()


def put_finding(
    *,
    payment_id: int,
    outcome: Finding.Outcome,
    content: bytes,
    document: str,
    actor: User,
    now: datetime,
    arrived_on: date | None = None,
) -> Finding:
    """Put on file what the bank or provider wrote (`document`: the letter's number and date; `arrived_on`: the day it says, if it arrived).

    It counts for nothing until it is confirmed. LEFT_NOTHING of what was found to have arrived takes that back, by another letter. Raises
    `NotContradicted` (or the bank can be asked afresh whether anything left), `LeftSomething` when the payment stands as paid or under way
    and the letter says that it left nothing, `SameLetterAgain`, `DayImpossible`, `UnreadablePaper`, `PdfNotRead`, `NotAllowed`.
    """
    # Said before the letter is read, which takes a while and holds nothing.
    _contradicted(payment_id, actor=actor, outcome=outcome)
    letter = read_upload(content)
    with transaction.atomic():
        return _put(payment_id, letter, outcome=outcome, document=document, arrived_on=arrived_on, actor=actor, now=now)


def _put(
    payment_id: int,
    upload: Upload,
    *,
    outcome: Finding.Outcome,
    document: str,
    arrived_on: date | None,
    actor: User,
    now: datetime,
) -> Finding:
    payment = _contradicted(payment_id, actor=actor, outcome=outcome)
    if arrived_on is not None and (
        outcome != Finding.Outcome.ARRIVED or not payment.batch.cycle.listed_on <= arrived_on <= timezone.localdate(now)
    ):
        raise DayImpossible(
            "Ngày tiền đến phải từ ngày lập danh sách đến hôm nay, và chỉ ghi khi kết luận tiền đã đến."
        )
    if outcome == Finding.Outcome.LEFT_NOTHING:
        arrived_by = payment.findings.filter(outcome=Finding.Outcome.ARRIVED, confirmed_at__isnull=False)
        if arrived_by.filter(letter__content_digest=upload.digest).exists():
            raise SameLetterAgain(conflicts=[payment.end_to_end_id])
        if payment.status not in MAY_HAVE_LEFT_NOTHING and not may_be_found_wrong(payment_id=payment_id):
            raise LeftSomething(conflicts=[payment.end_to_end_id])
    letter, _ = BankLetter.objects.get_or_create(
        content_digest=upload.digest,
        defaults={
            "media_type": upload.media_type,
            "sealed": seal(upload.content, purpose=LETTER),
            "received_by": actor,
            "received_at": now,
        },
    )
    return Finding.objects.create(
        payment=payment,
        outcome=outcome,
        letter=letter,
        document=document,
        arrived_on=arrived_on,
        found_by=actor,
        found_role=actor.role,
        found_at=now,
    )


@transaction.atomic
def read_finding(*, payment_id: int, actor: User, now: datetime) -> tuple[bytes, str]:
    """The letter that waits to be confirmed, and its media type; that it was read is written down.

    Raises `FindingMissing`, `NotContradicted`, `NotAllowed`.
    """
    payment = _contradicted(payment_id, actor=actor)
    finding = _newest(payment)
    unit = payment.batch.paying_unit
    note_reading(kind=PaperReading.Kind.LETTER, paper_id=finding.letter_id, unit=unit, actor=actor, now=now)
    return unseal(bytes(finding.letter.sealed), purpose=LETTER), finding.letter.media_type


@transaction.atomic
def confirm_finding(*, payment_id: int, actor: User, now: datetime, finding: int | None = None) -> Finding:
    """Another person in another role confirms the newest finding (`finding`, if that one was read); nothing was told since the letter was put on file.

    LEFT_NOTHING: what a provider or a cash point was to pay may now be paid another way; what went in a file, after one more reading of the
    bank's reports. What had been found to have arrived is unpaid again first; where the bank can be asked, its fresh answer decides then.
    ARRIVED: it never is; it stands as paid from now on, unless another payment carries its money already (then what reached the
    person twice is for a decision to recover). Cases about the payment are solved. Raises `NotContradicted`, `FindingMissing`,
    `FindingNeedsAnother`, `LetterIsAnother`, `ToldAgainSince`, `LeftSomething`, `ShownDebited` (LEFT_NOTHING against a debit that never
    came back), `NotAllowed`.
    """
    payment = _contradicted(payment_id, actor=actor)
    # Who tells again waits here, or did.
    told_at = Contradiction.objects.select_for_update().get(payment=payment).told_at
    newest = _newest(payment)
    if finding is not None and newest.pk != finding:
        raise LetterIsAnother(conflicts=[payment.end_to_end_id])
    takes_back = newest.outcome == Finding.Outcome.LEFT_NOTHING and may_be_found_wrong(payment_id=payment_id)
    if newest.found_by_id == actor.pk or newest.found_role == actor.role:
        raise FindingNeedsAnother(conflicts=[payment.end_to_end_id])
    if newest.found_at <= told_at:
        raise ToldAgainSince(conflicts=[payment.end_to_end_id])
    Finding.objects.filter(pk=newest.pk).update(confirmed_by=actor, confirmed_role=actor.role, confirmed_at=now)
    newest.refresh_from_db()
    if takes_back:
        _take_back(payment, now=now)
    if newest.outcome == Finding.Outcome.LEFT_NOTHING:
        if Payment.objects.filter(SHOWN_DEBITED, pk=payment_id).exists():
            raise ShownDebited(conflicts=[payment.end_to_end_id])
        _free(payment, now=now)
    else:
        _pay(payment, finding=newest, now=now)
    # Of what waits and left nothing, its case is where sending it again is proposed.
    if payment.status != PaymentStatus.READY or newest.outcome == Finding.Outcome.ARRIVED:
        solve_cases_of(payment=payment, actor=actor, note=newest.document, now=now)
    return newest


def _take_back(payment: Payment, *, now: datetime) -> None:
    """Unpaid again, in no month's figures; what the journal said the provider paid of it is booked back. Never set free by this alone."""
    wrong = Payment.objects.filter(pk=payment.pk, cause=Cause.FOUND_ARRIVED)
    if wrong.apply(Cause.FOUND_WRONG, now=now, credited_on=None, confirmed_at=None):
        _book_provider(payment, now=now)


def _book_provider(payment: Payment, *, now: datetime) -> None:
    if payment.batch.funding_account_id is None or HandOver.objects.filter(batch=payment.batch_id).exists():
        book_provider_payments(batch=payment.batch, now=now)


def _free(payment: Payment, *, now: datetime) -> None:
    as_it_stands = Payment.objects.filter(pk=payment.pk)
    if not as_it_stands.filter(status__in=MAY_HAVE_LEFT_NOTHING).exists():
        raise LeftSomething(conflicts=[payment.end_to_end_id])
    to_ask = Payment.objects.filter(pk=payment.pk).exclude(NOBODY_TO_ASK).exists()
    if not to_ask and not PaymentFile.objects.filter(batch=payment.batch_id).exists():
        as_it_stands.filter(status__in=UNPAID_FINAL, confirmed_at__isnull=True).update(confirmed_at=now)


def _pay(payment: Payment, *, finding: Finding, now: datetime) -> None:
    """Paid as the letter says: for the person, the report, the journal and the proof. Credited on the letter's day, else the statement's, else today."""
    debited_on = Contradiction.objects.values_list("debited_on", flat=True).get(payment=payment)
    day = finding.arrived_on or debited_on or timezone.localdate(now)
    alone = Payment.objects.filter(pk=payment.pk).exclude(pk__in=Succession.objects.values("predecessor"))
    if alone.apply(Cause.FOUND_ARRIVED, now=now, credited_on=day, confirmed_at=None, hold_code="", lease_until=None):
        # Derived anew: its debit is explained now.
        Contradiction.objects.filter(payment=payment).update(debited_on=None)
        _book_provider(payment, now=now)


def _contradicted(payment_id: int, *, actor: User, outcome: str = Finding.Outcome.ARRIVED) -> Payment:
    payment = Payment.objects.select_related("batch__paying_unit", "batch__cycle").get(pk=payment_id)
    require(actor, Right.SETTLE_UNKNOWN, unit=payment.batch.paying_unit)
    open_questions = Contradiction.objects.filter(undecided(), payment=OuterRef("pk"))
    of_kind = NOBODY_TO_ASK | _MAY_HAVE_ARRIVED if outcome == Finding.Outcome.ARRIVED else NOBODY_TO_ASK
    asked = Q(of_kind, Exists(open_questions)) | MAY_BE_FOUND_WRONG
    if not Payment.objects.filter(asked, pk=payment_id).exists():
        raise NotContradicted(conflicts=[payment.end_to_end_id])
    return payment


def _newest(payment: Payment) -> Finding:
    """The one that waits; raises `FindingMissing`."""
    finding = _WAITING.filter(payment=payment).select_related("letter").order_by("-pk").first()
    if finding is None:
        raise FindingMissing(conflicts=[payment.end_to_end_id])
    return finding
