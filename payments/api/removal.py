"""Take one payment off its list, and keep who did it and why."""

from datetime import datetime

from django.db import transaction

from beneficiaries.models import Case
from payments.models import Payment
from payments.services.case_solutions import solve_cases_of_stopped
from payments.services.stop import stop_payment
from staff.models import User


@transaction.atomic
def remove_from_list(*, payment: Payment, reason: str, actor: User, now: datetime) -> None:
    """Stop the payment; the reason stands in a closed case of the person. Raises `CannotStop`, `NotAllowed`."""
    stop_payment(payment_id=payment.pk, actor=actor, now=now)
    solve_cases_of_stopped(payment=payment, actor=actor, note=reason, now=now)
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
