"""Papers asked for, made in the background and fetched; and which papers went out, so that one that comes back is known."""

from django.db import models
from django.db.models import F, Q

from beneficiaries.models import Beneficiary
from staff.models import AdministrativeUnit, User


class PaperKind(models.TextChoices):
    """What can be asked for."""

    LISTS = "LISTS", "Danh sách tháng của các xã, phường"
    DOSSIER = "DOSSIER", "Hồ sơ chi trả của tháng"


class PaperOrder(models.Model):
    """One request, seen by whoever made it alone. The table is the queue; the content is sealed, and forgotten some days after."""

    class Status(models.TextChoices):
        WAITING = "WAITING", "Chờ"
        WORKING = "WORKING", "Đang làm"
        DONE = "DONE", "Đã xong"
        REFUSED = "REFUSED", "Không làm được"
        FORGOTTEN = "FORGOTTEN", "Đã xóa sau thời hạn lưu"

    kind = models.CharField(max_length=7, choices=PaperKind.choices)
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.WAITING)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    done = models.PositiveIntegerField(default=0, help_text="pieces made so far")
    total = models.PositiveIntegerField(default=0, help_text="pieces to make; 0 before they were counted")
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="paper_asked_for_once_at_a_time",
                fields=["kind", "unit", "month", "asked_by"],
                condition=Q(status__in=["WAITING", "WORKING"]),
            ),
            models.CheckConstraint(
                name="paper_done_has_content", condition=~Q(status="DONE") | Q(sealed__isnull=False, finished_at__isnull=False)
            ),
            models.CheckConstraint(name="paper_never_more_than_whole", condition=Q(total=0) | Q(done__lte=F("total"))),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["id"], name="paper_to_make", condition=Q(status__in=["WAITING", "WORKING"])),
        ]


class IssuedPaper(models.Model):
    """A paper that was handed out: to whom, when, and by what it is known again. Append-only.

    Its lines are not kept here, but for minutes (`frozen`: name, ours, theirs, cause), which name nobody and change with every statement.

    `digest` covers the content (printed as mã số liệu); `pdf_digest` is the SHA-256 of the PDF's first `pdf_size` bytes, which a digital
    signature leaves as they are. `beneficiary`: whose history it is, if it is one. `mark`: as of an issued file.
    """

    class Kind(models.TextChoices):
        ACCOUNT_LIST = "ACCOUNT_LIST", "Danh sách chi trả qua tài khoản"
        CASH_LIST = "CASH_LIST", "Danh sách chi trả tiền mặt"
        CHANGES = "CHANGES", "Tổng hợp biến động"
        UNPAID = "UNPAID", "Danh sách chưa nhận tiền"
        DOSSIER = "DOSSIER", "Hồ sơ chi trả"
        HISTORY = "HISTORY", "Quá trình hưởng của một người"
        TRACE = "TRACE", "Phiếu tra soát"
        MINUTES = "MINUTES", "Biên bản đối chiếu"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=120)
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(null=True)
    beneficiary = models.ForeignKey(Beneficiary, null=True, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, db_index=True)
    lines = models.PositiveIntegerField()
    pdf_size = models.PositiveIntegerField()
    pdf_digest = models.CharField(max_length=64)
    purpose = models.CharField(max_length=200, blank=True, help_text="why somebody's history was read")
    made_at = models.DateTimeField()
    made_for = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=64, default="")
    frozen = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="history_is_of_one_person_and_says_why",
                condition=(Q(kind="HISTORY", beneficiary__isnull=False) & ~Q(purpose="")) | (~Q(kind="HISTORY") & Q(beneficiary__isnull=True))
            ),
            models.CheckConstraint(name="minutes_alone_keep_their_rows", condition=Q(kind="MINUTES") ^ Q(frozen__isnull=True)),
        ]  # fmt: skip
