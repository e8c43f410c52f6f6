"""What nobody would notice because nothing happens: alarms of silence, and the questions only a person can end."""

from django.db import models
from django.db.models import Q

from payments.models.batches import Payment
from staff.models import AdministrativeUnit, User


class Alarm(models.Model):
    """Something that should have happened and did not. `subject` names the object ("list:17"), never a person; cleared when it is over."""

    class Kind(models.TextChoices):
        PROCESSING_LONG = "PROCESSING_LONG", "Ngân hàng xử lý quá lâu"
        OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN", "Chưa rõ kết quả, chờ người tra soát"
        HELD = "HELD", "Ngân hàng không nhận lệnh, chờ người xử lý"
        WAITS_FOR_SIGNATURE = "WAITS_FOR_SIGNATURE", "Danh sách chờ ký quá hạn"
        NO_STATEMENT = "NO_STATEMENT", "Chưa có sao kê"
        BANK_SILENT = "BANK_SILENT", "Ngân hàng nhận không trả lời, tạm ngừng gửi"
        CLOCK_SILENT = "CLOCK_SILENT", "Đồng hồ hệ thống không chạy"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    subject = models.CharField(max_length=60)
    unit = models.ForeignKey(AdministrativeUnit, null=True, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField(help_text="payments, lists or days, as the kind has it")
    since = models.DateTimeField()
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="alarm_raised_once_per_subject",
                fields=["kind", "subject"],
                condition=Q(cleared_at__isnull=True),
            ),
        ]


class Heartbeat(models.Model):
    """When the clock last rang; read by whoever asks whether it still does."""

    name = models.CharField(max_length=30, unique=True)
    at = models.DateTimeField()


class Enquiry(models.Model):
    """An unknown outcome put before a person: who looks into it, and what the bank finally said, in which document.

    Decided only after the bank's list was read afresh and did not show the order (`asked_at`), by somebody other than its owner.
    """

    class Outcome(models.TextChoices):
        ABSENT = "ABSENT", "Ngân hàng xác nhận không có lệnh này"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="enquiries")
    attempt = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    document = models.CharField(max_length=100, blank=True, help_text="the bank's letter: number and date")
    asked_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="enquiry_once_per_payment_and_attempt", fields=["payment", "attempt"]),
            models.CheckConstraint(
                name="enquiry_decided_with_the_banks_answer",
                condition=Q(outcome="", decided_by__isnull=True, decided_at__isnull=True)
                | (
                    ~Q(outcome="")
                    & ~Q(document="")
                    & Q(decided_by__isnull=False, decided_at__isnull=False, asked_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="enquiry_decided_by_a_second_person",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("owner")),
            ),
        ]
