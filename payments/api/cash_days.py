"""Days on which cash is handed out: by place who carries, who witnesses, what came back."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from payments.api.batches import OneList, require_whole_list
from payments.models import PaymentBatch
from payments.services.lists.cash_days import Place, end_cash_day, places_of, plan_cash_day
from staff.api.access import actor_of, having
from staff.api.reading import body_of
from staff.api.refusals import READ, WRITE
from staff.api.words import Words
from staff.rights import Right

TAG = ["providers"]
SEES = (having(Right.SEE_LISTS), having(Right.SEE_PERSONS))


class PlaceBody(serializers.Serializer[Any]):
    """A commune, and a paying point of it; "" where it has none."""

    unit = serializers.CharField(max_length=12)
    point = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class CashDayBody(PlaceBody):
    """Two different people, a day after today."""

    held_on = serializers.DateField()
    carrier = Words(max_length=120)
    witness = Words(max_length=120)


class CashDayEndBody(PlaceBody):
    """What was brought back, đồng; 0 when everybody came."""

    returned = serializers.IntegerField(min_value=0, max_value=10**12)


class CashPlaceRow(serializers.Serializer[Any]):
    """One place; sums in đồng. `planned_amount` is what the list held when the day was planned: another one since says that the list changed."""

    unit = serializers.CharField(source="unit.code")
    unit_name = serializers.CharField(source="unit.name")
    point = serializers.CharField()
    people = serializers.IntegerField()
    amount = serializers.IntegerField()
    paid_people = serializers.IntegerField()
    handed_out = serializers.IntegerField()
    waiting = serializers.IntegerField(help_text="people of whom nothing was said yet")
    to_return = serializers.IntegerField()
    held_on = serializers.DateField(source="day.held_on", default=None)
    carrier = serializers.CharField(source="day.carrier", default="")
    witness = serializers.CharField(source="day.witness", default="")
    planned_amount = serializers.IntegerField(source="day.amount", default=None)
    planned_by = serializers.CharField(source="day.planned_by.full_name", default="")
    returned = serializers.IntegerField(source="end.returned", default=None)
    ended_by = serializers.CharField(source="end.ended_by.full_name", default="")


def _rows(batch_id: int) -> list[Place]:
    return places_of(PaymentBatch.objects.get(pk=batch_id))


class CashDaysView(OneList):
    """The places of one cash list."""

    def get_permissions(self) -> list[Any]:
        needed = (*SEES, having(Right.HAND_OVER)) if self.request.method == "POST" else SEES
        return [permission() for permission in needed]

    @extend_schema(
        operation_id="batches_cash_days",
        tags=TAG,
        summary="Ngày chi tiền mặt theo điểm: ai mang tiền, ai chứng kiến, mang về bao nhiêu",
        responses={200: CashPlaceRow(many=True), **READ},
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """Everybody on the list stands at exactly one place."""
        require_whole_list(actor_of(request), batch_id)
        return Response(CashPlaceRow(_rows(batch_id), many=True).data)

    @extend_schema(
        operation_id="batches_cash_day_plan",
        tags=TAG,
        summary="Phân công ngày chi ở một điểm",
        request=CashDayBody,
        responses={201: CashPlaceRow(many=True), **WRITE},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Before the day; planning again replaces a plan whose day has not ended."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        plan_cash_day(batch_id=batch_id, actor=actor, now=timezone.now(), **body_of(request, CashDayBody))
        return Response(CashPlaceRow(_rows(batch_id), many=True).data, status=status.HTTP_201_CREATED)


class CashDayEndView(OneList):
    """What came back."""

    permission_classes = (*SEES, having(Right.HAND_OVER))

    @extend_schema(
        operation_id="batches_cash_day_end",
        tags=TAG,
        summary="Ghi số tiền mang về của một điểm",
        request=CashDayEndBody,
        responses={201: CashPlaceRow(many=True), **WRITE},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """By another person than who planned the day."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        end_cash_day(batch_id=batch_id, actor=actor, now=timezone.now(), **body_of(request, CashDayEndBody))
        return Response(CashPlaceRow(_rows(batch_id), many=True).data, status=status.HTTP_201_CREATED)
