"""Files of offices, banks and providers: one shape for all kinds, taken in by the background, with what was wrong by row and column."""

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.errors.files import FileTooLarge
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from beneficiaries.services.intake.file_names import sealed_name_of
from payments.api.order_shapes import OfficeFileBody, OfficeFileDetail, OfficeFileQuery, OfficeFileRow
from payments.models import OfficeFile
from payments.services.office_files import WAYS, kinds_of, read_reasons, receive_office_file
from payments.tasks import work_on_files
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.lists import ListView
from staff.api.reading import body_of, content_of, filters_of
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.models import PaperReading, User
from staff.rights import Right
from staff.services.paper_readings import note_reading

TAG = ["office-files"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENVELOPE_BYTES = 64 * 1024  # what a multipart body has beside the file
MAY_SEND = (having(*{way.right: None for way in WAYS.values()}),)


def _files(actor: User) -> QuerySet[OfficeFile]:
    """Files of the actor's subtree, of kinds the actor may send."""
    if actor.unit is None:
        return OfficeFile.objects.none()
    files = OfficeFile.objects.below(actor.unit).filter(kind__in=kinds_of(actor))
    named = files.annotate(name_sealed=sealed_name_of("file_digest", "unit"))
    return named.select_related("unit", "ordered_by").defer("sealed", "sealed_reasons")


class OfficeFilesView(ListView[OfficeFile]):
    """Files sent, newest first."""

    permission_classes = MAY_SEND
    serializer_class = OfficeFileRow

    def get_parsers(self) -> list[BaseParser]:
        """A file comes as a form."""
        return [MultiPartParser()]

    @extend_schema(
        operation_id="office_files_list",
        tags=TAG,
        summary="Các tệp đã gửi và kết quả nạp",
        parameters=[OfficeFileQuery],
        responses={200: OfficeFileRow(many=True), 400: RefusalBody, 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Filter by kind and stage."""
        wanted = filters_of(request, OfficeFileQuery)
        return self.page_of(_files(actor_of(request)).filter(**wanted).order_by("-pk"))

    @extend_schema(
        operation_id="office_files_create",
        tags=TAG,
        summary="Nạp tệp: tài khoản, VNeID, kết quả mở tài khoản, quyết định, kết quả rà soát, tiền chưa nhận kỳ trước",
        request={"multipart/form-data": OfficeFileBody},
        responses={202: OfficeFileDetail, **WRITE},
    )
    def post(self, request: Request) -> Response:
        """Kept sealed and taken in by the background; the same rows again change nothing."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + ENVELOPE_BYTES:
            raise FileTooLarge
        body = body_of(request, OfficeFileBody)
        actor = actor_of(request)
        file = receive_office_file(
            kind=body["kind"],
            content=content_of(body["file"], most=MAX_BYTES, refusal=FileTooLarge),
            unit=unit_in_reach(actor, body["unit"]),
            actor=actor,
            now=timezone.now(),
            bank=body["bank"],
            said_on=body.get("said_on"),
            seen=body["seen"],
            file_name=body["file"].name or "",
        )
        transaction.on_commit(work_on_files.delay, robust=True)
        return Response(OfficeFileDetail(_files(actor).get(pk=file.pk)).data, status=status.HTTP_202_ACCEPTED)


@method_decorator(never_cache, name="dispatch")
class OfficeFileView(APIView):
    """One file."""

    permission_classes = MAY_SEND

    @extend_schema(
        operation_id="office_files_retrieve",
        tags=TAG,
        summary="Một tệp đã gửi: đã nạp chưa, dòng nào không nhận, vì sao",
        responses={200: OfficeFileDetail, **READ},
    )
    def get(self, request: Request, file_id: int) -> Response:
        """Its problems by row and column."""
        return Response(OfficeFileDetail(get_object_or_404(_files(actor_of(request)), pk=file_id)).data)


@method_decorator(never_cache, name="dispatch")
class OfficeFileErrorsView(APIView):
    """The list to correct."""

    permission_classes = (*MAY_SEND, having(Right.SEE_PERSONS))

    @extend_schema(
        operation_id="office_files_errors",
        tags=TAG,
        summary="Tải lại đúng tệp đã gửi, thêm cột “Lý do, việc cần làm”",
        responses={(200, XLSX): OpenApiTypes.BINARY, **READ, 409: RefusalBody},
    )
    def get(self, request: Request, file_id: int) -> HttpResponse:
        """As it was sent, whatever its rows hold: only for whoever may send and see such files here."""
        file = get_object_or_404(_files(actor_of(request)), pk=file_id)
        content = read_reasons(file)
        note_reading(
            kind=PaperReading.Kind.OFFICE, paper_id=file.pk, unit=file.unit, actor=actor_of(request), now=timezone.now()
        )
        named = {"Content-Disposition": f'attachment; filename="tep-{file.pk}-ly-do.xlsx"'}
        return HttpResponse(content, content_type=XLSX, headers=named)
