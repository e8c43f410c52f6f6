"""The end of enquiry: unknown outcomes put before people, the bank's written answers, and which payment follows which."""

from django.db import models
from django.db.models import F, Q

from payments.models.batches import Payment
from staff.models import Role, User


class BankLetter(models.Model):
    """The bank's written answer, kept whole and sealed; one may speak of many orders. Append-only, once by its content."""

    media_type = models.CharField(max_length=20)
    sealed = models.BinaryField()
    content_digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the paper as received")
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()


class Enquiry(models.Model):
    """An unknown outcome put before a person: who looks into it, what the bank wrote, and who ended it by that.

    Ended only with the letter on file, after the bank's list was read afresh (`asked_at`) and did not show the order, by somebody else in
    another role. A trigger holds the roles to those of the people, and never lets an ended one change.
    """

    class Outcome(models.TextChoices):
        ABSENT = "ABSENT", "Ngân hàng xác nhận không có lệnh này"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="enquiries")
    attempt = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    owner_role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    taken_at = models.DateTimeField()
    letter = models.ForeignKey(BankLetter, null=True, on_delete=models.PROTECT, related_name="enquiries")
    document = models.CharField(max_length=100, blank=True, help_text="the bank's letter: number and date")
    answered_at = models.DateTimeField(null=True, help_text="when the letter was put on file")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    asked_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="enquiry_once_per_payment_and_attempt", fields=["payment", "attempt"]),
            models.CheckConstraint(
                name="enquiry_answered_by_a_letter",
                condition=Q(letter__isnull=True, answered_at__isnull=True, document="")
                | (Q(letter__isnull=False, answered_at__isnull=False) & ~Q(document="")),
            ),
            models.CheckConstraint(
                name="enquiry_decided_with_the_banks_answer",
                condition=Q(outcome="", decided_by__isnull=True, decided_at__isnull=True, decided_role="")
                | (
                    ~Q(outcome="")
                    & ~Q(decided_role="")
                    & Q(decided_by__isnull=False, decided_at__isnull=False, asked_at__gte=F("answered_at"))
                    & Q(letter__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="enquiry_decided_by_a_second_person",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("owner")),
            ),
            models.CheckConstraint(
                name="enquiry_decided_in_another_role",
                condition=Q(decided_by__isnull=True) | ~Q(decided_role=F("owner_role")),
            ),
        ]


class Succession(models.Model):
    """Money of `predecessor` now goes with `successor`, directly or over others in between. Written by a trigger as entitlements move.

    A successor sets out only while every predecessor is confirmed to have left nothing: a trigger holds that.
    """

    predecessor = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="succession_once_per_pair", fields=["successor", "predecessor"]),
            models.CheckConstraint(name="nobody_succeeds_himself", condition=~Q(predecessor=F("successor"))),
        ]
