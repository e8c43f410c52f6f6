"""Reports that came back signed: upload, list, fetch."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.errors import (
    UnreadablePaper,
)
from payments.services.signing.papers import MAX_BYTES
from reconciliation.api.report_shapes import SignedReportIn, SignedReportRow
from reconciliation.models import SignedReport
from reconciliation.services.papers.keep_signed_report import content_of_paper, keep_signed_report, papers_of
from reconciliation.services.papers.report_signers import runs_in_reach
from staff.api.access import actor_of, having
from staff.api.reading import body_of, content_of
from staff.api.refusals import READ, WRITE
from staff.models import PaperReading
from staff.rights import Right, may, no_right
from staff.services.database_clock import database_now
from staff.services.paper_readings import note_reading

TAG = ["report-runs"]


@method_decorator(never_cache, name="dispatch")
class SignedReportsView(APIView):
    """Signed papers of one report."""

    permission_classes = (having(Right.SEE_REPORTS),)
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="report_runs_papers", tags=TAG, summary="Bản đã ký của báo cáo", responses={200: SignedReportRow(many=True), **READ}
    )  # fmt: skip
    def get(self, request: Request, run_id: int) -> Response:
        """Of the present figures; what each digital signature says."""
        run = get_object_or_404(runs_in_reach(actor_of(request)), pk=run_id)
        return Response(SignedReportRow(papers_of(run), many=True).data)

    @extend_schema(
        operation_id="report_runs_papers_create", tags=TAG, summary="Nộp lại bản báo cáo đã ký", request={"multipart/form-data": SignedReportIn},
        responses={200: SignedReportRow, **WRITE},
    )  # fmt: skip
    def post(self, request: Request, run_id: int) -> Response:
        """Our PDF with digital signatures must be this very report; a scan is kept for people to compare."""
        actor = actor_of(request)
        get_object_or_404(runs_in_reach(actor), pk=run_id)
        if not may(actor, Right.KEEP_PAPERS):
            raise no_right(actor, Right.KEEP_PAPERS)
        content = content_of(body_of(request, SignedReportIn)["file"], most=MAX_BYTES, refusal=UnreadablePaper)
        paper = keep_signed_report(run_id=run_id, content=content, actor=actor, now=database_now())
        return Response(SignedReportRow(paper).data)


@method_decorator(never_cache, name="dispatch")
class SignedReportFileView(APIView):
    """One signed paper as it was received."""

    permission_classes = (having(Right.SEE_REPORTS),)

    @extend_schema(
        operation_id="report_runs_paper_file", tags=TAG, summary="Tải bản báo cáo đã ký",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **READ},
    )  # fmt: skip
    def get(self, request: Request, run_id: int, paper_id: int) -> HttpResponse:
        """Byte by byte."""
        run = get_object_or_404(runs_in_reach(actor_of(request)).select_related("unit"), pk=run_id)
        paper = get_object_or_404(SignedReport, pk=paper_id, run=run)
        content = content_of_paper(paper)
        actor, now = actor_of(request), timezone.now()
        note_reading(kind=PaperReading.Kind.REPORT, paper_id=paper.pk, unit=run.unit, actor=actor, now=now)
        suffix = paper.media_type.rpartition("/")[2]
        name = {"Content-Disposition": f'attachment; filename="bao-cao-da-ky-{paper.pk}.{suffix}"'}
        return HttpResponse(content, content_type=paper.media_type, headers=name)
