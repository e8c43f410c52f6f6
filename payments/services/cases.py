"""Put a payment before a person: one open case per beneficiary, however often the same thing is noticed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from beneficiaries.models import Case
from payments.models import Payment

DUE_AFTER = timedelta(days=5)


def open_payment_cases(*, payment_ids: Iterable[int], reason: str, now: datetime, evidence: str = "") -> None:
    """Open a case for each payment's beneficiary; `reason` is a code, `evidence` a sentence without numbers of people or accounts."""
    payments = Payment.objects.filter(pk__in=list(payment_ids)).select_related("beneficiary")
    Case.objects.bulk_create(
        [
            Case(
                kind=Case.Kind.PAYMENT,
                beneficiary=payment.beneficiary,
                unit_id=payment.beneficiary.unit_id,
                reason=reason[:40],
                evidence=[evidence] if evidence else [],
                opened_at=now,
                due_on=(now + DUE_AFTER).date(),
            )
            for payment in payments
        ],
        ignore_conflicts=True,
    )
