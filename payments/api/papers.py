"""The paper of a list: print it, upload what was signed, note the Treasury's voucher."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from payments.api.batches import OneList, lists_of, require_whole_list
from payments.api.signing_shapes import PaperIn, PaperRow, VoucherIn
from payments.errors import (
    UnreadablePaper,
)
from payments.models import SignedPaper
from payments.services.signing.list_paper import print_list
from payments.services.signing.papers import MAX_BYTES, keep_paper, read_paper, record_voucher
from staff.api.access import actor_of, having
from staff.api.papers import PAPER, paper_answer
from staff.api.reading import body_of, content_of
from staff.api.refusals import READ, WRITE
from staff.models import PaperReading
from staff.rights import Right
from staff.services.paper_readings import note_reading

TAG = ["papers"]
SEES = (having(Right.SEE_LISTS), having(Right.SEE_PERSONS))
KEEPS = (*SEES, having(Right.KEEP_PAPERS))


class PrintView(OneList):
    """The list as a PDF."""

    permission_classes = SEES

    @extend_schema(
        operation_id="batches_print",
        tags=TAG,
        summary="In danh sách (PDF kèm dữ liệu)",
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, **READ},
    )
    def get(self, request: Request, batch_id: int) -> HttpResponse:
        """To sign by hand or digitally; the text embedded in it has the digest that is signed."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        batch = get_object_or_404(lists_of(actor), pk=batch_id)
        content = print_list(batch)
        note_reading(
            kind=PaperReading.Kind.PRINTED, paper_id=batch.pk, unit=batch.paying_unit, actor=actor, now=timezone.now()
        )
        disposition = {"Content-Disposition": f'attachment; filename="danh-sach-{batch_id}.pdf"'}
        return HttpResponse(content, content_type="application/pdf", headers=disposition)


class PapersView(OneList):
    """Papers kept for a list."""

    permission_classes = SEES

    @extend_schema(
        operation_id="batches_papers",
        tags=TAG,
        summary="Bản đã ký của danh sách",
        responses={200: PaperRow(many=True), **READ},
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """What was uploaded and what the digital signatures say."""
        require_whole_list(actor_of(request), batch_id)
        return Response(
            PaperRow(SignedPaper.objects.filter(batch=batch_id).defer("sealed").order_by("pk"), many=True).data
        )


class KeptPaperView(OneList):
    """One paper of a list."""

    permission_classes = SEES

    @extend_schema(
        operation_id="batches_papers_retrieve",
        tags=TAG,
        summary="Xem bản đã ký của danh sách",
        responses={**PAPER, **READ},
    )
    def get(self, request: Request, batch_id: int, paper_id: int) -> HttpResponse:
        """As it was uploaded, for who sees the whole list; that it was read is written down."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        kept = SignedPaper.objects.select_related("batch__paying_unit")
        paper = get_object_or_404(kept, pk=paper_id, batch__in=lists_of(actor).filter(pk=batch_id))
        content = read_paper(paper=paper, actor=actor, now=timezone.now())
        return paper_answer(content, media_type=paper.media_type, name=f"danh-sach-{batch_id}-da-ky-{paper.pk}")


class PaperView(OneList):
    """Upload."""

    permission_classes = KEEPS
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="batches_papers_create",
        tags=TAG,
        summary="Tải lên bản đã ký",
        request={"multipart/form-data": PaperIn},
        responses={200: PaperRow, **WRITE},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """A scan (PDF, JPEG, PNG), or the PDF signed digitally: intact, and of this very list."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        body = body_of(request, PaperIn)
        content = content_of(body["file"], most=MAX_BYTES, refusal=UnreadablePaper)
        paper = keep_paper(batch_id=batch_id, content=content, actor=actor, now=timezone.now())
        return Response(PaperRow(paper).data)


class VoucherView(OneList):
    """The Treasury's voucher."""

    permission_classes = KEEPS

    @extend_schema(
        operation_id="batches_voucher",
        tags=TAG,
        summary="Ghi số chứng từ Kho bạc",
        request=VoucherIn,
        responses={204: None, **WRITE},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Of a released list."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        body = body_of(request, VoucherIn)
        record_voucher(batch_id=batch_id, actor=actor, now=timezone.now(), **body)
        return Response(status=204)
