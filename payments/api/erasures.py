"""Erasing what may be kept no longer: how much is due, who ordered it on which paper, who allowed it, how far it is. Nobody is named."""

from datetime import datetime
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.services.erasure import decide_erasure, order_erasure, what_is_due
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of
from staff.api.refusals import READ, WRITE
from staff.api.steps import StepView, described
from staff.models import AdministrativeUnit, ErasureOrder, User
from staff.rights import Right
from staff.services.database_clock import database_now
from staff.services.free_text import without_numbers

TAG = ["erasures"]
SEEING = (having(Right.ORDER_ERASURE, Right.APPROVE_ERASURE, Right.SEE_HISTORY),)


class ErasureIn(serializers.Serializer[Any]):
    """What is asked for."""

    document = serializers.CharField(max_length=120, help_text="văn bản làm căn cứ, ví dụ 12/QĐ-SNV")

    def validate_document(self, value: str) -> str:
        """No number of a person gets into a paper's name."""
        return without_numbers(value.strip())


class ErasureDueBody(serializers.Serializer[Any]):
    """What an order given now would erase."""

    before = serializers.DateField(help_text="thôi dùng trước ngày này")
    wants_none = serializers.IntegerField(help_text="số điện thoại của người không muốn nhận tin")
    draws_nothing = serializers.IntegerField(help_text="số điện thoại của người không còn hưởng")
    total = serializers.IntegerField()


class ErasureRow(serializers.ModelSerializer[ErasureOrder]):
    """One order: whether it waits for a second person, may be done at the server, or was done."""

    ordered_by = serializers.CharField(source="ordered_by.full_name")
    decided_by = serializers.CharField(source="decided_by.full_name", allow_null=True, default=None)
    waits = serializers.SerializerMethodField(help_text="chờ người thứ hai")
    ready = serializers.BooleanField()
    own = serializers.SerializerMethodField(help_text="người đang hỏi là người lập lệnh")

    class Meta:
        model = ErasureOrder
        fields = [
            "id", "document", "before", "due_total", "ordered_by", "ordered_at", "decided_by", "decided_at", "accepted",
            "waits", "ready", "own", "erased_total", "finished_at",
        ]  # fmt: skip

    def get_waits(self, order: ErasureOrder) -> bool:
        return order.accepted is None

    def get_own(self, order: ErasureOrder) -> bool:
        return bool(order.ordered_by_id == self.context["asked_by"])


def _require_province(actor: User) -> None:
    """It goes over the whole database; for who works below the province it is not there."""
    if actor.unit is None or actor.unit.kind != AdministrativeUnit.Kind.PROVINCE:
        raise Http404


class ErasureDueView(APIView):
    """How much is due, before anybody orders it."""

    permission_classes = SEEING

    @extend_schema(
        operation_id="erasures_due",
        tags=TAG,
        summary="Số điện thoại đã quá thời hạn giữ",
        responses={200: ErasureDueBody, **READ},
    )
    def get(self, request: Request) -> Response:
        """404 below the province."""
        _require_province(actor_of(request))
        return Response(ErasureDueBody(what_is_due(now=database_now())).data)


class ErasuresView(ListView[ErasureOrder]):
    """Orders, the newest first."""

    permission_classes = SEEING
    serializer_class = ErasureRow

    @extend_schema(
        operation_id="erasures_list",
        tags=TAG,
        summary="Lệnh xóa dữ liệu quá thời hạn giữ",
        responses={200: ErasureRow(many=True), **READ},
    )
    def get(self, request: Request) -> Response:
        """404 below the province."""
        actor = actor_of(request)
        _require_province(actor)
        rows = ErasureOrder.objects.select_related("ordered_by", "decided_by").order_by("-pk")
        return self.page_of(rows, asked_by=actor.pk)

    @extend_schema(
        operation_id="erasures_create",
        tags=TAG,
        summary="Lập lệnh xóa dữ liệu quá thời hạn giữ",
        request=ErasureIn,
        responses={201: ErasureRow, **WRITE},
    )
    def post(self, request: Request) -> Response:
        """Done at the server by `manage.py erase_overdue run`, only after another person's word; the same again while it waits is the same order."""
        actor = actor_of(request)
        _require_province(actor)
        order = order_erasure(**body_of(request, ErasureIn), actor=actor, now=database_now())
        return Response(ErasureRow(order, context={"asked_by": actor.pk}).data, status=201)


class _OneErasure(StepView[ErasureOrder]):
    permission_classes = (having(Right.APPROVE_ERASURE),)
    accepted: bool

    def find(self, actor: User, pk: int) -> ErasureOrder:
        """404 below the province."""
        _require_province(actor)
        order = ErasureOrder.objects.filter(pk=pk).first()
        if order is None:
            raise Http404
        return order

    def step(self, item: ErasureOrder, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        """The second person's word."""
        decide_erasure(order_id=item.pk, accepted=self.accepted, actor=actor, now=now)

    def show(self, actor: User, pk: int) -> Response:
        """The order as it stands now."""
        return Response(ErasureRow(ErasureOrder.objects.get(pk=pk), context={"asked_by": actor.pk}).data)


@described("erasures_approve", "Đồng ý xóa dữ liệu quá thời hạn giữ", tags=TAG, row=ErasureRow)
class ApproveErasureView(_OneErasure):
    """The second person allows it."""

    accepted = True


@described("erasures_decline", "Không đồng ý xóa", tags=TAG, row=ErasureRow)
class DeclineErasureView(_OneErasure):
    """The second person says no: nothing is erased, and it can be ordered again."""

    accepted = False
