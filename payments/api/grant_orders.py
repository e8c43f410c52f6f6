"""A grant to everybody who receives a policy: ordered, tried or written by the background, watched until it came to an end."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import Programme
from payments.api import examples
from payments.api.fields import MonthField
from payments.api.one_off_shapes import OrderBody
from payments.models import GrantOrder
from payments.services.once.grant_orders import order_everyone
from payments.tasks import grant_to_everyone
from staff.api.access import actor_of, having
from staff.api.codes import CodeField
from staff.api.lists import ListView
from staff.api.order_shapes import OrderQuery, OrderRow
from staff.api.reading import body_of, filters_of
from staff.api.refusals import READ, WRITE
from staff.rights import Right
from staff.services.database_clock import database_now

TAG = ["one-off"]
_PAPER = {
    "number": "80/NQ-CP",
    "signed_on": "2024-07-10",
    "signer": "Nguyễn Văn Chủ, Chủ tịch UBND tỉnh",
    "month": "2024-08",
}
_BODY = {"order": _PAPER, "everyone_of": "TCXH", "preview": True}
_ROW = {
    "id": 7, "stage": "DONE", "stage_label": "Đã xong", "under_way": False, "ordered_by": "Nguyễn Thị Lập", "ordered_at": "2024-07-20T09:00:00+07:00",
    "started_at": "2024-07-20T09:00:01+07:00", "finished_at": "2024-07-20T09:00:20+07:00", "problem_code": "", "problem": "", "conflicts": [],
    "grant": "QUA-2-9", "everyone_of": "TCXH", "preview": True, **_PAPER, "reason": "", "people": 812, "granted": 800, "already": 12, "taken_back": 0,
    "amount": 80_000_000, "through_head": 0,
}  # fmt: skip
_OPEN = {
    "granted": None,
    "already": None,
    "taken_back": None,
    "amount": None,
    "through_head": None,
    "finished_at": None,
}
_WAITS = _ROW | _OPEN | {"stage": "WAITING", "stage_label": "Đang chờ hoặc đang làm"}
MAY_GRANT = (having(Right.BUILD_LIST),)


class EveryoneBody(serializers.Serializer[Any]):
    """The decision, and whom it reaches: everybody who receives the policy in the month it is paid with."""

    order = OrderBody()
    everyone_of = CodeField(
        slug_field="code", queryset=Programme.objects.all(), help_text="mọi người đang hưởng chính sách này"
    )
    preview = serializers.BooleanField(required=False, default=False, help_text="chỉ tính, không ghi gì")


class GrantOrderRow(OrderRow):
    """An order with its decision. `people` is known once it was begun; the figures, when it is DONE: who had it already is left as is."""

    grant = serializers.CharField(source="grant.code")
    everyone_of = serializers.CharField(source="everyone_of.code")
    preview = serializers.BooleanField()
    number = serializers.CharField()
    signed_on = serializers.DateField()
    signer = serializers.CharField()
    reason = serializers.CharField()
    month = MonthField()
    people = serializers.IntegerField(allow_null=True, help_text="số người đang hưởng tìm thấy")
    granted = serializers.IntegerField(allow_null=True, help_text="số người mới được ghi")
    already = serializers.IntegerField(allow_null=True, help_text="số người đã có từ trước, để nguyên")
    taken_back = serializers.IntegerField(allow_null=True, help_text="trong số đó: đã có quyết định thôi chi")
    amount = serializers.IntegerField(allow_null=True, help_text="đồng cho những người mới")
    through_head = serializers.IntegerField(allow_null=True)


def _orders(request: Request, programme: str) -> QuerySet[GrantOrder]:
    """Of the own unit: what reaches everybody in its reach."""
    orders = GrantOrder.objects.filter(grant__code=programme, ordered_by__unit=actor_of(request).unit)
    return orders.select_related("grant", "everyone_of", "ordered_by")


class GrantOrdersView(ListView[GrantOrder]):
    """Orders of one grant."""

    permission_classes = MAY_GRANT
    serializer_class = GrantOrderRow

    @extend_schema(
        operation_id="one_off_everyone_list",
        tags=TAG,
        summary="Các lần xem trước, ghi cho mọi người đang hưởng một chính sách",
        parameters=[OrderQuery],
        responses={200: GrantOrderRow(many=True), **READ},
        examples=[OpenApiExample("Đã xem trước", value=_ROW, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, programme: str) -> Response:
        """The newest first."""
        return self.page_of(_orders(request, programme).filter(**filters_of(request, OrderQuery)).order_by("-pk"))

    @extend_schema(
        operation_id="one_off_everyone",
        tags=TAG,
        summary="Ghi (hoặc xem trước) cho mọi người đang hưởng một chính sách; làm ở nền, xem kết quả theo mã yêu cầu",
        request=EveryoneBody,
        responses={202: GrantOrderRow, **WRITE},
        examples=[
            OpenApiExample("Xem trước", value=_BODY, request_only=True),
            OpenApiExample("Đang làm", value=_WAITS, response_only=True, status_codes=["202"]),
            examples.NO_RIGHT,
        ],
    )
    def post(self, request: Request, programme: str) -> Response:
        """Once per person, whatever is sent again; the same order while it waits is one."""
        grant = get_object_or_404(Programme, code=programme, kind=Programme.Kind.ONE_OFF)
        given = body_of(request, EveryoneBody)
        order = order_everyone(
            grant=grant,
            everyone_of=given["everyone_of"],
            paper=given["order"],
            preview=given["preview"],
            actor=actor_of(request),
            now=database_now(),
        )
        transaction.on_commit(grant_to_everyone.delay, robust=True)
        return Response(GrantOrderRow(order).data, status=status.HTTP_202_ACCEPTED)


@method_decorator(never_cache, name="dispatch")
class GrantOrderView(APIView):
    """One order."""

    permission_classes = MAY_GRANT

    @extend_schema(
        operation_id="one_off_everyone_read",
        tags=TAG,
        summary="Một lần xem trước, ghi cho mọi người đang hưởng: đang làm, đã xong, hay vì sao không làm được",
        responses={200: GrantOrderRow, **READ},
        examples=[OpenApiExample("Đã xem trước", value=_ROW, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request, programme: str, order_id: int) -> Response:
        """Ask until it is DONE or REFUSED."""
        return Response(GrantOrderRow(get_object_or_404(_orders(request, programme), pk=order_id)).data)
