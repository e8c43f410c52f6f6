"""How good the data of a commune and programme was on a day, and who signed that it has been cleaned. Append-only."""

from django.db import models
from django.db.models import F, Q

from beneficiaries.models.programmes import Programme
from staff.models import AdministrativeUnit, User

COUNTS = (
    "correct", "complete", "cleaned", "live", "solved_mismatches", "open_mismatches", "without_number", "not_found", "duplicates", "deceased",
)  # fmt: skip


class QualityScore(models.Model):
    """Counts of files (live enrolments) of one commune and programme at the end of a day; definitions in `services/quality.py`. `cleaned` is "sạch"."""

    taken_on = models.DateField()
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    files = models.IntegerField()
    correct = models.IntegerField()
    complete = models.IntegerField()
    cleaned = models.IntegerField()
    live = models.IntegerField()
    solved_mismatches = models.IntegerField()
    open_mismatches = models.IntegerField()
    without_number = models.IntegerField()
    not_found = models.IntegerField()
    duplicates = models.IntegerField()
    deceased = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="quality_once_per_day_unit_and_programme", fields=["taken_on", "unit", "programme"]
            ),
            models.CheckConstraint(
                name="quality_counts_are_parts_of_the_files",
                condition=Q(*[Q(**{f"{count}__gte": 0, f"{count}__lte": F("files")}) for count in COUNTS]),
            ),
        ]


class SignOffLevel(models.Model):
    """A kind of unit between commune and province that signs for its data before the province does. Written by `migrate`, from the settings."""

    kind = models.CharField(max_length=10, unique=True, help_text="of `AdministrativeUnit.Kind`")


class QualitySignOff(models.Model):
    """A unit answers for its data as counted on a day; a higher unit only after every commune below it."""

    taken_on = models.DateField()
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    note = models.CharField(max_length=300, blank=True)
    figures = models.JSONField(help_text="the sums that were signed, by name")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="quality_signed_once_per_day_and_unit", fields=["taken_on", "unit"]),
        ]
