"""What was received, as received: files and rows, encrypted, with every error."""

from django.db import models

from beneficiaries.models.enrolments import Enrolment
from staff.models import AdministrativeUnit, User


class ReceivedFile(models.Model):
    """A file a ward, office, provider or bank sent. `content_digest` is over its rows, so the same rows in another file count once."""

    class Kind(models.TextChoices):
        REGISTRY = "REGISTRY", "Danh sách đối tượng"
        ACCOUNTS = "ACCOUNTS", "Danh sách tài khoản"
        VNEID = "VNEID", "Danh sách tài khoản trên VNeID"
        OPENINGS = "OPENINGS", "Kết quả mở tài khoản"
        DECISIONS = "DECISIONS", "Danh sách quyết định"
        UNCLAIMED = "UNCLAIMED", "Tiền chưa nhận kỳ trước"
        REVIEWS = "REVIEWS", "Kết quả rà soát"
        VERDICTS = "VERDICTS", "Kết quả xác minh từng người"
        LIFE_EVENTS = "LIFE_EVENTS", "Sự kiện hộ tịch"
        INSURANCE = "INSURANCE", "Người hưởng lương hưu, trợ cấp bảo hiểm"
        GIFTS = "GIFTS", "Danh sách nhận quà, trợ cấp một lần"
        VISITS = "VISITS", "Kết quả đi từng nhà"
        CASH_RESULT = "CASH_RESULT", "Kết quả chi tiền mặt"

    kind = models.CharField(max_length=11, choices=Kind.choices)
    content_digest = models.BinaryField(unique=True)
    unit = models.ForeignKey(AdministrativeUnit, null=True, on_delete=models.PROTECT, related_name="+")
    received_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    row_count = models.IntegerField()
    rejected_count = models.IntegerField(default=0)


class RegistryRow(models.Model):
    """A row as received: encrypted whole, with what was wrong with it. Append-only."""

    file = models.ForeignKey(ReceivedFile, on_delete=models.PROTECT, related_name="rows")
    row_number = models.IntegerField(help_text="as the spreadsheet counts, from 1")
    row_digest = models.BinaryField()
    sealed = models.BinaryField()
    errors = models.JSONField(default=list, help_text="[{column, code, sentence}], no value of the row in them")
    rejected = models.BooleanField(default=False)
    enrolment = models.ForeignKey(Enrolment, null=True, on_delete=models.PROTECT, related_name="registry_rows")

    class Meta:
        constraints = [models.UniqueConstraint(name="row_once_per_file", fields=["file", "row_number"])]


class SentFileName(models.Model):
    """What a file of an office or a bank was called where it came from: sealed, found by the keyed digest of its bytes. Append-only."""

    digest = models.BinaryField()
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["digest", "unit"], name="name_of_sent_bytes")]
