"""What came back this month, and the lists on which it is paid again."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api.fields import read_month
from payments.models import Cycle
from payments.services.lists.reissue import find_came_back, reissue
from payments.states import Channel
from staff.api.access import actor_of, having
from staff.api.reading import body_of
from staff.api.refusals import RefusalBody
from staff.errors import NotAllowed
from staff.models import AdministrativeUnit, User
from staff.rights import Right
from staff.services.database_clock import database_now

TAG = ["cycles"]
MOST_AT_ONCE = 5000
MONTH = OpenApiParameter("month", OpenApiTypes.STR, OpenApiParameter.PATH, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
WAITS_FOR = [
    ("", "Chi lại được ngay"),
    ("ACCOUNT", "Chờ sửa và xác minh lại tài khoản, hoặc chuyển sang tiền mặt"),
    ("DEATH", "Người hưởng đã mất hoặc có tin báo tử"),
    ("ENDED", "Đã thôi hưởng hoặc tạm dừng"),
    ("NEXT_MONTH", "Vào danh sách tháng sau"),
]


class CameBackRow(serializers.Serializer[Any]):
    """A transfer that certainly left nothing, and what it waits for; "" means that it can be paid again now."""

    payment_id = serializers.IntegerField()
    amount = serializers.IntegerField(help_text="đồng")
    channel = serializers.ChoiceField(choices=Channel.choices)
    waits_for = serializers.ChoiceField(choices=WAITS_FOR)


class ReissueIn(serializers.Serializer[Any]):
    """Whom to pay in hand instead of through an account: ids of payments that came back."""

    to_cash = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=MOST_AT_ONCE, default=list)


class ReissuedOut(serializers.Serializer[Any]):
    """The lists in draft, to be signed by three."""

    batch_ids = serializers.ListField(child=serializers.IntegerField())
    payments = serializers.IntegerField()
    amount = serializers.IntegerField(help_text="đồng")


@method_decorator(never_cache, name="dispatch")
class CameBackView(APIView):
    """What came back."""

    permission_classes = (having(Right.SEE_LISTS),)

    @extend_schema(
        operation_id="came_back_list",
        tags=TAG,
        summary="Các khoản bị hoàn trả trong kỳ và việc còn chờ",
        parameters=[MONTH],
        responses={200: CameBackRow(many=True), 403: RefusalBody, 404: RefusalBody},
    )
    def get(self, request: Request, month: str) -> Response:
        """Of lists paid by units of the own subtree; only what the bank confirmed afresh."""
        cycle, unit = _cycle(month), _unit(actor_of(request))
        rows = find_came_back(month=cycle.month, unit=unit, now=database_now())
        return Response(CameBackRow(rows[:MOST_AT_ONCE], many=True).data)


class ReissuesView(APIView):
    """Paid again within the month."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.BUILD_LIST))

    @extend_schema(
        operation_id="reissues_create",
        tags=TAG,
        summary="Lập danh sách chi lại",
        parameters=[MONTH],
        request=ReissueIn,
        responses={200: ReissuedOut, 400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 409: RefusalBody},
    )
    def post(self, request: Request, month: str) -> Response:
        """Lists in draft of what can be paid again now; asking twice puts nobody on two lists."""
        actor = actor_of(request)
        cycle, unit = _cycle(month), _unit(actor)
        body = body_of(request, ReissueIn)
        made = reissue(month=cycle.month, unit=unit, to_cash=body["to_cash"], actor=actor, now=database_now())
        return Response(ReissuedOut(made).data)


def _cycle(month: str) -> Cycle:
    first_day = read_month(month)
    if first_day is None:
        raise Http404
    return get_object_or_404(Cycle, month=first_day)


def _unit(actor: User) -> AdministrativeUnit:
    if actor.unit is None:
        raise NotAllowed
    return actor.unit
