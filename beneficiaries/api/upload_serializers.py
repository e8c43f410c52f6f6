"""What the addresses of registry uploads take and give."""

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from beneficiaries.models import Outcome, RegistryUpload, UploadRow, UploadStage
from beneficiaries.parsers.encodings import Encoding
from beneficiaries.parsers.registry_rows import SENTENCES, NotAPerson
from beneficiaries.services.intake.uploads import PASSED_OVER, PREVIEW, UNSIGNED, WRITTEN_IN
from staff.api.query import Query
from staff.encryption import unseal

BESIDE = frozenset({PASSED_OVER, UNSIGNED, WRITTEN_IN})
WRITTEN = {
    Encoding.TCVN3: "Tệp viết bằng bảng mã TCVN3 (ABC, phông .Vn…), đã chuyển sang Unicode. Bảng mã này không có chữ hoa mang dấu thanh: phông chữ "
    "hoa (.VnTimeH …) chỉ vẽ chữ thường thành hoa, nên họ tên toàn chữ thường được ghi hoa chữ đầu. Mời xem lại họ tên trước khi xác nhận.",
    Encoding.VNI: "Tệp viết bằng bảng mã VNI, đã chuyển sang Unicode. Mời xem lại họ tên trước khi xác nhận.",
    Encoding.WINDOWS_1258: "Tệp viết bằng bảng mã Windows-1258, đã chuyển sang Unicode. Mời xem lại họ tên trước khi xác nhận.",
}


class UploadFile(serializers.Serializer[Any]):
    """A list and the commune it is of; `sheet` where several sheets hold one."""

    file = serializers.FileField(allow_empty_file=True)
    unit = serializers.CharField(max_length=12)
    sheet = serializers.CharField(max_length=60, required=False, default="")


class UploadHeading(serializers.Serializer[Any]):
    """A heading of the file and the column it seems to stand for."""

    position = serializers.IntegerField()
    text = serializers.CharField()
    key = serializers.CharField(allow_blank=True)
    certain = serializers.BooleanField()


class PassedOverRow(serializers.Serializer[Any]):
    """A row of the file that stands for nobody, and why."""

    row_number = serializers.IntegerField()
    sentence = serializers.CharField()


class UploadDetail(serializers.ModelSerializer[RegistryUpload]):
    """Where an upload stands: stage, rows done of all, what the preview counted."""

    unit = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")
    stage_name = serializers.CharField(source="get_stage_display")
    headings = UploadHeading(many=True)
    preview_digest = serializers.SerializerMethodField()
    without_signer = serializers.SerializerMethodField(help_text="dòng mới chưa ghi người ký quyết định; vẫn được nạp")
    counts = serializers.SerializerMethodField(help_text="số dòng theo kết quả xem trước")
    written_in = serializers.SerializerMethodField(help_text="bảng mã khác Unicode đã đọc được và cách đọc")
    passed_over = serializers.SerializerMethodField(
        help_text="dòng không phải người hưởng: cộng, chữ ký, tên thôn, số cột"
    )

    class Meta:
        model = RegistryUpload
        fields = (
            "id", "unit", "unit_name", "file_name", "sheet", "stage", "stage_name", "stopped", "uploaded_at", "problem_code", "problem", "headings",
            "rows_total", "rows_done", "counts", "without_signer", "written_in", "passed_over", "preview_digest", "confirmed_at", "finished_at",
        )  # fmt: skip

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_counts(self, upload: RegistryUpload) -> dict[str, int]:
        """Rows per outcome."""
        return {outcome: count for outcome, count in upload.counts.items() if outcome not in BESIDE}

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_written_in(self, upload: RegistryUpload) -> list[str]:
        """What was done about them, as sentences."""
        return [WRITTEN[Encoding(name)] for name in upload.counts.get(WRITTEN_IN, [])]

    def get_without_signer(self, upload: RegistryUpload) -> int:
        """Of rows that are new."""
        return int(upload.counts.get(UNSIGNED, 0))

    @extend_schema_field(PassedOverRow(many=True))
    def get_passed_over(self, upload: RegistryUpload) -> list[dict[str, object]]:
        """Whoever sent the list sees that no person is among them."""
        rows = upload.counts.get(PASSED_OVER, [])
        return [{"row_number": number, "sentence": SENTENCES[NotAPerson(why)]} for number, why in rows]

    def get_preview_digest(self, upload: RegistryUpload) -> str:
        """Hex; to be sent back when confirming."""
        return bytes(upload.preview_digest or b"").hex()


class UploadQuery(Query):
    """Which uploads."""

    stage = serializers.ChoiceField(choices=UploadStage.choices, required=False)
    unit = serializers.CharField(max_length=12, required=False)


class RowQuery(Query):
    """Which rows of a preview."""

    outcome = serializers.ChoiceField(choices=Outcome.choices, required=False)
    elsewhere = serializers.BooleanField(required=False, allow_null=True, default=None)


class RowError(serializers.Serializer[Any]):
    """What is wrong in which column; a fatal one keeps the row out."""

    column = serializers.CharField()
    code = serializers.CharField()
    sentence = serializers.CharField()
    fatal = serializers.BooleanField()


class RowChange(serializers.Serializer[Any]):
    """A field that differs; of numbers the last three digits."""

    column = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


STANDING = (Outcome.GONE, Outcome.CHANGED, Outcome.UNCHANGED)


class PreviewRow(serializers.Serializer[Any]):
    """A row of the preview."""

    row_number = serializers.IntegerField(allow_null=True)
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    outcome_name = serializers.CharField(source="get_outcome_display")
    elsewhere = serializers.BooleanField()
    remarks = RowError(many=True)
    code = serializers.CharField()
    name = serializers.CharField()
    changes = RowChange(many=True)
    enrolment_id = serializers.IntegerField(allow_null=True, help_text="of one of the unit's own that stands already")

    def to_representation(self, instance: UploadRow) -> dict[str, Any]:
        """Opened for who may take the list in."""
        return {
            "row_number": instance.row_number,
            "outcome": instance.outcome,
            "outcome_name": instance.get_outcome_display(),
            "elsewhere": instance.elsewhere,
            "remarks": instance.errors,
            "enrolment_id": instance.enrolment_id if instance.outcome in STANDING else None,
            **json.loads(unseal(bytes(instance.sealed), purpose=PREVIEW)),
        }


class Confirmation(serializers.Serializer[Any]):
    """The preview that is confirmed."""

    preview_digest = serializers.RegexField(r"^[0-9a-f]{64}$")


class MappedHeading(serializers.Serializer[Any]):
    """Which of our columns the heading at this position stands for; "" for none."""

    position = serializers.IntegerField(min_value=0, max_value=255)
    key = serializers.CharField(max_length=30, allow_blank=True)


class Mapping(serializers.Serializer[Any]):
    """What the headings mean."""

    columns = MappedHeading(many=True, allow_empty=False)
