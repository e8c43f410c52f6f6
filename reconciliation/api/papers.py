"""Lists and dossiers of a month: ask, watch the progress, fetch; each order is seen by whoever asked alone."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from payments.api.fields import MonthField
from reconciliation.models import PaperKind, PaperOrder
from reconciliation.services.papers.paper_orders import open_paper, order_paper
from reconciliation.tasks import make_ordered_papers
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.pages import Pages
from staff.api.reading import body_of
from staff.api.refusals import READ, RefusalBody
from staff.models import PaperReading
from staff.rights import Right
from staff.services.paper_readings import note_reading

TAG = ["papers"]
MAY = (having(Right.SEE_LISTS), having(Right.SEE_PERSONS))


class OrderIn(serializers.Serializer[Any]):
    """What is asked for; without a unit the own one."""

    kind = serializers.ChoiceField(choices=PaperKind.choices)
    month = MonthField()
    unit = serializers.CharField(required=False, default="", allow_blank=True, max_length=20)


class PaperOrderRow(serializers.ModelSerializer[PaperOrder]):
    """One order: `done` of `total` pieces; `total` is 0 while they are not counted yet."""

    kind = serializers.CharField()
    kind_label = serializers.CharField(source="get_kind_display")
    unit = serializers.CharField(source="unit.code")
    month = MonthField()
    status = serializers.CharField()
    status_label = serializers.CharField(source="get_status_display")

    class Meta:
        model = PaperOrder
        fields = [
            "id", "kind", "kind_label", "unit", "month", "status", "status_label", "done", "total", "asked_at", "finished_at", "problem", "file_name",
        ]  # fmt: skip


@method_decorator(never_cache, name="dispatch")
class PaperOrdersView(GenericAPIView[PaperOrder]):
    """Own orders, and a new one."""

    permission_classes = MAY
    pagination_class = Pages
    serializer_class = PaperOrderRow
    queryset = PaperOrder.objects.none()

    @extend_schema(
        operation_id="papers_list", tags=TAG, summary="Danh sách, hồ sơ đã yêu cầu lập", responses={200: PaperOrderRow(many=True), 403: RefusalBody},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """The newest first."""
        own = PaperOrder.objects.filter(asked_by=actor_of(request)).defer("sealed").select_related("unit")
        page = self.paginate_queryset(own.order_by("-pk"))
        return self.get_paginated_response(PaperOrderRow(page, many=True).data)

    @extend_schema(
        operation_id="papers_order", tags=TAG, summary="Yêu cầu lập danh sách tháng hoặc hồ sơ chi trả", request=OrderIn,
        responses={202: PaperOrderRow, 400: RefusalBody, **READ, 409: RefusalBody}
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """LISTS: a .zip of PDF and Excel per commune and programme. DOSSIER: one bound PDF. The same again while it is being made is the same order."""
        actor = actor_of(request)
        given = body_of(request, OrderIn)
        unit = unit_in_reach(actor, given["unit"])
        order = order_paper(
            kind=PaperKind(given["kind"]), unit=unit, month=given["month"], actor=actor, now=timezone.now()
        )
        transaction.on_commit(make_ordered_papers.delay, robust=True)
        return Response(PaperOrderRow(order).data, status=202)


@method_decorator(never_cache, name="dispatch")
class PaperOrderView(GenericAPIView[PaperOrder]):
    """One order."""

    permission_classes = MAY
    serializer_class = PaperOrderRow
    queryset = PaperOrder.objects.none()

    @extend_schema(
        operation_id="papers_progress", tags=TAG, summary="Tiến độ lập", responses={200: PaperOrderRow, **READ}
    )  # fmt: skip
    def get(self, request: Request, order_id: int) -> Response:
        """How far it is."""
        return Response(PaperOrderRow(own_order(request, order_id)).data)


@method_decorator(never_cache, name="dispatch")
class PaperFileView(GenericAPIView[PaperOrder]):
    """What was made."""

    permission_classes = MAY
    serializer_class = PaperOrderRow
    queryset = PaperOrder.objects.none()

    @extend_schema(
        operation_id="papers_file", tags=TAG, summary="Tải tệp đã lập (ZIP hoặc PDF)",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **READ, 409: RefusalBody},
    )  # fmt: skip
    def get(self, request: Request, order_id: int) -> HttpResponse:
        """The rights are asked for again: who lost them in the meantime gets nothing."""
        order = own_order(request, order_id)
        content = open_paper(order=order, actor=actor_of(request))
        actor, now = actor_of(request), timezone.now()
        note_reading(kind=PaperReading.Kind.ORDER, paper_id=order.pk, unit=order.unit, actor=actor, now=now)
        kind = "application/pdf" if order.file_name.endswith(".pdf") else "application/zip"
        name = {"Content-Disposition": f'attachment; filename="{order.file_name}"'}
        return HttpResponse(content, content_type=kind, headers=name)


def own_order(request: Request, order_id: int) -> PaperOrder:
    """404 for the order of anybody else, as for none."""
    orders = PaperOrder.objects.filter(asked_by=actor_of(request)).select_related("unit")
    return get_object_or_404(orders, pk=order_id)
