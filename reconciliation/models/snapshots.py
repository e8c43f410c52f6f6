"""A report's numbers, frozen: what was printed can be recomputed and compared for ever."""

from django.db import models

from staff.models import AdministrativeUnit, User


class ReportSnapshot(models.Model):
    """Figures with their definitions, scope, period and data-as-of time. Append-only; the digest is over the canonical JSON."""

    kind = models.CharField(max_length=30)
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField()
    figures = models.JSONField()
    ties_out = models.BooleanField()
    digest = models.CharField(max_length=64)
    seal_digest = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="the last seal of the history when it was taken; printed in the footer",
    )
    seal_checked_at = models.DateTimeField(null=True, help_text="when all seals had last been checked")
    seal_findings = models.IntegerField(
        null=True, help_text="what that check found; 0: the history is as it was sealed"
    )
    history_id = models.BigIntegerField(
        null=True, help_text="last row of the history when it was counted; null before it was kept"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
