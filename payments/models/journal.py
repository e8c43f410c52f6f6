"""The double-entry journal: every đồng is somewhere, and every entry balances (a deferred trigger refuses one that does not)."""

from django.db import models
from django.db.models import Q

from payments.models.batches import PaymentBatch
from payments.models.cycles import FundingAccount


class LedgerAccount(models.Model):
    """An account in our own books. Per funding account, one of each kind."""

    class Kind(models.TextChoices):
        ALLOTTED = "ALLOTTED", "Được giao"
        FUNDS = "FUNDS", "Tiền tại ngân hàng"
        RESERVED = "RESERVED", "Đã giữ chỗ"
        PAID = "PAID", "Đã chi"
        RETURNED = "RETURNED", "Hoàn trả"
        CHARGES = "CHARGES", "Phí, lãi"

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


class TopUp(models.Model):
    """Money that was put into a funding account: recorded by finance, found again on the statement."""

    funding_account = models.ForeignKey(FundingAccount, on_delete=models.PROTECT, related_name="top_ups")
    reference = models.CharField(max_length=35, unique=True)
    amount = models.BigIntegerField()
    booked_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(name="top_up_is_positive", condition=Q(amount__gt=0))]
