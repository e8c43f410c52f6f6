"""Whether a month of a funding account is closed; services ask before they write, the database refuses whoever did not."""

from datetime import date

from django.db.models import OuterRef, Subquery

from payments.models import FundingAccount
from reconciliation.errors import PeriodIsClosed
from reconciliation.models import PeriodStep


def latest_step(account: FundingAccount, *, month: date) -> PeriodStep | None:
    """How the month stands; None when it was never closed."""
    return PeriodStep.objects.filter(funding_account=account, month=month).order_by("ordinal").last()


def closed_months(account: FundingAccount) -> set[date]:
    """First days of the months that are closed now."""
    latest = PeriodStep.objects.filter(funding_account=account, month=OuterRef("month")).order_by("-ordinal")
    steps = PeriodStep.objects.filter(funding_account=account, pk=Subquery(latest.values("pk")[:1]))
    return set(steps.filter(kind=PeriodStep.Kind.CLOSED).values_list("month", flat=True))


def require_open(*, account: FundingAccount, day: date) -> None:
    """Raise `PeriodIsClosed` when the month of `day`, or a later one whose opening it would change, is closed for this account."""
    if closed := sorted(month for month in closed_months(account) if month >= day.replace(day=1)):
        raise PeriodIsClosed(conflicts=[f"{account.code}/{month:%Y-%m}" for month in closed])
