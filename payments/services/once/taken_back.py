"""Who has a grant paid once: whoever was given it, unless a decision took it back before any list paid it and a later one gives it anew."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from beneficiaries.models import Decision, Enrolment, Programme
from payments.models import Entitlement
from payments.states import PaymentStatus

LEFT_NOTHING = (PaymentStatus.FAILED, PaymentStatus.RETURNED, PaymentStatus.CANCELLED)


@dataclass(frozen=True)
class Holders:
    """People by the record they are kept under. `have`: whom a decision gives nothing more; `lost` of them: it was taken back, and stays so."""

    have: frozenset[int]
    lost: frozenset[int]


def holders_of(*, programme: Programme, number: str, signed_on: date) -> Holders:
    """Who has it, as the decision `number` of `signed_on` finds it.

    What was taken back, and no list pays, stays so for the decision that gave it, however often that is sent. Another decision, signed no
    earlier than the one that took it back, gives it anew.
    """
    nothing_left = Q(payment__status__in=LEFT_NOTHING, payment__confirmed_at__isnull=False)
    payable = Entitlement.objects.filter(enrolment=OuterRef("pk"), not_payable_reason="", withdrawn_in__isnull=True)
    payable = payable.exclude(nothing_left)
    of_it = Decision.objects.filter(enrolment=OuterRef("pk"))
    gave = of_it.filter(kind=Decision.Kind.GRANT, number=number, signed_on=signed_on)
    took_later = of_it.filter(kind=Decision.Kind.STOP, signed_on__gt=signed_on)
    records = Enrolment.objects.filter(programme=programme)
    taken_back = Q(ended_month__lte=F("starts_month"), moved_to__isnull=True) & ~Q(Exists(payable))
    standing = _people(records.exclude(taken_back))
    lost = _people(records.filter(taken_back)) - standing
    kept_from = _people(records.filter(taken_back).filter(Q(Exists(gave)) | Q(Exists(took_later)))) & lost
    return Holders(have=frozenset(standing | kept_from), lost=frozenset(kept_from))


def _people(records: QuerySet[Enrolment]) -> set[int]:
    found = records.values_list("beneficiary_id", "beneficiary__same_as_id")
    return {kept or pk for pk, kept in found}
