"""Bank statements as received, and what each line was found to be."""

from django.db import models
from django.db.models import Q

from payments.models import FundingAccount, FundTransfer, Payment, TopUp
from staff.models import User


class Statement(models.Model):
    """One statement of one funding account. The content digest makes the same statement count once. Append-only.

    `line_count` is what the file held; lines another statement of the same days had brought before are not stored again. A notification
    (camt.054) has lines and no balances: it covers no day, and nothing is missing on it.
    """

    funding_account = models.ForeignKey(FundingAccount, on_delete=models.PROTECT, related_name="statements")
    content_digest = models.BinaryField(unique=True)
    statement_id = models.CharField(max_length=60)
    sequence_number = models.IntegerField(null=True, help_text="the bank's; none where its format gives none")
    format = models.CharField(max_length=20, blank=True)
    from_on = models.DateField()
    to_on = models.DateField()
    opening = models.BigIntegerField(null=True, help_text="đồng; none of a notification")
    closing = models.BigIntegerField(null=True)
    line_count = models.IntegerField()
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="statement_once_per_account_and_sequence", fields=["funding_account", "sequence_number"]
            ),
            models.CheckConstraint(
                name="statement_has_both_balances_or_is_a_notification",
                condition=Q(opening__isnull=False, closing__isnull=False)
                | Q(opening__isnull=True, closing__isnull=True, sequence_number__isnull=True),
            ),
        ]


class StatementMapping(models.Model):
    """What the headings of a source of table statements mean, as somebody confirmed it once for a funding account."""

    funding_account = models.ForeignKey(FundingAccount, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=32, help_text="of the headings, in any order")
    columns = models.JSONField(help_text="folded heading → column key; empty for a column that means nothing to us")
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_mapping_per_account_and_source", fields=["funding_account", "fingerprint"]
            )
        ]


class StatementLine(models.Model):
    """One booking: debit negative, credit positive, đồng. Append-only; the counterparty is sealed."""

    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="lines", db_constraint=False, db_index=False
    )
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
    """What a line, or a part of it, was found to be. Append-only: an error is undone by a counter-row that `reverses` it, with its reason.

    `amount` has the line's sign, a counter-row the opposite one. A trigger holds that the rows of a line never add up to more than the
    line, those of a payment and kind never to more than the payment: so neither is explained twice. What a row names is checked by the same
    trigger, once a statement; a foreign key would ask six times a row (ADR 42).
    """

    class Kind(models.TextChoices):
        DEBIT = "DEBIT", "Chi"
        RETURN = "RETURN", "Hoàn trả"
        TOP_UP = "TOP_UP", "Cấp tiền"
        CHARGE = "CHARGE", "Phí"
        INTEREST = "INTEREST", "Lãi"
        TRANSFER = "TRANSFER", "Chuyển tiền khác khoản chi"

    class Basis(models.TextChoices):
        REFERENCE = "REFERENCE", "Mã đối chiếu và số tiền"
        BANK_REFERENCE = "BANK_REFERENCE", "Mã giao dịch của ngân hàng và số tiền"
        SPLIT = "SPLIT", "Nhiều dòng cộng đủ một khoản chi"
        LUMPED = "LUMPED", "Một dòng gộp đủ một danh sách"
        ACCOUNT = "ACCOUNT", "Số tài khoản, số tiền và ngày"
        NAME = "NAME", "Họ tên, số tiền và ngày"
        BY_HAND = "BY_HAND", "Kế toán nối"

    line = models.ForeignKey(StatementLine, on_delete=models.PROTECT, related_name="matches", db_constraint=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    basis = models.CharField(max_length=14, choices=Basis.choices)
    amount = models.BigIntegerField(help_text="đồng, with the line's sign")
    payment = models.ForeignKey(
        Payment, null=True, on_delete=models.PROTECT, related_name="statement_matches", db_constraint=False
    )
    top_up = models.ForeignKey(
        TopUp,
        null=True,
        on_delete=models.PROTECT,
        related_name="statement_matches",
        db_constraint=False,
        db_index=False,
    )
    fund_transfer = models.ForeignKey(
        FundTransfer,
        null=True,
        on_delete=models.PROTECT,
        related_name="statement_matches",
        db_constraint=False,
        db_index=False,
    )
    reverses = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="reversed_by", db_constraint=False, db_index=False
    )
    reason = models.CharField(max_length=300, blank=True)
    matched_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    matched_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="match_names_what_its_kind_says",
                condition=Q(kind="TOP_UP", top_up__isnull=False, payment__isnull=True, fund_transfer__isnull=True)
                | Q(
                    kind__in=["DEBIT", "RETURN"],
                    top_up__isnull=True,
                    payment__isnull=False,
                    fund_transfer__isnull=True,
                )
                | Q(kind="TRANSFER", top_up__isnull=True, payment__isnull=True, fund_transfer__isnull=False)
                | Q(
                    kind__in=["CHARGE", "INTEREST"],
                    top_up__isnull=True,
                    payment__isnull=True,
                    fund_transfer__isnull=True,
                ),
            ),
            models.CheckConstraint(name="match_amount_is_not_zero", condition=~Q(amount=0)),
            models.CheckConstraint(
                name="match_by_hand_names_who_and_why",
                condition=(~Q(basis="BY_HAND") & Q(reverses__isnull=True))
                | (Q(matched_by__isnull=False) & ~Q(reason="")),
            ),
            models.UniqueConstraint(
                name="match_is_reversed_once", fields=["reverses"], condition=Q(reverses__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["top_up"], name="match_of_top_up", condition=Q(top_up__isnull=False)),
            models.Index(
                fields=["fund_transfer"], name="match_of_fund_transfer", condition=Q(fund_transfer__isnull=False)
            ),
            models.Index(fields=["matched_by"], name="match_by_person", condition=Q(matched_by__isnull=False)),
        ]
