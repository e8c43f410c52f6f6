"""Roles are assigned by a document and from a day on; two roles of one chain are never one person's at the same time."""

from django.db import models
from django.db.models import F, Q

from staff.models.units import AdministrativeUnit
from staff.models.users import Role, User


class RoleAssignment(models.Model):
    """The user has `role` at `unit` from `valid_from` to `valid_to` (both included; open if empty). Only its end may still be set."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=16, choices=Role.choices)
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="role_assignments")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    document_number = models.CharField(max_length=60)
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="nobody_assigns_a_role_to_themselves", condition=~Q(user=F("assigned_by"))),
            models.CheckConstraint(
                name="role_ends_after_it_begins", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
        ]
