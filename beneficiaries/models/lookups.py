"""Who looked for residents, when and for which purpose, and whom they were shown. Never what they typed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from staff.models import AdministrativeUnit, User


class CandidateLookup(models.Model):
    """One look-up of residents by a member of staff. Append-only."""

    class Purpose(models.TextChoices):
        NEW_FILE = "NEW_FILE", "Lập hồ sơ mới"
        CORRECT_FILE = "CORRECT_FILE", "Sửa hồ sơ"
        SOLVE_CASE = "SOLVE_CASE", "Xử lý việc cần xác minh"

    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    looked_at = models.DateTimeField()
    shown = ArrayField(models.BigIntegerField(), default=list, help_text="ids of identity records, best first")
