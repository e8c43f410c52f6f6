"""Paper of a list: what was signed outside, and the Treasury's voucher."""

from django.db import models
from django.db.models import Q

from payments.models.batches import PaymentBatch
from staff.models import User


class SignedPaper(models.Model):
    """A scan of the signed list, or a PDF signed digitally, kept whole and sealed. Append-only; once per list by its content.

    `signatures` says of each digital signature: signer, time, integrity, whether its chain ends at a root we trust. `data_matches`: the data
    embedded in the PDF are the list as it stands; empty for a scan, which only a person can compare.
    """

    class Kind(models.TextChoices):
        SCAN = "SCAN", "Bản giấy đã ký, quét"
        SIGNED_PDF = "SIGNED_PDF", "Bản PDF đã ký số"

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="papers")
    revision = models.PositiveSmallIntegerField()
    list_digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    media_type = models.CharField(max_length=20)
    sealed = models.BinaryField()
    content_digest = models.CharField(max_length=64)
    signatures = models.JSONField(default=list)
    data_matches = models.BooleanField(null=True)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="paper_once_per_list", fields=["batch", "revision", "content_digest"]),
            models.CheckConstraint(
                name="only_embedded_data_are_compared",
                condition=Q(kind="SCAN", data_matches__isnull=True) | Q(kind="SIGNED_PDF", data_matches=True),
            ),
        ]


class TreasuryVoucher(models.Model):
    """Số chứng từ of the State Treasury for a released list. Append-only; a wrong one is followed by the right one."""

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="vouchers")
    number = models.CharField(max_length=60)
    dated_on = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="voucher_has_a_number", condition=~Q(number="")),
            models.UniqueConstraint(name="voucher_once_per_list", fields=["batch", "number", "dated_on"]),
        ]
