"""Files of orders to a bank, and the bank's reports as received."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, Value, When

from payments.models.batches import PaymentBatch
from payments.models.cycles import FundingAccount
from payments.states import FILE_TRANSITIONS, FileCause, FileStatus
from staff.models import User


class PaymentFileQuerySet(models.QuerySet["PaymentFile"]):
    """Files by adjective, and the one guarded move."""

    def apply(self, cause: FileCause, *, now: datetime, **changes: Any) -> int:
        """Move the files that `cause` may move and return how many moved; old news moves nothing."""
        moves = {before: after for (before, its), after in FILE_TRANSITIONS.items() if its == cause}
        return self.filter(status__in=list(moves)).update(
            status=Case(*[When(status=before, then=Value(after)) for before, after in moves.items()]),
            cause=cause,
            status_at=now,
            **changes,
        )

    def unknown(self, *, now: datetime) -> "PaymentFileQuerySet":
        """Given to the bank, and no answer came while the sender's lease lasted."""
        return self.filter(status=FileStatus.UPLOADING, lease_until__lt=now)


class PaymentFile(models.Model):
    """One pain.001: up to 50,000 payments of one list under one message id, which never changes and is never used for anything else.

    Its payments are those of the list between `first_ordinal` and `last_ordinal` that name it. `used_at`: the message id may have
    reached the bank; None while that is certainly not so.
    """

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="files")
    message_id = models.CharField(max_length=35, unique=True)
    status = models.CharField(max_length=9, choices=FileStatus.choices, default=FileStatus.BUILT)
    cause = models.CharField(max_length=13, choices=FileCause.choices, default=FileCause.BUILD)
    status_at = models.DateTimeField()
    count = models.PositiveIntegerField()
    total = models.BigIntegerField(help_text="đồng")
    first_ordinal = models.IntegerField()
    last_ordinal = models.IntegerField()
    digest = models.BinaryField(max_length=32, help_text="SHA-256 of the file as it goes to the bank")
    sealed = models.BinaryField(help_text="the file, compressed and encrypted")
    built_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_by = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=60, blank=True, help_text="the bank's reason for refusing the whole file")

    objects = PaymentFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="payment_file_has_orders",
                condition=Q(count__gt=0, total__gt=0, last_ordinal__gte=F("first_ordinal")),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="payment_file_open", condition=Q(status__in=["BUILT", "UPLOADING"]))
        ]


class BankReport(models.Model):
    """A bank's report (pain.002, camt.054) as received, stored once and encrypted, then applied.

    `problem`: why it can't be; an alarm until a person says what the bank answered.
    """

    funding_account = models.ForeignKey(FundingAccount, on_delete=models.PROTECT, related_name="bank_reports")
    sequence = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    sealed = models.BinaryField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, db_default="", help_text="what the bank answered about one that was wrong")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="bank_report_once_per_sequence", fields=["funding_account", "sequence"]),
            models.CheckConstraint(
                name="wrong_report_closed_by_a_person_who_says_why",
                condition=Q(closed_by__isnull=True, note="")
                | (Q(closed_by__isnull=False) & ~Q(note="") & ~Q(problem="")),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="report_not_handled", condition=Q(handled_at__isnull=True)),
            models.Index(
                fields=["id"], name="report_wrong_and_open", condition=~Q(problem="") & Q(closed_by__isnull=True)
            ),
        ]
