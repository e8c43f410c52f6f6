"""Handover (bàn giao) of open work from one officer to another, signed by both."""

from django.db import models
from django.db.models import F, Q

from staff.models import AdministrativeUnit, User


class Handover(models.Model):
    """What was handed over: the ids of the giver's live cases below `unit`, as listed. Append-only; it holds once both have signed."""

    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    case_ids = models.JSONField()
    digest = models.CharField(max_length=64, help_text="SHA-256 over giver, receiver, unit and the cases as listed")
    note = models.CharField(max_length=300, blank=True)
    listed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="handover_between_two_people", condition=~Q(giver=F("receiver"))),
        ]


class HandoverSignature(models.Model):
    """Who signed the list for which side. A superior may sign for a giver who left. Append-only."""

    class Side(models.TextChoices):
        GIVER = "GIVER", "Bên giao"
        RECEIVER = "RECEIVER", "Bên nhận"

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=8, choices=Side.choices)
    signer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="handover_side_signed_once", fields=["handover", "side"]),
            models.UniqueConstraint(name="handover_signer_signs_once", fields=["handover", "signer"]),
        ]
