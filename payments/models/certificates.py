"""Giấy xác nhận đang hưởng: that it was printed, for whom, what for, by whom."""

from django.db import models
from django.db.models import Q

from beneficiaries.models import Beneficiary
from staff.models import AdministrativeUnit, User


class Certificate(models.Model):
    """One paper for another office. Its code tells that office that the paper is ours; the digest is of what was printed. Append-only."""

    code = models.CharField(max_length=12, unique=True)
    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="certificates")
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the PDF")
    printed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    printed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="certificate_says_what_for", condition=~Q(purpose=""))]
