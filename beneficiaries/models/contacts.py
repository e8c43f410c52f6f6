"""Telephones to tell people by. A phone often belongs to a child or a neighbour: whose it is stands beside it."""

from django.db import models
from django.db.models import Q

from beneficiaries.models.people import Beneficiary
from staff.models import User

PHONE_NUMBER = "phone-number"


class Phone(models.Model):
    """The telephone notices of one beneficiary go to, sealed. `opted_out_at`: nothing is sent any more.

    Erased (two people, `payments.services.erasure`): `sealed` is empty, whose it was is told no more, and nothing is sent until a number is recorded anew.
    """

    class Owner(models.TextChoices):
        OWN = "OWN", "Của người hưởng"
        RELATIVE = "RELATIVE", "Của người thân"
        GUARDIAN = "GUARDIAN", "Của người giám hộ"
        AUTHORISED = "AUTHORISED", "Của người được ủy quyền"
        OTHER = "OTHER", "Của người khác"

    beneficiary = models.OneToOneField(Beneficiary, on_delete=models.PROTECT, related_name="phone")
    sealed = models.BinaryField()
    owner = models.CharField(max_length=10, choices=Owner.choices)
    owner_name = models.CharField(max_length=100, blank=True)
    opted_out_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="phone_of_another_person_says_whose", condition=Q(owner="OWN") | ~Q(owner_name="")
            ),
        ]
