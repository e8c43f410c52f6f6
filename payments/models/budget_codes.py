"""Mục lục ngân sách nhà nước: under which codes a paying unit spends on a programme from a source in a budget year."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from beneficiaries.models import Programme
from staff.models import AdministrativeUnit, User

CHAPTER = r"^[0-9]{3}$"
SECTION = r"^[0-9]{3}-[0-9]{3}$"
ITEM = r"^[0-9]{4}-[0-9]{4}$"
BUDGET_USER = r"^[0-9]{7}$"


class BudgetCode(models.Model):
    """One line: chương, loại - khoản, mục - tiểu mục, mã ĐVQHNS. Append-only: a correction is a later row, the last one counts.

    Codes change with the law (Circular 324/2016/TT-BTC and what amends it), so they are data, entered once per programme, source and year and
    printed on every list. A unit without codes of its own prints those of the nearest unit above it.
    """

    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    budget_source = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField(help_text="niên độ ngân sách")
    chapter = models.CharField(max_length=3, validators=[RegexValidator(CHAPTER)], help_text="chương")
    section = models.CharField(max_length=7, validators=[RegexValidator(SECTION)], help_text="loại - khoản")
    item = models.CharField(max_length=9, validators=[RegexValidator(ITEM)], help_text="mục - tiểu mục")
    budget_user = models.CharField(max_length=7, validators=[RegexValidator(BUDGET_USER)], help_text="mã ĐVQHNS")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["programme", "budget_source", "year"], name="budget_codes_of_a_programme")]
        constraints = [
            models.CheckConstraint(name="budget_code_year_can_be", condition=Q(year__gte=2000, year__lte=2100)),
            models.CheckConstraint(
                name="budget_codes_are_codes",
                condition=Q(
                    chapter__regex=CHAPTER, section__regex=SECTION, item__regex=ITEM, budget_user__regex=BUDGET_USER
                ),
            ),
        ]
