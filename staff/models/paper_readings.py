"""Who read which kept paper: slips, decisions, powers of attorney, letters hold more about a person than any screen."""

from django.db import models
from django.db.models import Q

from staff.models.units import AdministrativeUnit
from staff.models.users import User


class PaperReading(models.Model):
    """One paper given out to one member of staff. Append-only. `paper_id` is the id of the row of its kind; nothing of the paper is here.

    Of an answer to inspectors it is the unit asked about, of a history the record's own id,
    of a person's page and of the answer about their data the person's.
    """

    class Kind(models.TextChoices):
        DECISION = "DECISION", "Quyết định"
        SLIP = "SLIP", "Phiếu đăng ký hình thức nhận"
        PAYEE = "PAYEE", "Giấy tờ của người nhận thay"
        RECORD = "RECORD", "Giấy tờ kèm đề nghị sửa hồ sơ"
        LIST = "LIST", "Bản đã ký của danh sách"
        LETTER = "LETTER", "Văn bản trả lời của ngân hàng"
        LEVEL = "LEVEL", "Văn bản quy định mức hưởng"
        PRINTED = "PRINTED", "Danh sách in để ký"
        OFFICE = "OFFICE", "Tệp đã gửi, kèm lý do"
        UPLOAD = "UPLOAD", "Danh sách gốc đã gửi, kèm lý do"
        ORDER = "ORDER", "Danh sách tháng, hồ sơ chi trả đã lập"
        REPORT = "REPORT", "Bản đã ký của báo cáo"
        HISTORY = "HISTORY", "Nhật ký của một bản ghi"
        ANSWER = "ANSWER", "Trả lời câu hỏi thanh tra"
        PERSON = "PERSON", "Trang của một người"
        HELD = "HELD", "Bản trả lời về dữ liệu cá nhân"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    paper_id = models.BigIntegerField()
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+", help_text="whose paper")
    read_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "paper_id"], name="readings_of_a_paper")]
        constraints = [models.CheckConstraint(name="reading_is_of_a_paper", condition=Q(paper_id__gt=0))]
