"""Shapes of corrections: what stood, what is to stand, by which paper, by whom. Of numbers only the last three digits."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from beneficiaries.models import Correction, CorrectionPaper, Sex
from beneficiaries.services.corrections.asked import changed_fields
from beneficiaries.services.numbers import identity_number_of
from beneficiaries.states import CorrectionStatus
from staff.api.query import Query
from staff.api.words import Words

LABELS = {
    "full_name": "Họ và tên",
    "birth": "Ngày sinh",
    "sex": "Giới tính",
    "number": "Số định danh cá nhân",
    "hamlet": "Thôn, tổ dân phố",
}
SHOWN_DIGITS = 3


class CorrectionQuery(Query):
    """By where they stand; without `status` those that wait for a second person."""

    status = serializers.ChoiceField(choices=CorrectionStatus.choices, required=False)


class CorrectionBody(serializers.Serializer[Any]):
    """Fields left out stay as they are. By POST, so that no name or number stands in an address."""

    full_name = serializers.CharField(max_length=100, required=False, write_only=True)
    birth = serializers.CharField(
        max_length=10, required=False, write_only=True, help_text="05/09/1942 or 1942-09-05, or the year alone"
    )
    sex = serializers.ChoiceField(choices=Sex.choices, required=False, write_only=True)
    number = serializers.RegexField(
        r"^\d{12}$",
        required=False,
        write_only=True,
        error_messages={"invalid": "Số định danh cá nhân có 12 chữ số."},
    )
    remove_number = serializers.BooleanField(
        required=False, default=False, help_text="the number kept is nobody's, and no other is known"
    )
    hamlet = serializers.CharField(max_length=60, required=False, write_only=True)
    paper_kind = serializers.ChoiceField(choices=CorrectionPaper.choices)
    paper_number = serializers.CharField(max_length=60)
    paper_issued_on = serializers.DateField()
    paper_issuer = serializers.CharField(max_length=120)
    reason = Words(max_length=300)
    case_id = serializers.IntegerField(required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A number is put right or taken out, not both."""
        if attrs["remove_number"] and attrs.get("number"):
            raise serializers.ValidationError({"number": "Ghi số đúng, hoặc bỏ số sai, không ghi cả hai."})
        return attrs


class Confirming(serializers.Serializer[Any]):
    """`seen`: where and when whoever confirms saw the original; without a scan it must be said."""

    seen = Words(max_length=300, required=False, allow_blank=True, default="")


class Refusing(serializers.Serializer[Any]):
    """Why not."""

    note = Words(max_length=300)


class ChangedField(serializers.Serializer[Any]):
    """One field, old and new, as a clerk reads it."""

    field = serializers.ChoiceField(choices=list(LABELS.items()))
    heading = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()


class CorrectionRow(serializers.Serializer[Any]):
    """One correction."""

    id = serializers.IntegerField()
    beneficiary_id = serializers.IntegerField()
    full_name = serializers.CharField(source="beneficiary.full_name")
    unit = serializers.CharField(source="beneficiary.unit.code")
    unit_name = serializers.CharField(source="beneficiary.unit.name")
    changes = serializers.SerializerMethodField()
    paper_kind = serializers.ChoiceField(choices=CorrectionPaper.choices)
    paper_label = serializers.CharField(source="get_paper_kind_display")
    paper_number = serializers.CharField()
    paper_issued_on = serializers.DateField()
    paper_issuer = serializers.CharField()
    reason = serializers.CharField()
    case_id = serializers.IntegerField(allow_null=True)
    status = serializers.ChoiceField(choices=CorrectionStatus.choices)
    status_label = serializers.CharField(source="get_status_display")
    proposed_by = serializers.CharField(source="proposed_by.full_name")
    proposed_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="decided_by.full_name", allow_null=True, default=None)
    decided_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()
    has_paper = serializers.BooleanField(help_text="whether the scanned paper can be read")

    @extend_schema_field(ChangedField(many=True))
    def get_changes(self, correction: Correction) -> list[dict[str, str]]:
        shown = [(name, *_sides(correction, name)) for name in changed_fields(correction)]
        return [{"field": name, "heading": LABELS[name], "before": old, "after": new} for name, old, new in shown]


class CorrectionDetail(CorrectionRow):
    """With what whoever confirms should know first; nothing once it is decided."""

    warnings = serializers.ListField(child=serializers.CharField())


def _sides(correction: Correction, name: str) -> tuple[str, str]:
    if name == "birth":
        return (
            _born(correction.birth_date_before, correction.birth_year_before),
            _born(correction.birth_date_after, correction.birth_year_after),
        )
    if name == "number":
        return _ending(correction.number_before), _ending(correction.number_after)
    if name == "sex":
        return str(Sex(correction.sex_before).label), str(Sex(correction.sex_after).label)
    return getattr(correction, f"{name}_before"), getattr(correction, f"{name}_after")


def _born(day: Any, year: int | None) -> str:
    return f"{day:%d/%m/%Y}" if day else str(year or "chưa ghi")


def _ending(number: Any) -> str:
    return "…" + identity_number_of(number)[-SHOWN_DIGITS:] if number else "chưa có số"
