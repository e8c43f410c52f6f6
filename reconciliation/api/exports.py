"""Handing everything over: who asked, on which paper, who allowed the numbers, where it was written."""

from datetime import datetime
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from reconciliation.services.export.order import decide_export, order_export
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of
from staff.api.refusals import READ, WRITE
from staff.api.steps import StepView, described
from staff.models import AdministrativeUnit, DataExport, User
from staff.rights import Right
from staff.services.database_clock import database_now

TAG = ["exports"]
SEEING = (having(Right.ORDER_EXPORT, Right.APPROVE_EXPORT, Right.SEE_HISTORY),)


class ExportIn(serializers.Serializer[Any]):
    """What is asked for."""

    document = serializers.CharField(max_length=120, help_text="văn bản làm căn cứ: thanh lý hợp đồng, quyết định")
    with_numbers = serializers.BooleanField(
        required=False,
        default=False,
        help_text="số định danh, số tài khoản, số điện thoại đủ chữ số; cần người thứ hai",
    )


class ExportRow(serializers.ModelSerializer[DataExport]):
    """One order: whether it waits for a second person, may be written now, or was written where and with which manifest."""

    ordered_by = serializers.CharField(source="ordered_by.full_name")
    decided_by = serializers.CharField(source="decided_by.full_name", allow_null=True, default=None)
    waits = serializers.BooleanField()
    ready = serializers.BooleanField()
    own = serializers.SerializerMethodField(help_text="người đang hỏi là người yêu cầu")

    class Meta:
        model = DataExport
        fields = [
            "id", "document", "with_numbers", "ordered_by", "ordered_at", "decided_by", "decided_at", "accepted",
            "waits", "ready", "own", "written_at", "folder", "row_total", "manifest_digest",
        ]  # fmt: skip

    def get_own(self, export: DataExport) -> bool:
        return bool(export.ordered_by_id == self.context["asked_by"])


def _require_province(actor: User) -> None:
    """It is about the whole database; for who works below the province it is not there."""
    if actor.unit is None or actor.unit.kind != AdministrativeUnit.Kind.PROVINCE:
        raise Http404


class ExportsView(ListView[DataExport]):
    """Orders, the newest first."""

    permission_classes = SEEING
    serializer_class = ExportRow

    @extend_schema(
        operation_id="exports_list",
        tags=TAG,
        summary="Lệnh xuất toàn bộ dữ liệu",
        responses={200: ExportRow(many=True), **READ},
    )
    def get(self, request: Request) -> Response:
        """404 below the province."""
        actor = actor_of(request)
        _require_province(actor)
        rows = DataExport.objects.select_related("ordered_by", "decided_by").order_by("-pk")
        return self.page_of(rows, asked_by=actor.pk)

    @extend_schema(
        operation_id="exports_create",
        tags=TAG,
        summary="Yêu cầu xuất toàn bộ dữ liệu",
        request=ExportIn,
        responses={201: ExportRow, **WRITE},
    )
    def post(self, request: Request) -> Response:
        """Written at the server by `manage.py export_all`; with numbers only after another person's word."""
        actor = actor_of(request)
        _require_province(actor)
        export = order_export(**body_of(request, ExportIn), actor=actor, now=database_now())
        return Response(ExportRow(export, context={"asked_by": actor.pk}).data, status=201)


class _OneExport(StepView[DataExport]):
    permission_classes = (having(Right.APPROVE_EXPORT),)
    accepted: bool

    def find(self, actor: User, pk: int) -> DataExport:
        """404 below the province."""
        _require_province(actor)
        export = DataExport.objects.filter(pk=pk).first()
        if export is None:
            raise Http404
        return export

    def step(self, item: DataExport, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        """The second person's word."""
        decide_export(export_id=item.pk, accepted=self.accepted, actor=actor, now=now)

    def show(self, actor: User, pk: int) -> Response:
        """The order as it stands now."""
        return Response(ExportRow(DataExport.objects.get(pk=pk), context={"asked_by": actor.pk}).data)


@described("exports_approve", "Đồng ý xuất kèm số định danh, số tài khoản", tags=TAG, row=ExportRow)
class ApproveExportView(_OneExport):
    """The second person allows the numbers in clear."""

    accepted = True


@described("exports_decline", "Không đồng ý xuất kèm số", tags=TAG, row=ExportRow)
class DeclineExportView(_OneExport):
    """The second person says no; without numbers it can be asked for again."""

    accepted = False
