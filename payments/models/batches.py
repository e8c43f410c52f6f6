"""Payment lists, their signatures, and the payments on them."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, Q, Value, When

from beneficiaries.models import BankAccount, Beneficiary, Programme
from payments.models.cycles import Cycle, FundingAccount
from payments.states import BatchStatus, Cause, Channel, PaymentStatus, Step, sources
from staff.models import AdministrativeUnit, Delegation, User


class PaymentBatch(models.Model):
    """A list (danh sách chi trả): one cycle, paying unit, programme, budget source and channel. Totals are of the payments not stopped.

    `sequence` is 0 for the month's own list, and counts the lists after it: reissues (danh sách chi lại), and `supplementary` ones (danh sách
    bổ sung) of people who were granted something once when the month's own were made already.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="batches")
    paying_unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="batches")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="batches")
    budget_source = models.CharField(max_length=60)
    channel = models.CharField(max_length=7, choices=Channel.choices)
    sequence = models.PositiveSmallIntegerField(db_default=0)
    supplementary = models.BooleanField(db_default=False)
    funding_account = models.ForeignKey(FundingAccount, null=True, on_delete=models.PROTECT, related_name="batches")
    status = models.CharField(max_length=9, choices=BatchStatus.choices, default=BatchStatus.DRAFT)
    revision = models.PositiveSmallIntegerField(default=1)
    paused = models.BooleanField(default=False)
    token = models.CharField(
        max_length=8, unique=True, help_text="random; first part of the end-to-end ids of its payments"
    )
    return_note = models.CharField(max_length=300, blank=True)
    status_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="list_once_per_cycle_unit_programme_source_and_channel",
                fields=["cycle", "paying_unit", "programme", "budget_source", "channel", "sequence"],
                condition=~Q(status="CANCELLED"),
            ),
            models.CheckConstraint(
                name="supplementary_list_comes_after_the_months_own",
                condition=Q(supplementary=False) | Q(sequence__gt=0),
            ),
            models.CheckConstraint(
                name="account_list_has_a_funding_account",
                condition=Q(channel=Channel.CASH) | Q(funding_account__isnull=False),
            ),
        ]

    @property
    def follow_up(self) -> str:
        """What it is beside the month's own list, in words; "" for that one."""
        if self.supplementary:
            return "danh sách bổ sung"
        return "danh sách chi lại" if self.sequence else ""


class Signature(models.Model):
    """Who signed which revision of which list, at which step, over which digest. Append-only.

    One signer once per revision: maker, checker, releaser and whoever a rule adds are different people, and the database says so. By a
    `delegation` the signer stands for its delegator, who then signs nowhere else on this revision. `signed_as` is the title as printed.
    """

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="signatures")
    revision = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=8, choices=Step.choices)
    signer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="signatures")
    delegation = models.ForeignKey(Delegation, null=True, on_delete=models.PROTECT, related_name="signatures")
    signed_as = models.CharField(max_length=140, blank=True)
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="signer_once_per_batch_revision", fields=["batch", "revision", "signer"]),
            models.UniqueConstraint(name="step_once_per_batch_revision", fields=["batch", "revision", "step"]),
        ]


class PaymentQuerySet(models.QuerySet["Payment"]):
    """Payments by adjective, and the one guarded move."""

    def apply(self, cause: Cause, *, now: datetime, **changes: Any) -> int:
        """Move the rows that `cause` may move and return how many moved; old news moves nothing."""
        moves = sources(cause)
        return self.filter(status__in=list(moves)).update(
            status=Case(*[When(status=before, then=Value(after)) for before, after in moves.items()]),
            cause=cause,
            status_at=now,
            **changes,
        )


class Payment(models.Model):
    """One credit transfer, or one line on a cash list, carrying one or more entitlements of one person.

    `credited_on` and `returned_on` are the bank's (or provider's) dates; all `_at` are our wall clock. `confirmed_at`: a fresh enquiry
    found it FAILED, RETURNED or CANCELLED, so that its entitlements may move to another payment.
    """

    # Found by `payment_ordinal_once_per_batch`: every move of a payment writes all its indexes anew.
    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="payments", db_index=False)
    ordinal = models.IntegerField()
    reissues = models.ForeignKey(
        "self",
        null=True,
        db_index=False,
        on_delete=models.PROTECT,
        related_name="reissued_by",
        help_text="the payment that left nothing",
    )
    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="payments")
    payee_name = models.CharField(max_length=100)
    bank_account = models.ForeignKey(BankAccount, null=True, on_delete=models.PROTECT, related_name="payments")
    amount = models.BigIntegerField(help_text="đồng")
    end_to_end_id = models.CharField(max_length=30)
    attempt = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=PaymentStatus.choices, default=PaymentStatus.DRAFT)
    cause = models.CharField(max_length=14, choices=Cause.choices, default=Cause.BUILD)
    status_at = models.DateTimeField()
    first_used_at = models.DateTimeField(null=True, help_text="first use of the current idempotency key")
    lease_until = models.DateTimeField(null=True)
    lease_by = models.CharField(max_length=40, blank=True)
    inconclusive_at = models.DateTimeField(null=True, help_text="a replay under the same key gave no answer either")
    hold_code = models.CharField(
        max_length=60, blank=True, help_text="the bank refused the request itself; a person must look"
    )
    bank_reference = models.CharField(max_length=64, blank=True)
    bank_created_at = models.DateTimeField(null=True)
    return_code = models.CharField(max_length=40, blank=True)
    credited_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    file = models.ForeignKey(
        "payments.PaymentFile",
        null=True,
        on_delete=models.PROTECT,
        related_name="payments",
        db_index=False,  # found by list and ordinals instead, so that joining a file touches no index
        help_text="the one file that carries it, on the present attempt",
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="payment_amount_is_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(name="payment_ordinal_once_per_batch", fields=["batch", "ordinal"]),
            # Not `unique=True`: that adds a second index, for searches by the beginning of an id which nobody makes.
            models.UniqueConstraint(name="payment_has_its_own_end_to_end_id", fields=["end_to_end_id"]),
            models.UniqueConstraint(
                name="payment_is_reissued_once", fields=["reissues"], condition=Q(reissues__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["bank_reference"], name="payment_bank_reference", condition=~Q(bank_reference="")),
            # Open work: without them every claim walks past all that was ever paid.
            models.Index(fields=["batch", "id"], name="payment_of_list_to_send", condition=Q(status="READY")),
            # What went by file has no lease: a million of them waiting for the bank's report are in nobody's way.
            models.Index(fields=["id"], name="payment_offered", condition=Q(status="SENT", lease_until__isnull=False)),
        ]


class BankEvent(models.Model):
    """A bank's webhook as received, stored once. It only rings: the state is then fetched from the bank.

    One the bank tells nothing of is asked about again after a while that doubles, and is an alarm; a person may close it, and says why.
    """

    event_id = models.CharField(max_length=80)
    kind = models.CharField(max_length=80)
    bank_reference = models.CharField(max_length=64)
    sealed = models.BinaryField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True, help_text="when it last could not be followed; others come first then")
    tries = models.PositiveSmallIntegerField(db_default=0, help_text="how often the bank told nothing of its order")
    ask_again_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, db_default="", help_text="why a person closed it")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="event_is_kept_once", fields=["event_id"]),
            models.CheckConstraint(
                name="ring_closed_by_a_person_who_says_why",
                condition=Q(closed_by__isnull=True, note="")
                | (Q(closed_by__isnull=False, handled_at__isnull=False) & ~Q(note="")),
            ),
        ]
        indexes = [models.Index(fields=["id"], name="event_not_handled", condition=Q(handled_at__isnull=True))]
