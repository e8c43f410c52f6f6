"""Minutes of a month that came back signed by both sides."""

from django.db import models
from django.db.models import Q

from payments.models import FundingAccount
from reconciliation.models.papers import IssuedPaper
from staff.models import User


class SignedMinutes(models.Model):
    """Kept whole and sealed, once by its content: our PDF with digital signatures (`paper` says which went out), or a scan. Append-only."""

    class Kind(models.TextChoices):
        SCAN = "SCAN", "Bản giấy đã ký, quét"
        SIGNED_PDF = "SIGNED_PDF", "Bản PDF đã ký số"

    account = models.ForeignKey(FundingAccount, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    paper = models.ForeignKey(IssuedPaper, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    media_type = models.CharField(max_length=20)
    sealed = models.BinaryField()
    content_digest = models.CharField(max_length=64)
    signatures = models.JSONField(default=list)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="signed_minutes_kept_once", fields=["account", "month", "content_digest"]),
            models.CheckConstraint(
                name="signed_minutes_are_ours_or_a_scan",
                condition=Q(kind="SCAN", paper__isnull=True) | Q(kind="SIGNED_PDF", paper__isnull=False),
            ),
        ]
