"""Whom a line of a statement names, and the payments that may be meant by it: what an accountant looks up by eye.

Nothing is matched here. A likely payment is offered to a person who links it; many names and amounts are alike.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from beneficiaries.linkage.names import name_key
from beneficiaries.services.numbers import account_digest
from payments.models import Payment
from payments.states import PaymentStatus
from reconciliation.models import StatementLine, StatementMatch
from reconciliation.services.lines.match_by_likeness import opened_counterparty
from staff.services.free_text import without_numbers
from staff.time_zone import VIETNAM

MOST = 5
"""Likely payments shown; of more than that none is likely."""
MOST_READ = 2_000
"""Of one amount and these days; a month of a province has some thousand of the commonest, mostly explained."""
BEFORE, AFTER = timedelta(days=7), timedelta(days=2)
BEFORE_A_RETURN = timedelta(days=60)
"""How long before its return a payment may have been credited."""
_MOVED = (
    PaymentStatus.SENT,
    PaymentStatus.PROCESSING,
    PaymentStatus.POSTED,
    PaymentStatus.RETURNED,
    PaymentStatus.FAILED,
)
_FITS = ["đúng số tiền", "đúng họ tên", "đúng số tài khoản"]


@dataclass(frozen=True, slots=True)
class OtherSide:
    """What the bank wrote of whoever stands on the other side; "" where it wrote nothing."""

    name: str
    last_four: str
    content: str


@dataclass(frozen=True, slots=True)
class LikelyPayment:
    """A payment that may be meant: `why` in words, the strongest first; `can_link` when the amounts are equal, as a link asks."""

    payment: Payment
    day: date | None
    why: str
    can_link: bool


def other_side(line: StatementLine) -> OtherSide:
    """Name, last four digits and content of a line, from which numbers of people and accounts are cut."""
    name, account, content = opened_counterparty(line)
    return OtherSide(name=without_numbers(name), last_four=account[-4:], content=without_numbers(content))


def likely_payments(line: StatementLine) -> list[LikelyPayment]:
    """At most `MOST` payments of the statement's funding account not explained yet, near in days, that fit by account, name or amount; best first."""
    name, account, _ = opened_counterparty(line)
    wanted = name_key(name)
    kind = StatementMatch.Kind.DEBIT if line.amount < 0 else StatementMatch.Kind.RETURN
    live = StatementMatch.objects.filter(
        payment=OuterRef("pk"), kind=kind, reverses__isnull=True, reversed_by__isnull=True
    )
    near = Payment.objects.filter(
        _near(line),
        ~Exists(live),
        batch__funding_account=line.statement.funding_account_id,
        status__in=_MOVED,
    )
    same = Q(bank_account__number__digest__in=_digests(near, account)) if account else Q(pk__in=[])
    found = (
        near.filter(Q(amount=abs(line.amount)) | same)
        .annotate(same_account=ExpressionWrapper(same, output_field=BooleanField()))
        .select_related("bank_account", "batch__cycle")
        .order_by("pk")[:MOST_READ]
    )
    ranked = []
    for payment in found:
        fits = [
            payment.amount == abs(line.amount),
            bool(wanted) and name_key(payment.payee_name) == wanted,
            bool(payment.same_account),
        ]
        day = _day(payment)
        apart = abs((line.booked_on - day).days) if day else BEFORE_A_RETURN.days
        why = ", ".join(word for word, fit in zip(_FITS, fits, strict=True) if fit)
        ranked.append(((-sum(fits), apart, payment.pk), sum(fits), LikelyPayment(payment, day, why, fits[0])))
    ranked.sort(key=lambda each: each[0])
    strong = [likely for _, fits, likely in ranked if fits > 1]
    weak = [likely for _, fits, likely in ranked if fits == 1]
    return (strong or (weak if len(weak) <= MOST else []))[:MOST]


def _near(line: StatementLine) -> Q:
    """Payments of these days: by the day the bank credited or returned it, else by when its state last changed."""
    before = BEFORE if line.amount < 0 else BEFORE_A_RETURN
    first, last = line.booked_on - before, line.booked_on + AFTER
    moments = [datetime.combine(day, datetime.min.time(), tzinfo=VIETNAM) for day in (first, last + timedelta(days=1))]
    undated = Q(credited_on__isnull=True, returned_on__isnull=True)
    return (
        Q(credited_on__range=(first, last))
        | Q(returned_on__range=(first, last))
        | (undated & Q(status_at__gte=moments[0], status_at__lt=moments[1]))
    )


def _digests(near: QuerySet[Payment], account: str) -> list[bytes]:
    """The digests of this number at every bank these payments went to: the statement names no bank."""
    bins = near.filter(bank_account__isnull=False).values_list("bank_account__bank_bin", flat=True).distinct()
    return [account_digest(bank_bin=bank_bin, number=account) for bank_bin in bins.order_by("bank_account__bank_bin")]


def _day(payment: Payment) -> date | None:
    return payment.credited_on or payment.returned_on
