"""The keys personal data is sealed under, as the database may hold them: wrapped under a master key it never sees (ADR 91)."""

from django.db import models
from django.db.models import Q


class DataKey(models.Model):
    """One data key; `id` is the first byte of whatever is sealed under it. The newest that is not retired seals, all of them open.

    Rewrapping writes `wrapped` and `wrapped_by` anew and touches no sealed row; retiring destroys `wrapped`. A number is never given twice.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    fingerprint = models.CharField(max_length=16)
    wrapped = models.BinaryField(null=True)
    wrapped_by = models.CharField(max_length=16, help_text="fingerprint of the master key")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="data_key_is_numbered_by_one_byte", condition=Q(id__gte=1, id__lte=255)),
            models.CheckConstraint(
                name="data_key_is_wrapped_until_it_is_retired",
                condition=Q(wrapped__isnull=False, retired_at__isnull=True)
                | Q(wrapped__isnull=True, retired_at__isnull=False),
            ),
        ]
