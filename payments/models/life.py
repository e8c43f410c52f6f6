"""What deaths mean for money that is under way or already paid."""

from django.db import models
from django.db.models import Q

from payments.models.batches import Payment
from payments.models.cycles import Entitlement
from staff.models import User


class StopNotice(models.Model):
    """Thông báo dừng chi: the provider or bank is asked not to pay what it already holds. What became of it is the payment's status."""

    class Ground(models.TextChoices):
        DECEASED = "DECEASED", "Người hưởng đã mất"
        DEATH_NOTICE = "DEATH_NOTICE", "Chờ xác minh tin báo tử"
        REQUESTED = "REQUESTED", "Theo đề nghị của đơn vị chi trả"

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="stop_notice")
    ground = models.CharField(max_length=12, choices=Ground.choices)
    opened_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True, db_default="")
    document_number = models.CharField(max_length=60, blank=True, db_default="")
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="stop_notice_asked_for_says_by_whom_and_why",
                condition=~Q(ground="REQUESTED") | (Q(asked_by__isnull=False) & ~Q(reason="")),
            )
        ]


class RecoveryProposal(models.Model):
    """Đề nghị thu hồi: a month after the month of death that was credited. Only a decision recovers; this row proves the amount.

    The amount is the entitlement's, and the payment was POSTED when this was written: a trigger holds both.
    """

    entitlement = models.ForeignKey(Entitlement, on_delete=models.PROTECT, related_name="recovery_proposals")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="recovery_proposals")
    amount = models.BigIntegerField(help_text="đồng")
    deceased_on = models.DateField()
    opened_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, help_text="the death was withdrawn, or the money came back")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="recovery_proposed_once_per_entitlement_and_payment", fields=["entitlement", "payment"]
            ),
            models.CheckConstraint(name="recovery_is_positive", condition=Q(amount__gt=0)),
        ]
