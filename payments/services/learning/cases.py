"""Put a payment before a person: one live case per payment, however often the same thing is noticed."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from beneficiaries.models import LIVE, Case, CaseKind
from beneficiaries.services.cases.raising import raise_cases
from payments.models import PaymentQuerySet

CONTRADICTIONS = ("BANK_CONTRADICTS", "CASH_RESULT_CONTRADICTS")

_FOUND = """
WITH found AS (
    SELECT p.beneficiary_id, NULL::bigint AS enrolment_id, NULL::bigint AS against_id, b.unit_id, %(reason)s AS reason,
           p.end_to_end_id AS subject, CASE WHEN %(evidence)s = '' THEN '[]'::jsonb ELSE jsonb_build_array(%(evidence)s) END AS evidence
    FROM payments_payment p JOIN beneficiaries_beneficiary b ON b.id = p.beneficiary_id WHERE p.id = ANY(%(payments)s)
)"""


def open_payment_cases(*, payment_ids: Iterable[int], reason: str, now: datetime, evidence: str = "") -> None:
    """Open a case for each payment; `reason` is a code of `RULES`, `evidence` a sentence without numbers of people or accounts."""
    ids = list(payment_ids)
    if ids:
        given = {"payments": ids, "reason": reason[:40], "evidence": evidence}
        raise_cases(kind=CaseKind.PAYMENT, found=_FOUND, given=given, now=now)


def without_open_contradiction(rows: PaymentQuerySet) -> PaymentQuerySet:
    """Of which no case is open that says two things of them: only such a payment may be confirmed to have left nothing."""
    said = Case.objects.filter(
        kind=CaseKind.PAYMENT, reason__in=CONTRADICTIONS, subject=OuterRef("end_to_end_id"), status__in=LIVE
    )
    return rows.filter(~Exists(said))
