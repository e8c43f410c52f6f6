"""The double-entry journal: every đồng is somewhere, and every entry balances (a deferred trigger refuses one that does not)."""

from django.db import models
from django.db.models import Q

from payments.models.batches import PaymentBatch
from payments.models.cycles import FundingAccount
from staff.models import User


class LedgerAccount(models.Model):
    """An account in our own books. Per funding account, one of each kind."""

    class Kind(models.TextChoices):
        ALLOTTED = "ALLOTTED", "Được giao"
        FUNDS = "FUNDS", "Tiền tại ngân hàng"
        RESERVED = "RESERVED", "Đã giữ chỗ"
        PAID = "PAID", "Đã chi"
        RETURNED = "RETURNED", "Hoàn trả"
        CHARGES = "CHARGES", "Phí, lãi"
        PROVIDER = "PROVIDER", "Tổ chức dịch vụ chi trả đang giữ"
        PAID_CASH = "PAID_CASH", "Đã chi tiền mặt"
        REFUNDED = "REFUNDED", "Đã nộp trả"
        FEES = "FEES", "Phí dịch vụ chi trả"
        ADJUSTED = "ADJUSTED", "Xử lý chênh lệch theo quyết định"
        OWED_BACK = "OWED_BACK", "Phải thu hồi"
        RECOVERED = "RECOVERED", "Giảm chi do thu hồi"
        COUNTER = "COUNTER", "Tiền thu hồi nộp tại quầy"

    funding_account = models.ForeignKey(FundingAccount, on_delete=models.PROTECT, related_name="ledger_accounts")
    kind = models.CharField(max_length=9, choices=Kind.choices)

    class Meta:
        constraints = [models.UniqueConstraint(name="ledger_account_once_per_kind", fields=["funding_account", "kind"])]


class JournalEntry(models.Model):
    """One balanced movement with its source. `source` is unique, so the same business event is posted once. Append-only."""

    source = models.CharField(max_length=80, unique=True)
    description = models.CharField(max_length=200)
    booked_on = models.DateField()
    posted_at = models.DateTimeField()
    batch = models.ForeignKey(PaymentBatch, null=True, on_delete=models.PROTECT, related_name="journal_entries")


class Posting(models.Model):
    """One side of an entry; debit positive, credit negative, đồng. Append-only."""

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="postings")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="posting_is_not_zero", condition=~Q(amount=0))]


class FundTransfer(models.Model):
    """Money that leaves or enters a funding account beside payments and top-ups; the account's statement line is found by `reference`.

    A lump sum forwarded to the provider for a list, what it gave back of it, what of it went back to the budget, and the provider's fee,
    which is never taken from the allowances. `treasury_number` is the number of the Treasury's voucher. Append-only.
    """

    class Kind(models.TextChoices):
        FORWARDED = "FORWARDED", "Chuyển tổ chức dịch vụ chi trả"
        GIVEN_BACK = "GIVEN_BACK", "Tổ chức dịch vụ chi trả trả lại"
        TO_BUDGET = "TO_BUDGET", "Nộp trả ngân sách"
        FEE = "FEE", "Phí dịch vụ chi trả"

    funding_account = models.ForeignKey(FundingAccount, on_delete=models.PROTECT, related_name="fund_transfers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    batch = models.ForeignKey(PaymentBatch, null=True, on_delete=models.PROTECT, related_name="fund_transfers")
    reference = models.CharField(max_length=35)
    treasury_number = models.CharField(max_length=40, blank=True)
    amount = models.BigIntegerField(help_text="đồng, without sign")
    booked_on = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="fund_transfer_once_per_account", fields=["funding_account", "reference"]),
            models.CheckConstraint(name="fund_transfer_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="fund_transfer_names_its_list",
                condition=Q(kind="FEE", batch__isnull=True)
                | Q(kind__in=["FORWARDED", "GIVEN_BACK", "TO_BUDGET"], batch__isnull=False),
            ),
        ]


class TopUp(models.Model):
    """Money that was put into a funding account: recorded by finance, found again on the statement. `document`: the Treasury's paper."""

    funding_account = models.ForeignKey(FundingAccount, on_delete=models.PROTECT, related_name="top_ups")
    reference = models.CharField(max_length=35, unique=True)
    amount = models.BigIntegerField()
    booked_on = models.DateField()
    document = models.CharField(max_length=100, blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(name="top_up_is_positive", condition=Q(amount__gt=0))]
