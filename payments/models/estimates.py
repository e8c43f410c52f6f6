"""Dự toán giao: what a paying unit may spend in a budget year, per programme and budget source, as decisions gave it."""

from django.db import models
from django.db.models import Q

from beneficiaries.models import Programme
from staff.models import AdministrativeUnit, User


class BudgetEstimate(models.Model):
    """One line of one decision: what was given, or by a negative amount taken back. Append-only; together never below zero (a trigger).

    It moves no money: it is what Biểu 05 divides by. A unit's own lines count, and those of units below it beside them, so that an
    estimate is entered where it is spent and nowhere above.
    """

    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    budget_source = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField(help_text="niên độ ngân sách")
    amount = models.BigIntegerField(help_text="đồng; negative: giảm dự toán")
    document = models.CharField(max_length=100, help_text="number of the decision that gave it")
    decided_on = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="estimate_once_per_decision", fields=["unit", "programme", "budget_source", "year", "document"]
            ),
            models.CheckConstraint(name="estimate_is_not_zero", condition=~Q(amount=0)),
            models.CheckConstraint(name="estimate_year_can_be", condition=Q(year__gte=2000, year__lte=2100)),
        ]
