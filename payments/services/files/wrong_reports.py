"""Reports of the bank that could not be applied: what a person found out by other means closes one, and says what."""

from datetime import datetime

from django.db import transaction

from payments.errors.outcomes import ReportIsNotWrong
from payments.models import BankReport
from staff.models import User
from staff.rights import Right, require


@transaction.atomic
def close_report(*, report_id: int, note: str, actor: User, now: datetime) -> BankReport:
    """The bank was asked, `note` says what it answered: what is wrong with this report stands in nobody's way any more.

    No payment moves by it: what the bank meant comes in another report, or in its statement. Raises `ReportIsNotWrong`, `NotAllowed`,
    BankReport.DoesNotExist.
    """
    report = (
        BankReport.objects.select_for_update(of=("self",))
        .select_related("funding_account__paying_unit")
        .get(pk=report_id)
    )
    require(actor, Right.SETTLE_UNKNOWN, unit=report.funding_account.paying_unit)
    if not report.problem or report.closed_by_id is not None:
        raise ReportIsNotWrong(conflicts=[str(report_id)])
    report.closed_by, report.note = actor, note.strip()[:300]
    report.save(update_fields=["closed_by", "note"])
    return report
