"""Requests to banks to open accounts: the table is the queue, as for payments."""

from django.db import models
from django.db.models import Q

from beneficiaries.models.accounts import BankAccount
from beneficiaries.states import OpeningStatus
from staff.models import User


class AccountOpening(models.Model):
    """One request to one bank for one account. `request_id` goes with every attempt; a new attempt is a new key at the bank.

    SENT is committed before the bank is called: a crash leaves a request to enquire about, never one to make twice.
    """

    class Way(models.TextChoices):
        API = "API", "Kết nối ngân hàng"
        FILE = "FILE", "Tệp danh sách"

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="openings")
    bank_bin = models.CharField(max_length=6)
    way = models.CharField(max_length=4, choices=Way.choices)
    request_id = models.CharField(max_length=30, unique=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=7, choices=OpeningStatus.choices, default=OpeningStatus.READY)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    first_used_at = models.DateTimeField(null=True, help_text="first use of the current key at the bank")
    lease_until = models.DateTimeField(null=True)
    bank_reference = models.CharField(max_length=64, blank=True)
    refusal = models.CharField(max_length=60, blank=True, help_text="the bank's code or words")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_request_per_account",
                fields=["account"],
                condition=Q(status__in=["READY", "SENT", "TAKEN"]),
            ),
            models.CheckConstraint(
                name="a_request_offered_says_since_when",
                condition=Q(status="READY") | Q(way="FILE") | Q(first_used_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "id"], name="opening_at_work", condition=Q(status__in=["READY", "SENT"]))
        ]


class OpeningTemplate(models.Model):
    """How one bank wants its list of accounts to open, and how it answers. Data, not code: a new form is a new row, the newest holds.

    `columns`: [[heading, field or "", fixed text], …] in the bank's order; `answers`: [[our key, the bank's heading], …], written after them;
    `opened_words`, `refused_words`: what stands under the result. Append-only.
    """

    bank_bin = models.CharField(max_length=6)
    title = models.CharField(max_length=200)
    columns = models.JSONField()
    answers = models.JSONField()
    opened_words = models.JSONField()
    refused_words = models.JSONField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="opening_template_is_a_banks", condition=Q(bank_bin__regex=r"^\d{6}$")),
        ]
        indexes = [models.Index(fields=["bank_bin", "-id"], name="newest_opening_template")]
