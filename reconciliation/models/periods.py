"""A month of a funding account, closed, and reopened only by decision."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Mod
from django.db.models.lookups import Exact

from payments.models import FundingAccount
from staff.models import User


class PeriodStep(models.Model):
    """Closing or reopening a month of one funding account; the latest step says how it stands. Append-only.

    While a month is closed, a trigger refuses journal entries and statement lines dated in it.
    """

    class Kind(models.TextChoices):
        CLOSED = "CLOSED", "Khóa kỳ"
        REOPENED = "REOPENED", "Mở lại kỳ theo quyết định"

    funding_account = models.ForeignKey(FundingAccount, on_delete=models.PROTECT, related_name="period_steps")
    month = models.DateField()
    ordinal = models.PositiveSmallIntegerField(help_text="from 1; odd ones close, even ones reopen")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    decision_number = models.CharField(max_length=60, blank=True)
    decision_on = models.DateField(null=True)
    decision_signer = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="period_step_once_per_ordinal", fields=["funding_account", "month", "ordinal"]
            ),
            models.CheckConstraint(name="period_month_is_a_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="period_closes_and_reopens_in_turn",
                condition=Q(Exact(Mod("ordinal", 2), 1), kind="CLOSED")
                | Q(Exact(Mod("ordinal", 2), 0), kind="REOPENED"),
            ),
            models.CheckConstraint(
                name="period_is_reopened_by_decision",
                condition=~Q(kind="REOPENED")
                | (Q(decision_on__isnull=False) & ~Q(decision_number="") & ~Q(decision_signer="") & ~Q(reason="")),
            ),
        ]
