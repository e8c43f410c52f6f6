"""Delegations (ủy quyền ký): a signer lets somebody sign in their place, by a document and between two days."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from staff.models.units import AdministrativeUnit
from staff.models.users import Role, User


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Delegations by adjective."""

    def in_force(self, *, on: date) -> "DelegationQuerySet":
        """Nobody lends what they no longer have, nor signs in a role that doesn't go with it: while both are at work and in such roles."""
        goes_with_signing = Q(delegate__role=F("role")) | Q(delegate__role__in=(Role.REVIEWER, Role.COSIGNER))
        return self.filter(
            goes_with_signing,
            valid_from__lte=on,
            valid_to__gte=on,
            revoked_at__isnull=True,
            delegate__is_active=True,
            delegator__is_active=True,
            delegator__role=F("role"),
        )


class Delegation(models.Model):
    """From `valid_from` to `valid_to` (both included) the delegate signs at the delegator's step, for lists of `unit` and below.

    Append-only but for its revocation. Who the two may be is held by a trigger: the delegate has no role at another end of the same list.
    """

    class Form(models.TextChoices):
        KT = "KT", "Ký thay"
        TUQ = "TUQ", "Thừa ủy quyền"

    delegator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_held")
    role = models.CharField(max_length=16, choices=Role.choices, help_text="the delegator's role, whose step is signed")
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="delegations")
    form = models.CharField(max_length=3, choices=Form.choices)
    document_number = models.CharField(max_length=60)
    valid_from = models.DateField()
    valid_to = models.DateField()
    recorded_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="delegation_is_to_somebody_else", condition=~Q(delegator=F("delegate"))),
            models.CheckConstraint(name="delegation_ends_after_it_begins", condition=Q(valid_to__gte=F("valid_from"))),
            models.CheckConstraint(name="delegation_has_a_document", condition=~Q(document_number="")),
            models.CheckConstraint(
                name="delegation_is_of_a_signature",
                condition=Q(role__in=[Role.REVIEWER, Role.CHECKER, Role.COSIGNER, Role.RELEASER]),
            ),
        ]
