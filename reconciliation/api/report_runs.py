"""Ordered reports: which there are, which wait for me, how they stand and are made up, their files, the signature."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reconciliation.api.report_shapes import (
    DeliveryBody,
    LevelBody,
    OrderAgainBody,
    OrderReportBody,
    PartBody,
    ReportRunDetail,
    ReportRunQuery,
    ReportRunRow,
    SignBody,
    SignedReportRow,
)
from reconciliation.models import ReportRun
from reconciliation.reports.docx import render_docx
from reconciliation.reports.pdf import render_pdf
from reconciliation.reports.workbook import render_workbook
from reconciliation.reports.writing import snapshot_json
from reconciliation.services.papers.issue_files import note_issued
from reconciliation.services.papers.keep_signed_report import papers_of
from reconciliation.services.papers.order_report import order_report
from reconciliation.services.papers.report_delivery import deliveries_of, note_reading
from reconciliation.services.papers.report_progress import parts_of, progress_of
from reconciliation.services.papers.report_signers import runs_in_reach, signers_of, waiting_for
from reconciliation.services.papers.sign_report import order_again, sign_report
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.lists import ListView
from staff.api.reading import body_of, filters_of
from staff.api.refusals import RefusalBody
from staff.api.throttles import PerUser
from staff.models import User
from staff.rights import Right, may, no_right
from staff.services.database_clock import database_now

TAG = ["report-runs"]
READ = {403: RefusalBody, 404: RefusalBody}
CHANGED = {200: ReportRunDetail, 400: RefusalBody, **READ, 409: RefusalBody}
FORMATS = {
    "pdf": (render_pdf, "application/pdf"),
    "docx": (render_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (render_workbook, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": (lambda *, snapshot: snapshot_json(snapshot).encode(), "application/json"),
}
FORMAT = OpenApiParameter("file_format", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(FORMATS))


class Drawing(PerUser):
    """Documents are drawn when asked for: ten a minute for one user."""

    rate = "10/minute"
    scope = "draw_report"


def _detail(actor: User, run_id: int) -> Response:
    """The run, its figures, and for whom it waits."""
    run = get_object_or_404(
        runs_in_reach(actor).select_related("unit", "snapshot", "signed_by", "ordered_by"), pk=run_id
    )
    note_reading(run=run, reader=actor, now=timezone.now())
    figures: dict[str, Any] = run.snapshot.figures if run.snapshot else {"headline": {}, "rates": {}, "differences": []}
    signers = signers_of([run.unit], now=timezone.now())[run.unit.pk]
    body = ReportRunRow(run).data | {
        "figures": figures["headline"],
        "rates": figures["rates"],
        "differences": figures["differences"],
        "addressed_to": [signer.shown for signer in signers],
        "mine": any(signer.user.pk == actor.pk for signer in signers),
        "order_reason": run.order_reason,
        "ordered_by": run.ordered_by.full_name if run.ordered_by else None,
        "delivery": DeliveryBody(deliveries_of(run, signers=signers), many=True).data,
        "papers": SignedReportRow(papers_of(run), many=True).data,
    }
    return Response(body)


class _Runs(ListView[ReportRun]):
    permission_classes = (having(Right.SEE_REPORTS),)
    serializer_class = ReportRunRow
    queryset = ReportRun.objects.none()

    def paged(self, runs: QuerySet[ReportRun]) -> Response:
        """One page of runs, without their figures."""
        return self.page_of(runs.select_related("unit", "snapshot", "signed_by").defer("snapshot__figures"))


class ReportRunsView(_Runs):
    """Ordered reports in reach."""

    @extend_schema(
        operation_id="report_runs_list", tags=TAG, summary="Báo cáo định kỳ trong phạm vi địa bàn", parameters=[ReportRunQuery],
        responses={200: ReportRunRow(many=True), 400: RefusalBody, 403: RefusalBody},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Filter by kind, status, unit, level and last day; the newest period first."""
        wanted = filters_of(request, ReportRunQuery, unit="unit__code", level="unit__kind")
        return self.paged(runs_in_reach(actor_of(request)).filter(**wanted).order_by("-to_on", "kind", "unit__path"))

    @extend_schema(
        operation_id="report_runs_create", tags=TAG, summary="Yêu cầu lập báo cáo theo tháng, đơn vị tùy chọn", request=OrderReportBody,
        responses={202: ReportRunDetail, 400: RefusalBody, **READ, 409: RefusalBody},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """A worker makes it within a minute; it is addressed, signed and verified like those of the clock."""
        given, actor = body_of(request, OrderReportBody), actor_of(request)
        if not may(actor, Right.ORDER_REPORT):
            raise no_right(actor, Right.ORDER_REPORT)
        unit = unit_in_reach(actor, given.pop("unit"))
        run = order_report(unit=unit, actor=actor, now=database_now(), **given)
        return Response(_detail(actor, run.pk).data, status=202)


class AwaitingReportsView(_Runs):
    """What waits for the actor's signature."""

    @extend_schema(
        operation_id="report_runs_awaiting", tags=TAG, summary="Báo cáo đang chờ tôi ký",
        responses={200: ReportRunRow(many=True), 403: RefusalBody},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """By the own role or a delegation, the first due first; drafts wait for their difference to be cleared."""
        return self.paged(waiting_for(actor_of(request), now=timezone.now()))


@method_decorator(never_cache, name="dispatch")
class ReportProgressView(APIView):
    """How far the reports of each period have come."""

    permission_classes = (having(Right.SEE_REPORTS),)

    @extend_schema(
        operation_id="report_runs_progress", tags=TAG, summary="Tiến độ lập, ký báo cáo theo kỳ và cấp", parameters=[ReportRunQuery],
        responses={200: LevelBody(many=True), 400: RefusalBody, 403: RefusalBody},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """By kind, period and level of unit: how many stand where, how many are late."""
        wanted = filters_of(request, ReportRunQuery, unit="unit__code", level="unit__kind")
        rows = progress_of(runs_in_reach(actor_of(request)).filter(**wanted), now=timezone.now())
        return Response(LevelBody(rows, many=True).data)


@method_decorator(never_cache, name="dispatch")
class ReportRunView(APIView):
    """One ordered report."""

    permission_classes = (having(Right.SEE_REPORTS),)

    @extend_schema(
        operation_id="report_runs_retrieve", tags=TAG, summary="Một báo cáo định kỳ", responses={200: ReportRunDetail, **READ}
    )  # fmt: skip
    def get(self, request: Request, run_id: int) -> Response:
        """With its figures and the names of whoever may sign."""
        return _detail(actor_of(request), run_id)


@method_decorator(never_cache, name="dispatch")
class ReportPartsView(APIView):
    """How a report is made up of those below it."""

    permission_classes = (having(Right.SEE_REPORTS),)

    @extend_schema(
        operation_id="report_runs_parts", tags=TAG, summary="Báo cáo của các đơn vị cấp dưới hợp thành báo cáo này",
        responses={200: PartBody(many=True), **READ},
    )  # fmt: skip
    def get(self, request: Request, run_id: int) -> Response:
        """Each unit right below: how its report stands, and where its figures differ from those counted above."""
        reach = runs_in_reach(actor_of(request)).select_related("unit", "snapshot")
        return Response(PartBody(parts_of(get_object_or_404(reach, pk=run_id)), many=True).data)


@method_decorator(never_cache, name="dispatch")
class ReportFileView(APIView):
    """A report as a document."""

    permission_classes = (having(Right.SEE_REPORTS),)
    throttle_classes = (Drawing,)

    @extend_schema(
        operation_id="report_runs_file", tags=TAG, summary="Tải báo cáo (PDF, Word, Excel, JSON)", parameters=[FORMAT],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **READ, 429: RefusalBody},
    )  # fmt: skip
    def get(self, request: Request, run_id: int, file_format: str) -> HttpResponse:
        """From the frozen figures: the same report has the same bytes. One whose figures do not tie out is a marked draft."""
        run = get_object_or_404(runs_in_reach(actor_of(request)).select_related("unit", "snapshot__unit"), pk=run_id)
        if run.snapshot is None or file_format not in FORMATS:
            raise Http404
        note_reading(run=run, reader=actor_of(request), now=timezone.now())
        render, content_type = FORMATS[file_format]
        name = f"bao-cao-{run.unit.code}-{run.to_on.isoformat()}-{run.snapshot.digest[:12]}.{file_format}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        content = render(snapshot=run.snapshot)
        note_issued(names=run.snapshot.digest, files=[(f".{file_format}", content)], now=timezone.now())
        return HttpResponse(content, content_type=content_type, headers=headers)


class SignReportView(APIView):
    """Sign a report."""

    permission_classes = (having(Right.SEE_REPORTS),)

    @extend_schema(
        operation_id="report_runs_sign", tags=TAG, summary="Ký báo cáo", request=SignBody, responses=CHANGED
    )  # fmt: skip
    def post(self, request: Request, run_id: int) -> Response:
        """By whom it is addressed to, over the digest of the figures that were read; never a draft."""
        given, actor = body_of(request, SignBody), actor_of(request)
        get_object_or_404(runs_in_reach(actor), pk=run_id)
        sign_report(run_id=run_id, actor=actor, now=database_now(), **given)
        return _detail(actor, run_id)


class OrderAgainView(APIView):
    """Have a report counted again."""

    permission_classes = (having(Right.SEE_REPORTS), having(Right.ORDER_REPORT))

    @extend_schema(
        operation_id="report_runs_order_again", tags=TAG, summary="Yêu cầu lập lại báo cáo", request=OrderAgainBody, responses=CHANGED
    )  # fmt: skip
    def post(self, request: Request, run_id: int) -> Response:
        """A draft whose difference was cleared, one that could not be made, or one not signed yet."""
        given, actor = body_of(request, OrderAgainBody), actor_of(request)
        get_object_or_404(runs_in_reach(actor), pk=run_id)
        order_again(run_id=run_id, actor=actor, now=database_now(), **given)
        return _detail(actor, run_id)
