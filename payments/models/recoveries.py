"""Money paid back at the counter on a decision to recover."""

from django.db import models
from django.db.models import Q

from beneficiaries.models import Decision
from staff.models import User


class RecoveryReceipt(models.Model):
    """One receipt (phiếu thu): what a person, or the family, paid back at the counter. Append-only.

    Receipts and instalments together never take more than the decision says; a trigger holds that.
    """

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="recovery_receipts")
    number = models.CharField(max_length=40)
    amount = models.BigIntegerField(help_text="đồng")
    received_on = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="recovery_receipt_once", fields=["decision", "number"]),
            models.CheckConstraint(name="recovery_receipt_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(name="recovery_receipt_has_a_number", condition=~Q(number="")),
        ]
