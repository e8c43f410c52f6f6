"""Mục lục ngân sách by API: the codes lists are printed with, and new ones."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from beneficiaries.models import Programme
from payments.api.estimates import EstimateQuery
from payments.api.scope import unit_in_reach
from payments.models import BudgetCode
from payments.models.budget_codes import BUDGET_USER, CHAPTER, ITEM, SECTION
from payments.services.lists.budget_codes import codes_in_reach, record_codes
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of, filters_of
from staff.api.refusals import WRITE, RefusalBody
from staff.rights import Right

TAG = ["funding"]
CODES = {
    "id": 3, "unit": "97101", "unit_name": "xã Phước Thuận", "programme": "BTXH", "budget_source": "Ngân sách địa phương", "year": 2024,
    "chapter": "800", "section": "370-398", "item": "7150-7199", "budget_user": "1234567", "recorded_by": "Trần Thị Kế",
    "recorded_at": "2024-01-03T09:00:00+07:00",
}  # fmt: skip
EXAMPLE = OpenApiExample("Mục lục ngân sách", value=CODES, response_only=True, status_codes=["200"])


class CodesIn(serializers.Serializer[Any]):
    """Codes of one programme, source and year; without a source the programme's own."""

    unit = serializers.CharField(max_length=20)
    programme = serializers.CharField(max_length=12)
    budget_source = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    year = serializers.IntegerField(min_value=2000, max_value=2100)
    chapter = serializers.RegexField(CHAPTER, help_text="chương, 3 chữ số")
    section = serializers.RegexField(SECTION, help_text="loại - khoản, dạng 370-398")
    item = serializers.RegexField(ITEM, help_text="mục - tiểu mục, dạng 7150-7199")
    budget_user = serializers.RegexField(BUDGET_USER, help_text="mã ĐVQHNS, 7 chữ số")


class CodesRow(serializers.ModelSerializer[BudgetCode]):
    """One line."""

    unit = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")
    programme = serializers.CharField(source="programme.code")
    recorded_by = serializers.CharField(source="recorded_by.full_name")

    class Meta:
        model = BudgetCode
        fields = [
            "id", "unit", "unit_name", "programme", "budget_source", "year", "chapter", "section", "item", "budget_user", "recorded_by", "recorded_at",
        ]  # fmt: skip


@method_decorator(never_cache, name="dispatch")
class BudgetCodesView(ListView[BudgetCode]):
    """The codes there are, and new ones."""

    serializer_class = CodesRow
    queryset = BudgetCode.objects.none()

    def get_permissions(self) -> list[Any]:
        """Reading and recording are two rights."""
        return [having(Right.RECORD_ESTIMATE if self.request.method == "POST" else Right.SEE_RECONCILIATION)()]

    @extend_schema(
        operation_id="budget_codes_list", tags=TAG, summary="Mục lục ngân sách in trên danh sách chi trả", parameters=[EstimateQuery],
        responses={200: CodesRow(many=True), 400: RefusalBody, 403: RefusalBody}, examples=[EXAMPLE],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Of the own reach, the newest first; of one unit, programme, source and year the first line counts."""
        wanted = filters_of(request, EstimateQuery, unit="unit__code", programme="programme__code")
        return self.page_of(codes_in_reach(actor_of(request)).filter(**wanted).order_by("-pk"))

    @extend_schema(
        operation_id="budget_codes_create", tags=TAG, summary="Ghi mục lục ngân sách của một chính sách", request=CodesIn,
        responses={200: CodesRow, **WRITE}, examples=[EXAMPLE],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Codes that hold already are the same row."""
        actor, given = actor_of(request), body_of(request, CodesIn)
        unit = unit_in_reach(actor, given.pop("unit"))
        programme = get_object_or_404(Programme, code=given.pop("programme"))
        return Response(CodesRow(record_codes(unit=unit, programme=programme, actor=actor, now=timezone.now(), **given)).data)  # fmt: skip
