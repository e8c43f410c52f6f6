"""How a month stands for each funding account: closed or not, and what still stands in the way of closing it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncMonth

from payments.models import FundingAccount, Payment, PaymentBatch, Posting
from reconciliation.models import Discrepancy, PeriodStep, Statement
from reconciliation.services.months.close_period import NOT_FINAL, last_day
from staff.models import AdministrativeUnit


@dataclass(frozen=True)
class PeriodState:
    """One account in one month. `covered_to`: the last day a statement with a closing balance reaches; counts are of this month and earlier ones.

    `open_before`: the first earlier month in which something was booked and that is not closed; months are closed in their order.
    """

    account: FundingAccount
    month: date
    closed: bool
    covered_to: date | None
    unsettled: int
    differences: int
    open_before: date | None

    @property
    def covered(self) -> bool:
        """Whether a statement reaches the month's last day."""
        return self.covered_to is not None and self.covered_to >= last_day(self.month)


def period_states(*, unit: AdministrativeUnit, month: date, account: FundingAccount | None = None) -> list[PeriodState]:
    """Accounts of the subtree by code, each as it stands in `month` (a first day); one statement per kind of fact, however many accounts."""
    wanted = FundingAccount.objects.filter(paying_unit__path__startswith=unit.path).select_related("paying_unit")
    if account is not None:
        wanted = wanted.filter(pk=account.pk)
    latest = PeriodStep.objects.filter(funding_account=OuterRef("pk"), month=month).order_by("-ordinal")
    accounts = list(wanted.annotate(last_kind=Subquery(latest.values("kind")[:1])).order_by("code"))
    covered = dict(
        Statement.objects.filter(funding_account__in=accounts, closing__isnull=False)
        .values_list("funding_account")
        .annotate(Max("to_on"))
        .order_by()
    )
    unsettled = dict(
        Payment.objects.filter(
            batch__funding_account__in=accounts, batch__cycle__month__lte=month, status__in=NOT_FINAL
        )
        .values_list("batch__funding_account")
        .annotate(Count("pk"))
        .order_by()
    )
    differences = _open_differences(accounts, month=month)
    open_before = _open_before(accounts, month=month)
    return [
        PeriodState(
            account=one,
            month=month,
            closed=one.last_kind == PeriodStep.Kind.CLOSED,
            covered_to=covered.get(one.pk),
            unsettled=unsettled.get(one.pk, 0),
            differences=differences[one.pk],
            open_before=open_before.get(one.pk),
        )
        for one in accounts
    ]


def unsettled_lists(*, account: FundingAccount, month: date) -> QuerySet[PaymentBatch]:
    """Lists of the month and earlier ones with payments without an end, each with how many (`unsettled`)."""
    waits = Q(payments__status__in=NOT_FINAL)
    lists = PaymentBatch.objects.filter(funding_account=account, cycle__month__lte=month)
    return (
        lists.annotate(unsettled=Count("payments", filter=waits))
        .filter(unsettled__gt=0)
        .select_related("cycle", "programme", "paying_unit")
        .order_by("cycle__month", "pk")
    )


def _open_before(accounts: Sequence[FundingAccount], *, month: date) -> dict[int, date]:
    """By account; the first of the months `open_months_before` names one account's of."""
    booked = Posting.objects.filter(account__funding_account__in=accounts, entry__booked_on__lt=month)
    stated = Statement.objects.filter(funding_account__in=accounts, to_on__lt=month)
    used = {
        *booked.values_list("account__funding_account", TruncMonth("entry__booked_on")).order_by().distinct(),
        *stated.values_list("funding_account", TruncMonth("to_on")).order_by().distinct(),
    }
    steps = PeriodStep.objects.filter(funding_account__in=accounts, month__lt=month).order_by("ordinal")
    latest = {(account, of): kind for account, of, kind in steps.values_list("funding_account", "month", "kind")}
    still_open = sorted(
        ((account, of) for account, of in used if latest.get((account, of)) != PeriodStep.Kind.CLOSED), reverse=True
    )
    return dict(still_open)  # of each account the first month is written last


def _open_differences(accounts: Sequence[FundingAccount], *, month: date) -> Counter[int]:
    """By account; the same rows as `open_in_period` names one by one."""
    until = last_day(month)
    still_open = Discrepancy.objects.filter(status=Discrepancy.Status.OPEN)
    of_time = Q(line__booked_on__lte=until) | Q(line__isnull=True, statement__from_on__lte=until)
    of_statements = still_open.filter(of_time, statement__funding_account__in=accounts)
    of_provider = still_open.filter(
        funding_account__in=accounts, result_line__result_list__batch__cycle__month__lte=month
    )
    named = {
        *of_statements.values_list("pk", "statement__funding_account"),
        *of_provider.values_list("pk", "funding_account"),
    }
    return Counter(account for _, account in named)
