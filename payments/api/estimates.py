"""Dự toán giao by API: which there are, and a new line of a decision."""

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
from payments.api.scope import unit_in_reach
from payments.models import BudgetEstimate
from payments.services.ledger.estimates import estimates_in_reach, record_estimate
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.query import Query
from staff.api.reading import body_of, filters_of
from staff.api.refusals import WRITE, RefusalBody
from staff.rights import Right

TAG = ["funding"]
ESTIMATE = {
    "id": 7, "unit": "97101", "unit_name": "xã Phước Thuận", "programme": "BTXH",
    "programme_name": "Trợ cấp xã hội hằng tháng", "budget_source": "Ngân sách địa phương", "year": 2024,
    "amount": 4200000000, "document": "3512/QĐ-UBND", "decided_on": "2023-12-15", "recorded_by": "Trần Thị Kế", "recorded_at": "2024-01-03T09:00:00+07:00",
}  # fmt: skip
EXAMPLE = OpenApiExample("Dự toán giao", value=ESTIMATE, response_only=True, status_codes=["200"])


class EstimateQuery(Query):
    """Which lines."""

    year = serializers.IntegerField(required=False, min_value=2000, max_value=2100)
    unit = serializers.CharField(required=False, max_length=20)
    programme = serializers.CharField(required=False, max_length=12)


class EstimateIn(serializers.Serializer[Any]):
    """One line of a decision; without a source the programme's own, a negative amount takes back."""

    unit = serializers.CharField(max_length=20)
    programme = serializers.CharField(max_length=12)
    budget_source = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    year = serializers.IntegerField(min_value=2000, max_value=2100)
    amount = serializers.IntegerField(min_value=-(10**14), max_value=10**14, help_text="đồng")
    document = serializers.CharField(max_length=100)
    decided_on = serializers.DateField()

    def validate_amount(self, amount: int) -> int:
        """Nothing given is no decision."""
        if not amount:
            raise serializers.ValidationError("Số tiền phải khác 0.")
        return amount


class EstimateRow(serializers.ModelSerializer[BudgetEstimate]):
    """One line."""

    unit = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")
    programme = serializers.CharField(source="programme.code")
    programme_name = serializers.CharField(source="programme.name")
    recorded_by = serializers.CharField(source="recorded_by.full_name")

    class Meta:
        model = BudgetEstimate
        fields = [
            "id", "unit", "unit_name", "programme", "programme_name", "budget_source", "year", "amount", "document", "decided_on", "recorded_by",
            "recorded_at",
        ]  # fmt: skip


@method_decorator(never_cache, name="dispatch")
class BudgetEstimatesView(ListView[BudgetEstimate]):
    """What paying units were given to spend, and a new line."""

    serializer_class = EstimateRow
    queryset = BudgetEstimate.objects.none()

    def get_permissions(self) -> list[Any]:
        """Reading and recording are two rights."""
        return [having(Right.RECORD_ESTIMATE if self.request.method == "POST" else Right.SEE_RECONCILIATION)()]

    @extend_schema(
        operation_id="budget_estimates_list", tags=TAG, summary="Dự toán giao theo đơn vị, chính sách, nguồn, năm", parameters=[EstimateQuery],
        responses={200: EstimateRow(many=True), 400: RefusalBody, 403: RefusalBody}, examples=[EXAMPLE],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Of the own reach, the newest decision first."""
        wanted = filters_of(request, EstimateQuery, unit="unit__code", programme="programme__code")
        return self.page_of(estimates_in_reach(actor_of(request)).filter(**wanted).order_by("-decided_on", "-pk"))

    @extend_schema(
        operation_id="budget_estimates_create", tags=TAG, summary="Ghi nhận dự toán giao theo quyết định", request=EstimateIn,
        responses={200: EstimateRow, **WRITE}, examples=[EXAMPLE],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """The same line again is the same row; together a programme's lines of a year are never below zero."""
        actor, given = actor_of(request), body_of(request, EstimateIn)
        unit = unit_in_reach(actor, given.pop("unit"))
        programme = get_object_or_404(Programme, code=given.pop("programme"))
        line = record_estimate(unit=unit, programme=programme, actor=actor, now=timezone.now(), **given)
        return Response(EstimateRow(line).data)
