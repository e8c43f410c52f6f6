"""Audit samples: automatic links a person judges blind, so that a precision can be claimed and not only hoped for."""

from django.db import models
from django.db.models import Q

from beneficiaries.models.matching import IdentityMatch
from beneficiaries.models.people import Beneficiary, IdentityRecord
from staff.models import AdministrativeUnit, User


class AuditSample(models.Model):
    """One draw: how it was drawn, and how many links stood in every stratum. Append-only."""

    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    seed = models.BigIntegerField(help_text="the same seed over the same links draws the same sample")
    strata = models.JSONField(help_text="[{rule, band of points, links, drawn}]")


class AuditItem(models.Model):
    """One pair to be judged. `match` is empty for a decoy: two people, so that nobody can answer without looking. Append-only."""

    sample = models.ForeignKey(AuditSample, on_delete=models.PROTECT, related_name="items")
    position = models.IntegerField()
    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="+")
    identity = models.ForeignKey(IdentityRecord, on_delete=models.PROTECT, related_name="+")
    match = models.ForeignKey(IdentityMatch, null=True, on_delete=models.PROTECT, related_name="audits")
    stratum = models.CharField(max_length=40)
    extra = models.BooleanField(
        db_default=False, help_text="drawn to see a small stratum at all; stays out of the precision over all"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="audit_item_once_per_position", fields=["sample", "position"]),
            models.UniqueConstraint(name="audit_pair_once_per_sample", fields=["sample", "beneficiary", "identity"]),
        ]


class AuditAnswer(models.Model):
    """What one person found. One answer per item; append-only."""

    class Answer(models.TextChoices):
        SAME = "SAME", "Cùng một người"
        DIFFERENT = "DIFFERENT", "Người khác"
        UNSURE = "UNSURE", "Chưa xác định được"

    item = models.OneToOneField(AuditItem, on_delete=models.PROTECT, related_name="answer")
    answer = models.CharField(max_length=9, choices=Answer.choices)
    note = models.CharField(max_length=300, blank=True, help_text="on what papers the answer rests")
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="different_person_has_a_note", condition=~Q(answer="DIFFERENT") | ~Q(note="")),
        ]
