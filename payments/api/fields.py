"""Fields with a meaning of their own."""

import re
from datetime import date
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from staff.api.codes import CodeField
from staff.models import AdministrativeUnit

YEARS = range(2000, 2101)
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def read_month(text: str) -> date | None:
    """`2024-08` as its first day; None for anything else, and for years no benefit was or will be paid in."""
    found = _MONTH.fullmatch(text)
    return date(int(found[1]), int(found[2]), 1) if found and int(found[1]) in YEARS else None


@extend_schema_field({"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$", "example": "2024-08"})
class MonthField(serializers.Field[date, Any, str, Any]):
    """A month as `2024-08`, in Python its first day."""

    default_error_messages = {"invalid": "Tháng phải viết dạng 2024-08."}

    def to_internal_value(self, data: Any) -> date:
        month = read_month(str(data))
        if month is None:
            raise serializers.ValidationError(self.error_messages["invalid"])
        return month

    def to_representation(self, value: date) -> str:
        return f"{value:%Y-%m}"


class UnitInReach(CodeField[AdministrativeUnit]):
    """A unit by its code; one outside the reach of the context's `actor` is as unknown as a code there is not."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="code", queryset=AdministrativeUnit.objects.all(), **options)

    def get_queryset(self) -> QuerySet[AdministrativeUnit]:
        unit = self.context["actor"].unit
        return (
            AdministrativeUnit.objects.filter(path__startswith=unit.path) if unit else AdministrativeUnit.objects.none()
        )
