"""Which payment a message is about: what it is for, and which one it is where the person gets several for the same months. Never a category."""

from collections.abc import Sequence

from payments.models import Entitlement, Payment
from payments.money import format_amount
from payments.services.notices.wording import month_words
from payments.states import PaymentStatus

ALLOWANCE, ARREARS, ONCE = "Tro cap", "Truy linh", "Tro cap mot lan"


def what_is_paid(payment: Payment, *, in_cash: bool) -> str:
    """`Tro cap thang 9/2024`, `Truy linh thang 7/2024`; with the amount where another payment would be called the same, and which of them
    it is where even the amounts are equal. `in_cash`: after the words "nhan tien mat"."""
    said = _said(payment)
    alike = [other for other in _others(payment) if _said(other) == said]
    which = f" ({_one_of(payment, alike)})" if alike else ""
    words = f"{said}{which}"
    return words.removeprefix(f"{ALLOWANCE} ") if in_cash else words


def _others(payment: Payment) -> list[Payment]:
    """What else of the person carries these months now; what was stopped, or paid anew by another payment, is nothing to tell apart from."""
    months = [entitlement.month for entitlement in payment.entitlements.all()]
    return list(
        Payment.objects.filter(beneficiary=payment.beneficiary_id, entitlements__month__in=months)
        .exclude(pk=payment.pk)
        .exclude(status=PaymentStatus.CANCELLED)
        .prefetch_related("entitlements")
        .order_by("pk")
        .distinct()
    )


def word_for(entitlements: Sequence[Entitlement]) -> str:
    """What the money is, never for which category."""
    if all(one.kind != Entitlement.Kind.REGULAR for one in entitlements):
        return ONCE
    return ARREARS if all(one.corrects_id for one in entitlements) else ALLOWANCE


def _said(payment: Payment) -> str:
    entitlements = list(payment.entitlements.all())
    return f"{word_for(entitlements)} {month_words([one.month for one in entitlements])}"


def _one_of(payment: Payment, alike: list[Payment]) -> str:
    same = sorted([payment.pk, *(other.pk for other in alike if other.amount == payment.amount)])
    return f"khoan {same.index(payment.pk) + 1}/{len(same)}" if len(same) > 1 else f"{format_amount(payment.amount)}d"
