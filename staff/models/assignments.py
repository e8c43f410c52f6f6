"""Assignments (phân công): an officer looks after another unit's work for a while."""

from django.db import models
from django.db.models import F, Q

from staff.models.units import AdministrativeUnit
from staff.models.users import User


class Assignment(models.Model):
    """From `from_on` to `until_on` (both included; open if empty) the officer's queue reaches `unit` too. The role stays the same."""

    officer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="assignments")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True, help_text="the paper it rests on")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="assignment_once_per_day", fields=["officer", "unit", "from_on"]),
            models.CheckConstraint(
                name="assignment_ends_after_it_begins",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
            ),
            models.CheckConstraint(name="nobody_assigns_themselves", condition=~Q(officer=F("assigned_by"))),
        ]
