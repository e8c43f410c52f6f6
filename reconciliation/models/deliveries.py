"""What became of a report after it was made: who was shown it and when, and what came back signed."""

from django.db import models
from django.db.models import Q

from reconciliation.models.schedules import ReportRun
from reconciliation.models.snapshots import ReportSnapshot
from staff.models import User


class ReportReading(models.Model):
    """The first time somebody was shown these figures of a report, on the page or as a file. Append-only."""

    run = models.ForeignKey(ReportRun, on_delete=models.PROTECT, related_name="readings")
    snapshot = models.ForeignKey(ReportSnapshot, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="report_first_read_once", fields=["snapshot", "reader"])]


class SignedReport(models.Model):
    """A report that came back signed: our PDF with digital signatures, or a scan. Kept whole and sealed, once by its content. Append-only.

    `signatures` as in `payments.SignedPaper`. `data_matches`: it is the PDF we made of this snapshot, untouched below its signatures;
    empty where only a person can compare.
    """

    class Kind(models.TextChoices):
        SCAN = "SCAN", "Bản giấy đã ký, quét"
        SIGNED_PDF = "SIGNED_PDF", "Bản PDF đã ký số"

    run = models.ForeignKey(ReportRun, on_delete=models.PROTECT, related_name="papers")
    snapshot = models.ForeignKey(ReportSnapshot, on_delete=models.PROTECT, related_name="papers")
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
            models.UniqueConstraint(name="signed_report_kept_once", fields=["snapshot", "content_digest"]),
            models.CheckConstraint(
                name="only_our_pdf_is_compared",
                condition=Q(kind="SCAN", data_matches__isnull=True) | Q(kind="SIGNED_PDF", data_matches=True),
            ),
        ]
