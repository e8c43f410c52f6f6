"""Linked procedures (thủ tục hành chính liên thông) that follow a life event: the funeral file with its number and official statuses."""

from django.db import models
from django.db.models import Q

from beneficiaries.models.people import Beneficiary
from staff.models import User


class FuneralFile(models.Model):
    """The file for the funeral allowance of one person: opened when the death is registered, closed by what the one-stop desk says."""

    beneficiary = models.OneToOneField(Beneficiary, on_delete=models.PROTECT, related_name="funeral_file")
    file_number = models.CharField(max_length=40, blank=True, help_text="mã hồ sơ, once the one-stop desk has given it")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="funeral_file_number_once", fields=["file_number"], condition=~Q(file_number="")
            ),
        ]


class FuneralFileStep(models.Model):
    """One status of a funeral file, the official six; whatever is not under way or settled says why. Append-only; the last one holds."""

    class Status(models.TextChoices):
        NOT_RECEIVED = "NOT_RECEIVED", "Chưa tiếp nhận"
        REFUSED = "REFUSED", "Không tiếp nhận"
        SUPPLEMENT = "SUPPLEMENT", "Yêu cầu bổ sung"
        IN_PROGRESS = "IN_PROGRESS", "Đang xử lý"
        STOPPED = "STOPPED", "Dừng xử lý"
        SETTLED = "SETTLED", "Đã giải quyết"

    file = models.ForeignKey(FuneralFile, on_delete=models.PROTECT, related_name="steps")
    status = models.CharField(max_length=12, choices=Status.choices)
    reason = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="funeral_file_step_says_why",
                condition=Q(status__in=["IN_PROGRESS", "SETTLED"]) | ~Q(reason=""),
            ),
        ]
