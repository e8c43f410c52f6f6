"""Handing everything over: ordered by one person, with numbers in clear only after another's yes, written once at the server."""

from django.db import models
from django.db.models import F, Q

from staff.models.users import User


class DataExport(models.Model):
    """One order to write all tables of the province as workbooks (`reconciliation.services.export`).

    Without numbers it may be written at once. `folder` is where it was written, `manifest_digest` the SHA-256 of its manifest: who holds the
    workbooks can show that they are those that were handed over.
    """

    document = models.CharField(max_length=120, help_text="the paper that orders it: the end of a contract, a decision")
    with_numbers = models.BooleanField(default=False)
    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    written_at = models.DateTimeField(null=True)
    folder = models.CharField(max_length=300, blank=True)
    row_total = models.PositiveBigIntegerField(null=True)
    manifest_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="export_names_its_document", condition=~Q(document="")),
            models.CheckConstraint(
                name="export_is_decided_by_somebody_else",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("ordered_by")),
            ),
            models.CheckConstraint(
                name="export_decision_has_person_time_and_word",
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, accepted__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, accepted__isnull=False),
            ),
            models.CheckConstraint(
                name="export_with_numbers_is_written_after_two_people",
                condition=Q(written_at__isnull=True)
                | Q(with_numbers=False)
                | Q(accepted__isnull=False) & Q(accepted=True),  # an unknown would pass
            ),
            models.CheckConstraint(
                name="export_written_says_where_and_what",
                condition=Q(written_at__isnull=True, folder="", manifest_digest="", row_total__isnull=True)
                | Q(written_at__isnull=False, row_total__isnull=False) & ~Q(folder="") & ~Q(manifest_digest=""),
            ),
        ]

    @property
    def waits(self) -> bool:
        """For a second person."""
        return self.with_numbers and self.accepted is None

    @property
    def ready(self) -> bool:
        """May be written now."""
        return self.written_at is None and (not self.with_numbers or self.accepted is True)
