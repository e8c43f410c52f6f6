"""The scanned paper a correction rests on: sent with the proposal, read by whoever decides or audits."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.api.account_shapes import ScanBody
from beneficiaries.errors import ScanRefused
from beneficiaries.services.accounts.register_slip import MAX_SCAN_BYTES
from beneficiaries.services.read_papers import attach_record_paper, read_record_paper
from payments.api.corrections import TAG, corrections_in_reach
from staff.api.access import actor_of, having
from staff.api.papers import PAPER, paper_answer
from staff.api.reading import body_of, content_of
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.rights import Right


@method_decorator(never_cache, name="dispatch")
class CorrectionPaperView(APIView):
    """The scanned paper of one correction."""

    parser_classes = (MultiPartParser,)

    def get_permissions(self) -> list[Any]:
        """Reading is for who sees persons, sending for who keeps the records."""
        seeing = [having(Right.SEE_PERSONS)()]
        return seeing + [having(Right.CORRECT_RECORD)()] * (self.request.method == "POST")

    @extend_schema(
        operation_id="corrections_paper_retrieve",
        tags=TAG,
        summary="Xem bản quét giấy tờ kèm đề nghị sửa hồ sơ",
        responses={**PAPER, **READ, 409: RefusalBody},
    )
    def get(self, request: Request, correction_id: int) -> HttpResponse:
        """As it was uploaded; that it was read is written down."""
        actor = actor_of(request)
        correction = get_object_or_404(corrections_in_reach(actor), pk=correction_id)
        paper = read_record_paper(correction=correction, actor=actor, now=timezone.now())
        return paper_answer(paper.content, media_type=paper.media_type, name=f"giay-to-sua-ho-so-{correction.pk}")

    @extend_schema(
        operation_id="corrections_paper",
        tags=TAG,
        summary="Tải lên bản quét giấy tờ kèm đề nghị sửa hồ sơ",
        request={"multipart/form-data": ScanBody},
        responses={201: None, **WRITE},
    )
    def post(self, request: Request, correction_id: int) -> Response:
        """Kept sealed; one per correction, while it waits."""
        actor = actor_of(request)
        correction = get_object_or_404(corrections_in_reach(actor), pk=correction_id)
        content = content_of(body_of(request, ScanBody)["file"], most=MAX_SCAN_BYTES, refusal=ScanRefused)
        attach_record_paper(correction=correction, content=content, actor=actor, now=timezone.now())
        return Response(status=201)
