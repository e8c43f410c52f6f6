"""Giấy xác nhận đang hưởng (PDF), in the form of Decree 30/2020: programmes and months, never a category or a number of a person."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from beneficiaries.models import Beneficiary, Enrolment, Programme
from beneficiaries.services.life_events.now import life_of
from beneficiaries.services.lookup import ALPHABET
from payments.errors.outcomes import NothingToCertify
from payments.models import Certificate, Entitlement
from payments.money import format_amount
from payments.states import PaymentStatus
from staff.models import User
from staff.printing import archive_pdf
from staff.rights import Right, require

LETTERS = 12
NEUTRAL = "Trợ cấp hằng tháng theo quy định"  # where the programme's name alone would tell what nobody is to know
TEMPLATE = "payments/certificate.html"


@dataclass(frozen=True)
class Receives:
    """One right as printed; `amount` in đồng of the last month that has lists, "" before the first."""

    programme: str
    since: date
    month: date | None
    amount: str
    paid_through: date | None


@transaction.atomic
def print_certificate(*, beneficiary: Beneficiary, purpose: str, actor: User, now: datetime) -> bytes:
    """The PDF, and the row that says it was printed; blank are number, day and signature, and the identity number, written in at the desk.

    For whoever records decisions of the person's commune. Raises `NothingToCertify`, `NotAllowed`.
    """
    require(actor, Right.RECORD_DECISION, unit=beneficiary.unit)
    rights = rights_of(beneficiary, on=timezone.localdate(now))
    if not rights:
        raise NothingToCertify
    code = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    given = {
        "person": _as_kept(beneficiary),
        "unit": beneficiary.unit,
        "rights": rights,
        "purpose": purpose,
        "code": spelt(code),
        "now": now,
    }
    html = render_to_string(TEMPLATE, given)
    pdf = archive_pdf(html, identifier=hashlib.sha256(html.encode()).digest())
    Certificate.objects.create(
        code=code, beneficiary=beneficiary, unit=beneficiary.unit, purpose=purpose, digest=hashlib.sha256(pdf).hexdigest(),
        printed_by=actor, printed_at=now,
    )  # fmt: skip
    return pdf


def rights_of(beneficiary: Beneficiary, *, on: date) -> list[Receives]:
    """What the person receives each month as of `on`, under whichever record, in the order of programmes; nothing of who died or is asked about."""
    kept = beneficiary.same_as_id or beneficiary.pk
    records = list(Beneficiary.objects.filter(Q(pk=kept) | Q(same_as=kept)).values_list("pk", flat=True))
    if any(life.deceased_on or life.notice_on for life in life_of(records).values()):
        return []
    month = on.replace(day=1)
    live = Enrolment.objects.filter(
        Q(ended_month=None) | Q(ended_month__gt=month),
        Q(suspended_month=None) | Q(suspended_month__gt=month),
        beneficiary__in=records,
        moved_to=None,
        starts_month__lte=month,
        programme__kind=Programme.Kind.REGULAR,
    ).select_related("programme")
    return [_printed(enrolment) for enrolment in live.order_by("programme__code", "starts_month", "pk")]


def _as_kept(beneficiary: Beneficiary) -> Beneficiary:
    """The record that is kept of somebody who has two, where it is of the same commune; else the one at this desk."""
    kept = beneficiary.same_as
    return kept if kept is not None and kept.unit_id == beneficiary.unit_id else beneficiary


def checked(code: str) -> Certificate | None:
    """The certificate with this code, however it was typed."""
    return Certificate.objects.select_related("beneficiary", "unit").filter(code=plain(code)).first()


def plain(code: str) -> str:
    """Letters and digits as kept."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def spelt(code: str) -> str:
    """In groups of four, as printed."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def initials(name: str) -> str:
    """`T. V. Â.`: enough beside the paper in one's hand, too little without it."""
    return " ".join(f"{word[0].upper()}." for word in name.split())


def _printed(enrolment: Enrolment) -> Receives:
    own = Entitlement.objects.filter(enrolment=enrolment, corrects=None, withdrawn_in=None, not_payable_reason="")
    last = own.order_by("-month").first()
    # "Paid through" is said of a month before which nothing is owed any more.
    owed = own.exclude(payment__status=PaymentStatus.POSTED).order_by("month").first()
    arrived = own.filter(payment__status=PaymentStatus.POSTED)
    paid = (arrived.filter(month__lt=owed.month) if owed else arrived).order_by("-month").first()
    open_to_see = enrolment.programme.categories.filter(sensitive=False).exists()
    return Receives(
        programme=enrolment.programme.name if open_to_see else NEUTRAL,
        since=enrolment.starts_month,
        month=last.month if last else None,
        amount=format_amount(last.amount) if last else "",
        paid_through=paid.month if paid else None,
    )
