"""Put a payment before a person: one live case per payment, however often the same thing is noticed."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from beneficiaries.models import Case, CaseKind, CaseStatus
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


def uncontradicted(rows: PaymentQuerySet, *, solved_too: bool) -> PaymentQuerySet:
    """Of which nobody has said two things: only such a payment may be confirmed to have left nothing, whoever asks, and however often.

    A case that is open holds it. `solved_too`: a solved one as well, where no fresh answer about this very payment can be had (files,
    providers): then only a rejected case, the contradiction proved wrong, sets the money free.
    """
    holding = [CaseStatus.OPEN, CaseStatus.PROPOSED, CaseStatus.ESCALATED]
    said = Case.objects.filter(
        kind=CaseKind.PAYMENT,
        reason__in=CONTRADICTIONS,
        subject=OuterRef("end_to_end_id"),
        status__in=[*holding, CaseStatus.SOLVED] if solved_too else holding,
    )
    return rows.filter(~Exists(said))
