"""Providers: who they are, their forms and points; a list handed over in one of these forms."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api import examples
from payments.api.batches import OneList, require_whole_list
from payments.api.provider_shapes import HandOverBody, PointBody, PointRow, ProviderBody, TemplateBody, TemplateRow
from payments.models import PayingPoint, Provider
from payments.services.providers import hand_over
from payments.services.providers.points import save_point
from payments.services.providers.templates import open_provider, save_template
from payments.states import Channel
from staff.api.access import actor_of, having
from staff.api.reading import body_of
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.models import User
from staff.rights import Right

TAG = ["providers"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PROVIDER = {"code": "BUU-DIEN", "name": "Bưu điện tỉnh"}
_TEMPLATE = {
    "channel": "CASH",
    "columns": [
        {"field": "ordinal", "heading": "TT"}, {"field": "code", "heading": "Mã đối tượng"}, {"field": "name", "heading": "Họ tên"},
        {"field": "amount", "heading": "Số tiền chi trả"}, {"field": "result", "heading": "Tình trạng"}, {"field": "paid", "heading": "Ngày chi"},
    ],
    "headings": {"reason": "Diễn giải"},
    "words": {"PAID": ["Đã phát"], "NOT_COLLECTED": ["Vắng"]},
}  # fmt: skip
_POINT = {
    "unit": "97101",
    "name": "Bưu điện văn hóa xã Phước Thuận",
    "address": "Thôn 1",
    "opens": "05–10/8, 7:30–11:00",
    "hamlets": [],
}


class _Kept(APIView):
    """Reading is for who sees lists, changing for who keeps providers."""

    def get_permissions(self) -> list[Any]:
        right = Right.KEEP_PROVIDERS if self.request.method == "POST" else Right.SEE_LISTS
        return [having(right)()]


@method_decorator(never_cache, name="dispatch")
class ProvidersView(_Kept):
    """All providers."""

    @extend_schema(
        operation_id="providers_list",
        tags=TAG,
        summary="Tổ chức dịch vụ chi trả",
        responses={200: ProviderBody(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """By code."""
        return Response(ProviderBody(Provider.objects.order_by("code"), many=True).data)

    @extend_schema(
        operation_id="providers_create",
        tags=TAG,
        summary="Khai báo tổ chức dịch vụ chi trả",
        request=ProviderBody,
        responses={200: ProviderBody, 400: RefusalBody, 403: RefusalBody},
        examples=[OpenApiExample("Bưu điện", value=_PROVIDER), examples.NO_RIGHT],
    )
    def post(self, request: Request) -> Response:
        """The province's; the same code again is the same provider."""
        body = body_of(request, ProviderBody)
        return Response(ProviderBody(open_provider(**body, actor=actor_of(request), now=timezone.now())).data)


@method_decorator(never_cache, name="dispatch")
class TemplatesView(_Kept):
    """The forms of one provider."""

    @extend_schema(
        operation_id="provider_templates_list",
        tags=TAG,
        summary="Mẫu danh sách của tổ chức dịch vụ chi trả, mới nhất trước",
        responses={200: TemplateRow(many=True), **READ},
    )
    def get(self, request: Request, provider: str) -> Response:
        """The first of each channel holds."""
        found = get_object_or_404(Provider, code=provider)
        return Response(TemplateRow(found.templates.select_related("saved_by").order_by("-pk")[:50], many=True).data)

    @extend_schema(
        operation_id="provider_templates_create",
        tags=TAG,
        summary="Lưu mẫu danh sách: cột, tiêu đề, từ chỉ kết quả",
        request=TemplateBody,
        responses={200: TemplateRow, **WRITE},
        examples=[OpenApiExample("Mẫu của bưu điện", value=_TEMPLATE, request_only=True), examples.NO_RIGHT],
    )
    def post(self, request: Request, provider: str) -> Response:
        """Lists handed over from now on use it."""
        found = get_object_or_404(Provider, code=provider)
        given = body_of(request, TemplateBody)
        columns = [(column["field"], column["heading"]) for column in given.pop("columns")]
        channel = Channel(given.pop("channel"))
        saved = save_template(
            provider=found, channel=channel, columns=columns, actor=actor_of(request), now=timezone.now(), **given
        )
        return Response(TemplateRow(saved).data)


@method_decorator(never_cache, name="dispatch")
class PointsView(_Kept):
    """The points of one provider in one's reach."""

    @extend_schema(
        operation_id="provider_points_list",
        tags=TAG,
        summary="Điểm chi trả trong phạm vi địa bàn",
        responses={200: PointRow(many=True), **READ},
    )
    def get(self, request: Request, provider: str) -> Response:
        """By commune and name."""
        found = get_object_or_404(Provider, code=provider)
        points = _points(actor_of(request)).filter(provider=found).select_related("unit")
        return Response(PointRow(points.order_by("unit__path", "name"), many=True).data)

    @extend_schema(
        operation_id="provider_points_create",
        tags=TAG,
        summary="Mở, sửa hoặc đóng điểm chi trả",
        request=PointBody,
        responses={200: PointRow, **WRITE},
        examples=[OpenApiExample("Điểm chi trả", value=_POINT, request_only=True), examples.NO_RIGHT],
    )
    def post(self, request: Request, provider: str) -> Response:
        """The point of this name in the commune; a commune outside the reach is an unknown one."""
        actor = actor_of(request)
        found = get_object_or_404(Provider, code=provider)
        body = body_of(request, PointBody, actor=actor)
        return Response(PointRow(save_point(provider=found, actor=actor, **body)).data)


class HandOverView(OneList):
    """A list to the provider that pays it."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.HAND_OVER))

    @extend_schema(
        operation_id="batches_hand_over",
        tags=TAG,
        summary="Giao danh sách cho tổ chức dịch vụ chi trả (Excel theo mẫu của tổ chức)",
        request=HandOverBody,
        responses={(200, XLSX): OpenApiTypes.BINARY, **WRITE},
        examples=[
            OpenApiExample("Theo mẫu bưu điện", value={"provider": "BUU-DIEN"}, request_only=True),
            examples.NO_RIGHT,
        ],
    )
    def post(self, request: Request, batch_id: int) -> HttpResponse:
        """From then on its payments are with the provider; repeating it gives the same list."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        body = body_of(request, HandOverBody)
        content = hand_over(batch_id=batch_id, actor=actor, now=timezone.now(), **body)
        disposition = {"Content-Disposition": f'attachment; filename="danh-sach-{batch_id}.xlsx"'}
        return HttpResponse(content, content_type=XLSX, headers=disposition)


def _points(actor: User) -> QuerySet[PayingPoint]:
    """Points in communes of the actor's subtree."""
    if actor.unit is None:
        return PayingPoint.objects.none()
    return PayingPoint.objects.filter(unit__path__startswith=actor.unit.path)
