"""Bank statements as received, what each line was found to be, and what could not be explained."""

from django.db import models
from django.db.models import Q

from payments.models import FundingAccount, Payment, TopUp
from staff.models import User


class Statement(models.Model):
    """One statement of one funding account. The content digest makes the same statement count once. Append-only."""

    funding_account = models.ForeignKey(FundingAccount, on_delete=models.PROTECT, related_name="statements")
    content_digest = models.BinaryField(unique=True)
    statement_id = models.CharField(max_length=60)
    sequence_number = models.IntegerField()
    from_on = models.DateField()
    to_on = models.DateField()
    opening = models.BigIntegerField()
    closing = models.BigIntegerField()
    line_count = models.IntegerField()
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="statement_once_per_account_and_sequence", fields=["funding_account", "sequence_number"]
            )
        ]


class StatementLine(models.Model):
    """One booking: debit negative, credit positive, đồng. Append-only; the counterparty is sealed."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="lines")
    ordinal = models.IntegerField()
    amount = models.BigIntegerField()
    booked_on = models.DateField()
    reference = models.CharField(max_length=35, blank=True, help_text="end-to-end id, or a top-up's reference")
    bank_reference = models.CharField(max_length=64, blank=True)
    return_code = models.CharField(max_length=10, blank=True)
    is_return = models.BooleanField(default=False)
    description = models.CharField(max_length=200, blank=True)
    sealed_counterparty = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="line_once_per_statement", fields=["statement", "ordinal"]),
            models.CheckConstraint(name="line_amount_is_not_zero", condition=~Q(amount=0)),
        ]
        indexes = [models.Index(fields=["reference"], name="line_reference")]


class StatementMatch(models.Model):
    """A line explained by one payment or one top-up. Append-only; a line is matched once."""

    class Kind(models.TextChoices):
        DEBIT = "DEBIT", "Chi"
        RETURN = "RETURN", "Hoàn trả"
        TOP_UP = "TOP_UP", "Cấp tiền"

    line = models.OneToOneField(StatementLine, on_delete=models.PROTECT, related_name="match")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="statement_matches")
    top_up = models.OneToOneField(TopUp, null=True, on_delete=models.PROTECT, related_name="statement_match")
    matched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="payment_matched_once_per_kind", fields=["payment", "kind"], condition=Q(payment__isnull=False)
            ),
            models.CheckConstraint(
                name="match_names_a_payment_or_a_top_up",
                condition=Q(kind="TOP_UP", top_up__isnull=False, payment__isnull=True)
                | (~Q(kind="TOP_UP") & Q(top_up__isnull=True, payment__isnull=False)),
            ),
        ]


class Discrepancy(models.Model):
    """A difference between our books and the statement, until somebody explains it."""

    class Kind(models.TextChoices):
        MISSING_ON_STATEMENT = "MISSING_ON_STATEMENT", "Thiếu trên sao kê"
        UNEXPECTED_LINE = "UNEXPECTED_LINE", "Dòng lạ"
        AMOUNT_DIFFERS = "AMOUNT_DIFFERS", "Lệch số tiền"
        DUPLICATE_DEBIT = "DUPLICATE_DEBIT", "Ghi Nợ hai lần"
        RETURN_UNEXPLAINED = "RETURN_UNEXPLAINED", "Hoàn trả chưa rõ"
        BALANCE_GAP = "BALANCE_GAP", "Lệch số dư"
        BANK_CONTRADICTS = "BANK_CONTRADICTS", "Ngân hàng báo khác trạng thái đã ghi"

    class Status(models.TextChoices):
        OPEN = "OPEN", "Chưa xử lý"
        RESOLVED = "RESOLVED", "Đã xử lý"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=120, unique=True, help_text="what it is about, so that it is raised once")
    statement = models.ForeignKey(Statement, null=True, on_delete=models.PROTECT, related_name="discrepancies")
    line = models.ForeignKey(StatementLine, null=True, on_delete=models.PROTECT, related_name="discrepancies")
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="discrepancies")
    ours = models.BigIntegerField(null=True)
    theirs = models.BigIntegerField(null=True)
    sentence = models.CharField(max_length=300)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    found_at = models.DateTimeField()
    resolved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolution = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="discrepancy_resolved_by_and_at_together",
                condition=Q(status="OPEN", resolved_by__isnull=True, resolved_at__isnull=True)
                | Q(status="RESOLVED", resolved_by__isnull=False, resolved_at__isnull=False),
            ),
        ]
