"""Tra soát for the person: money we hold to have arrived, and who was at the bank has not seen it. Asked once, answered by a day."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from beneficiaries.models import LIVE, Case, CaseKind, CaseStatus
from beneficiaries.services.cases.raising import raise_cases
from payments.errors.outcomes import AskedAlready, NotSaidToHaveArrived
from payments.models import Payment
from payments.states import PaymentStatus
from staff.models import User
from staff.rights import Right, require

_FOUND = """
WITH found AS (
    SELECT p.beneficiary_id, NULL::bigint AS enrolment_id, NULL::bigint AS against_id, b.unit_id, 'NOT_SEEN' AS reason, p.end_to_end_id AS subject,
           jsonb_build_array(%(said)s::text) AS evidence
    FROM payments_payment p JOIN beneficiaries_beneficiary b ON b.id = p.beneficiary_id WHERE p.id = %(payment)s
)"""


@transaction.atomic
def report_not_seen(*, payment_id: int, note: str, actor: User, now: datetime) -> Case:
    """Open the case that asks bank or provider; its `due_on` is the day the person is answered by. No money moves by it.

    Raises `NotSaidToHaveArrived`, `AskedAlready`, `NotAllowed`.
    """
    payment = Payment.objects.select_for_update(of=("self",)).select_related("beneficiary__unit").get(pk=payment_id)
    require(actor, Right.DECIDE_CASE, unit=payment.beneficiary.unit)
    if payment.status != PaymentStatus.POSTED:
        raise NotSaidToHaveArrived(conflicts=[payment.end_to_end_id])
    said = f"{timezone.localdate(now):%d/%m/%Y}: {note or 'người dân báo chưa thấy tiền'}"
    given = {"payment": payment.pk, "said": said}
    if not raise_cases(kind=CaseKind.NOT_SEEN, found=_FOUND, given=given, now=now):
        raise AskedAlready(conflicts=[payment.end_to_end_id])
    return asked_about([payment])[payment.pk]


def asked_about(payments: Collection[Payment]) -> dict[int, Case]:
    """The newest such case of each payment that has one, by the payment's id; one closed as groundless says nothing."""
    ids = {payment.end_to_end_id: payment.pk for payment in payments}
    people = {payment.beneficiary_id for payment in payments}
    cases = Case.objects.filter(kind=CaseKind.NOT_SEEN, beneficiary__in=people, subject__in=ids)
    return {ids[case.subject]: case for case in cases.exclude(status=CaseStatus.REJECTED).order_by("pk")}


def is_being_asked(case: Case) -> bool:
    """Whether the answer is still waited for."""
    return case.status in LIVE
