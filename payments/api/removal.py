"""Take one payment off its list, and keep who did it and why."""

from datetime import datetime

from django.db import transaction

from beneficiaries.models import Case
from payments.models import Payment, RemovalSlip
from payments.services.learning.case_solutions import solve_cases_of
from payments.services.signing.removal import take_off
from staff.models import User


@transaction.atomic
def remove_from_list(
    *, payment: Payment, reason: str, document_number: str, actor: User, now: datetime
) -> RemovalSlip | None:
    """Off a list in draft at once, the reason in a closed case of the person; off a signed one by the slip, which keeps it.

    Raises `CannotStop`, `SlipAlreadyOpen`, `NotAllowed`.
    """
    slip = take_off(payment_id=payment.pk, reason=reason, document_number=document_number, actor=actor, now=now)
    if slip is None:
        solve_cases_of(payment=payment, actor=actor, note=reason, now=now)
        Case.objects.create(
            kind=Case.Kind.PAYMENT,
            beneficiary_id=payment.beneficiary_id,
            unit_id=payment.beneficiary.unit_id,
            reason="STOPPED",
            subject=payment.end_to_end_id,
            evidence=[f"Rút tên khoản chi {payment.end_to_end_id} khỏi danh sách."],
            status=Case.Status.SOLVED,
            opened_at=now,
            decided_by=actor,
            decided_at=now,
            note=reason,
        )
    return slip
