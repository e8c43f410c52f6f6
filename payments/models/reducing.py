"""What makes a signed list smaller or holds it: removal slips, and the freeze switch."""

from django.db import models
from django.db.models import Q

from beneficiaries.models import Programme
from payments.models.batches import Payment
from payments.states import Step
from staff.models import AdministrativeUnit, Delegation, User


class RemovalSlip(models.Model):
    """Phiếu rút tên: one person off a signed list. Total paid = list - slips.

    Asked for by a person, the payment is held at once and cancelled when checker and releaser have signed the slip; refused, it goes on. What
    the product itself had to stop (a death, an account that lost its standing) is cancelled at once, and the slip is signed after.
    """

    class Ground(models.TextChoices):
        REQUESTED = "REQUESTED", "Theo đề nghị"
        LIFE = "LIFE", "Người hưởng đã mất hoặc chờ xác minh tin báo tử"
        CHANGED = "CHANGED", "Thay đổi sau khi danh sách được ký"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="slips")
    ground = models.CharField(max_length=9, choices=Ground.choices)
    reason = models.CharField(max_length=300)
    document_number = models.CharField(max_length=60, blank=True)
    requested_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    refused_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refusal_note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_slip_per_payment", fields=["payment"], condition=Q(refused_at__isnull=True)
            ),
            models.CheckConstraint(
                name="slip_asked_for_says_by_whom_and_why",
                condition=~Q(ground="REQUESTED") | (Q(requested_by__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="slip_refused_says_by_whom",
                condition=Q(refused_at__isnull=True, refused_by__isnull=True)
                | Q(refused_at__isnull=False, refused_by__isnull=False),
            ),
        ]


class SlipSignature(models.Model):
    """Checker and releaser sign the slip, not the list again; the digest is of the slip. Append-only."""

    slip = models.ForeignKey(RemovalSlip, on_delete=models.PROTECT, related_name="signatures")
    step = models.CharField(max_length=8, choices=Step.choices)
    signer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    delegation = models.ForeignKey(Delegation, null=True, on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=140, blank=True)
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="slip_signer_once", fields=["slip", "signer"]),
            models.UniqueConstraint(name="slip_step_once", fields=["slip", "step"]),
            models.CheckConstraint(
                name="slip_is_signed_by_checker_and_releaser", condition=Q(step__in=[Step.CHECKER, Step.RELEASER])
            ),
        ]


class Freeze(models.Model):
    """Tạm ngừng chi: while it is on, nothing of `unit` and below (and of `programme`, if given) is claimed or handed over."""

    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="freezes")
    programme = models.ForeignKey(Programme, null=True, on_delete=models.PROTECT, related_name="freezes")
    reason = models.CharField(max_length=300)
    began_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="freeze_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="freeze_ended_says_by_whom_and_why",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
            ),
            models.UniqueConstraint(
                name="one_freeze_per_unit_and_programme",
                fields=["unit", "programme"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
            ),
        ]
