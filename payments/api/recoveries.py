"""Decisions to recover by API: what is owed and left, and money paid back at the counter."""

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import Decision
from payments.api.fields import MonthField
from payments.services.ledger.recoveries import Recovery, record_receipt, recoveries_of
from payments.services.once.grants import first_open_month
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of
from staff.api.refusals import WRITE, RefusalBody
from staff.rights import Right

TAG = ["funding"]
_ROW = {
    "decision_id": 41, "enrolment_code": "HS-00017", "name": "Nguyễn Văn Ấn", "unit_name": "xã Phước Thuận", "number": "12/QĐ-UBND",
    "signed_on": "2024-08-01", "amount": 1500000, "monthly_ceiling": 150000, "taken": 300000, "planned": 150000, "by_receipt": 500000,
    "left": 550000, "monthly": 150000, "first_month": "2024-10", "last_month": "2025-01",
}  # fmt: skip


class OpenRecoveryRow(serializers.Serializer[Any]):
    """One decision to recover, in đồng."""

    decision_id = serializers.IntegerField()
    enrolment_code = serializers.CharField()
    name = serializers.CharField()
    unit_name = serializers.CharField()
    number = serializers.CharField()
    signed_on = serializers.DateField()
    amount = serializers.IntegerField(help_text="phải thu hồi")
    monthly_ceiling = serializers.IntegerField(help_text="mức giảm trừ tối đa một tháng")
    taken = serializers.IntegerField(help_text="đã giảm trừ vào các khoản đã chi")
    planned = serializers.IntegerField(help_text="sẽ giảm trừ trong các khoản đang lập, đang chuyển")
    by_receipt = serializers.IntegerField(help_text="đã nộp tại quầy, có phiếu thu")
    left = serializers.IntegerField(help_text="còn phải thu")
    monthly = serializers.IntegerField(
        help_text="mỗi tháng trừ, theo mức hưởng gần nhất; 0: không còn khoản chi để trừ"
    )
    first_month = serializers.SerializerMethodField(help_text="danh sách tới trừ từ tháng này")
    last_month = serializers.SerializerMethodField(help_text="tháng trừ hết, nếu mức hưởng không đổi")

    @extend_schema_field(MonthField(allow_null=True))
    def get_first_month(self, recovery: Recovery) -> str | None:
        month = recovery.first_month(self.context["first"])
        return f"{month:%Y-%m}" if month else None

    @extend_schema_field(MonthField(allow_null=True))
    def get_last_month(self, recovery: Recovery) -> str | None:
        month = recovery.last_month(self.context["first"])
        return f"{month:%Y-%m}" if month else None


class RecoveryReceiptIn(serializers.Serializer[Any]):
    """A receipt (phiếu thu)."""

    number = serializers.CharField(max_length=40)
    amount = serializers.IntegerField(min_value=1, max_value=10**12)
    received_on = serializers.DateField()


class RecoveriesView(ListView[Any]):
    """Open and settled recoveries."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.SEE_PERSONS))
    serializer_class = OpenRecoveryRow

    @extend_schema(
        operation_id="recoveries_list",
        tags=TAG,
        summary="Theo dõi thu hồi: phải thu, đã giảm trừ, đã nộp, còn lại",
        responses={200: OpenRecoveryRow(many=True), 403: RefusalBody},
        examples=[OpenApiExample("Thu hồi", value=_ROW, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request) -> Response:
        """The oldest decision first."""
        unit = actor_of(request).unit
        first = _next_list()
        return self.page_of(recoveries_of(unit=unit, first=first) if unit else [], first=first)


@method_decorator(never_cache, name="dispatch")
class ReceiptsView(APIView):
    """Money paid back at the counter."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.RECONCILE))

    @extend_schema(
        operation_id="recoveries_receipt",
        tags=TAG,
        summary="Ghi phiếu thu tiền thu hồi nộp tại quầy",
        request=RecoveryReceiptIn,
        responses={200: OpenRecoveryRow, **WRITE},
        examples=[OpenApiExample("Thu hồi", value=_ROW, response_only=True, status_codes=["200"])],
    )
    def post(self, request: Request, decision_id: int) -> Response:
        """Never more than is left beside instalments under way; the next list takes off only the rest."""
        actor = actor_of(request)
        reach = Decision.objects.filter(enrolment__unit__path__startswith=actor.unit.path if actor.unit else "-")
        decision = get_object_or_404(
            reach.select_related("enrolment__unit"), pk=decision_id, kind=Decision.Kind.RECOVER
        )
        record_receipt(decision=decision, actor=actor, now=timezone.now(), **body_of(request, RecoveryReceiptIn))
        first = _next_list()
        (stands,) = recoveries_of(unit=decision.enrolment.unit, decision_id=decision.pk, first=first)
        return Response(OpenRecoveryRow(stands, context={"first": first}).data)


def _next_list() -> date:
    return first_open_month(today=timezone.localdate())
