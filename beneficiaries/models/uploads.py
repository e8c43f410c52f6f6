"""Lists on their way in: uploaded, shown before anything is written, confirmed, taken in piece by piece. Contents stay sealed while they wait."""

from django.db import models
from django.db.models import Q

from beneficiaries.models.enrolments import Enrolment
from beneficiaries.models.intake import ReceivedFile
from staff.models import AdministrativeUnit, User


class Outcome(models.TextChoices):
    """What taking in a row would do."""

    NEW = "NEW", "Mới"
    CHANGED = "CHANGED", "Thay đổi"
    UNCHANGED = "UNCHANGED", "Không đổi"
    GONE = "GONE", "Không còn trong danh sách"
    WRONG = "WRONG", "Sai, không nhận"


class UploadStage(models.TextChoices):
    """Where an upload stands. The table is the queue: RECEIVED waits for its preview, CONFIRMED to be taken in."""

    RECEIVED = "RECEIVED", "Đang đọc"
    NEEDS_MAPPING = "NEEDS_MAPPING", "Chờ khai tên cột"
    PREVIEWED = "PREVIEWED", "Chờ xác nhận"
    CONFIRMED = "CONFIRMED", "Đang nạp"
    DONE = "DONE", "Đã nạp"
    REFUSED = "REFUSED", "Không đọc được"
    CANCELLED = "CANCELLED", "Đã bỏ"


WAITING = (UploadStage.RECEIVED, UploadStage.NEEDS_MAPPING, UploadStage.PREVIEWED, UploadStage.CONFIRMED)
FOR_A_WORKER = (UploadStage.RECEIVED, UploadStage.CONFIRMED)


class UploadQuerySet(models.QuerySet["RegistryUpload"]):
    """Uploads by what may be done with them."""

    def in_reach(self, actor: User) -> "UploadQuerySet":
        """Of units of the actor's subtree."""
        if actor.unit is None:
            return self.none()
        return self.filter(unit__path__startswith=actor.unit.path)

    def for_a_worker(self) -> "UploadQuerySet":
        """Those with work to be done that nobody stopped."""
        return self.filter(stage__in=FOR_A_WORKER, stopped=False)


class RegistryUpload(models.Model):
    """A list somebody sent. `rows_done` is how far reading, then taking in, has come: each piece is committed with it."""

    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    sheet = models.CharField(max_length=60, blank=True, help_text="which sheet, where several hold a list")
    file_name = models.CharField(
        max_length=120,
        db_default="",
        default="",
        blank=True,
        help_text="as it was called where it came from, long numbers cut",
    )
    sealed = models.BinaryField(null=True, help_text="the file, encrypted; forgotten some weeks after the end")
    file_digest = models.BinaryField(help_text="keyed digest of the bytes: a double click is one upload")
    stage = models.CharField(max_length=13, choices=UploadStage.choices, default=UploadStage.RECEIVED)
    stopped = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    problem_code = models.CharField(max_length=40, blank=True)
    problem = models.CharField(max_length=600, blank=True)
    fingerprint = models.CharField(max_length=32, blank=True)
    headings = models.JSONField(default=list, help_text="[{position, text, key, certain}]: what the columns seem to be")
    rows_total = models.IntegerField(default=0)
    rows_done = models.IntegerField(default=0)
    counts = models.JSONField(default=dict, help_text="rows per outcome, as previewed")
    preview_digest = models.BinaryField(null=True)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    file = models.ForeignKey(ReceivedFile, null=True, on_delete=models.PROTECT, related_name="uploads")

    objects = UploadQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["stage"], name="upload_for_a_worker", condition=Q(stage__in=FOR_A_WORKER)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="waiting_upload_once_per_content",
                fields=["unit", "file_digest", "sheet"],
                condition=Q(stage__in=WAITING),
            ),
            models.UniqueConstraint(
                name="one_list_at_a_time_is_taken_in_per_unit", fields=["unit"], condition=Q(stage="CONFIRMED")
            ),
            models.CheckConstraint(
                name="upload_confirmed_by_and_at_together",
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="nothing_is_taken_in_without_preview_and_confirmation",
                condition=~Q(stage__in=["CONFIRMED", "DONE"])
                | Q(preview_digest__isnull=False, confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="waiting_upload_has_its_content", condition=~Q(stage__in=WAITING) | Q(sealed__isnull=False)
            ),
        ]


class UploadRow(models.Model):
    """One row of a preview. `sealed` holds code, name and what would change; nothing of it stands beside in clear."""

    upload = models.ForeignKey(RegistryUpload, on_delete=models.CASCADE, related_name="rows")
    row_number = models.IntegerField(null=True, help_text="as the spreadsheet counts; none for who is gone")
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    elsewhere = models.BooleanField(default=False, help_text="receives elsewhere: yes or no, never who or where")
    errors = models.JSONField(default=list)
    sealed = models.BinaryField()
    enrolment = models.ForeignKey(Enrolment, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["upload", "outcome", "row_number"], name="upload_rows_by_outcome")]
        constraints = [
            models.UniqueConstraint(name="preview_row_once_per_upload", fields=["upload", "row_number"]),
            models.CheckConstraint(
                name="only_who_is_gone_has_no_row",
                condition=Q(row_number__isnull=False) ^ Q(outcome="GONE"),
            ),
        ]


class HeadingMapping(models.Model):
    """What the headings of one source mean, as somebody confirmed it: for a unit, a kind of list and the headings it came with."""

    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, help_text="of `ReceivedFile.Kind`")
    fingerprint = models.CharField(max_length=32)
    columns = models.JSONField(help_text="folded heading → column key; empty for a column that means nothing to us")
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="one_mapping_per_source", fields=["unit", "kind", "fingerprint"]),
        ]
