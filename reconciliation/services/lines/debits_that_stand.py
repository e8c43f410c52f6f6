"""Payments held to have left nothing, of which a statement shows a debit that never came back: nothing sets their money free (ADR 40).

That it is shown is a column of `Contradiction`, kept by triggers whatever comes first, the line or the bank's word. Here people learn of it.
"""

from collections import defaultdict
from datetime import date, datetime

from django.db import connection
from django.db.models import Exists, OuterRef

from beneficiaries.models import LIVE, Case, CaseKind, Solution
from payments.models import Contradiction, FundingAccount, Payment
from payments.services.learning.contradictions import hold_contradicted
from reconciliation.models import StatementMatch
from reconciliation.services.lines import matching
from staff.models import User

REASON = "BANK_CONTRADICTS"
SHOWN = "sao kê ghi Nợ"  # how the evidence of our cases begins
_ENDED_MEANWHILE = """
SELECT reconciliation_mark_debited(ARRAY(
    SELECT d.payment_id FROM reconciliation_debited(ARRAY(
        SELECT id FROM payments_payment WHERE status IN ('FAILED', 'CANCELLED', 'RETURNED') AND confirmed_at IS NULL)) d
    LEFT JOIN payments_contradiction c ON c.payment_id = d.payment_id WHERE c.debited_on IS NULL), %(now)s)
"""
CAME_BACK = "Sao kê đã ghi tiền hoàn trả."


def hold_debited(*, account: FundingAccount, actor: User, now: datetime) -> int:
    """Name, hold and put before a person what the account's statements show to have left; return how many payments.

    Withdrawn are their confirmations, held are they and what follows them. A case that only the statement raised ends when the return line
    came. Within the caller's transaction; running it again changes nothing.
    """
    shown: dict[date | None, list[int]] = defaultdict(list)
    told = Contradiction.objects.filter(debited_on__isnull=False, payment__batch__funding_account=account)
    for pk, day in told.order_by("payment").values_list("payment", "debited_on"):
        shown[day].append(pk)
    held = [pk for found in shown.values() for pk in found]
    if held:
        with connection.cursor() as cursor:
            cursor.execute(matching.CONTRADICTED_SINCE, {"payments": held, "now": now})
    for day, found in sorted(shown.items(), key=str):
        evidence = f"{SHOWN} ngày {day:%d/%m/%Y}, chưa thấy hoàn trả"
        hold_contradicted(payment_ids=found, reason=REASON, now=now, evidence=evidence)
    _end_cases_of_returned(account, actor=actor, now=now)
    return len(held)


def mark_ended_meanwhile(*, now: datetime) -> None:
    """Mark what ended in one transaction while another matched its line, neither seeing the other; the next import puts it before people."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDED_MEANWHILE, {"now": now})


def _end_cases_of_returned(account: FundingAccount, *, actor: User, now: datetime) -> None:
    """Only by the return line; a match somebody undid is for a person to read."""
    live = StatementMatch.objects.filter(payment=OuterRef("pk"), reverses__isnull=True, reversed_by__isnull=True)
    back = Payment.objects.filter(
        Exists(live.filter(kind=StatementMatch.Kind.RETURN)),
        batch__funding_account=account,
        contradiction__debited_on__isnull=True,
    )
    ours = Case.objects.filter(kind=CaseKind.PAYMENT, reason=REASON, status__in=LIVE, evidence__0__startswith=SHOWN)
    subjects = list(ours.values_list("subject", flat=True))
    answered = back.filter(end_to_end_id__in=subjects).values_list("end_to_end_id", flat=True)
    ours.filter(subject__in=list(answered)).update(
        status="SOLVED",
        solution=Solution.SETTLED,
        proposal=None,
        proposed_by=None,
        decided_by=actor,
        decided_at=now,
        note=CAME_BACK,
    )
