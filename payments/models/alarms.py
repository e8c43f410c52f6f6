"""What nobody would notice because nothing happens: alarms of silence, and the beat of the clock."""

from django.db import models
from django.db.models import Q

from staff.models import AdministrativeUnit


class Alarm(models.Model):
    """Something that should have happened and did not. `subject` names the object ("list:17"), never a person; cleared when it is over."""

    class Kind(models.TextChoices):
        PROCESSING_LONG = "PROCESSING_LONG", "Ngân hàng xử lý quá lâu"
        OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN", "Chưa rõ kết quả, chờ người tra soát"
        HELD = "HELD", "Ngân hàng không nhận lệnh, chờ người xử lý"
        WAITS_FOR_SIGNATURE = "WAITS_FOR_SIGNATURE", "Danh sách chờ ký quá hạn"
        NO_STATEMENT = "NO_STATEMENT", "Chưa có sao kê"
        REPORT_OVERDUE = "REPORT_OVERDUE", "Báo cáo quá hạn ký"
        FROZEN = "FROZEN", "Đang tạm ngừng chi"
        NOT_SENDING = "NOT_SENDING", "Khoản đã duyệt chi chờ gửi, không máy nào gửi"
        BOOKS_NOT_READ = "BOOKS_NOT_READ", "Sổ khôi phục từ bản sao, chưa đối chiếu với ngân hàng: không gửi tiền"
        BANK_SILENT = "BANK_SILENT", "Ngân hàng nhận không trả lời, tạm ngừng gửi"
        MATCHING_LATE = "MATCHING_LATE", "Đối khớp không chạy hoặc chạy không xong"
        RING_UNFOLLOWED = "RING_UNFOLLOWED", "Ngân hàng báo tin về lệnh không tra được"
        BANK_REPORT_WRONG = "BANK_REPORT_WRONG", "Báo cáo của ngân hàng sai, chưa áp dụng gì"
        LEDGER_NEGATIVE = "LEDGER_NEGATIVE", "Số dư sổ kế toán âm, mời đối chiếu"
        FAULT = "FAULT", "Có người gặp trang lỗi của hệ thống trong một ngày qua"
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
