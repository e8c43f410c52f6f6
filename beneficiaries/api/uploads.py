"""Registry lists: upload, look at what would happen, confirm; with progress, and the same file back with what is wrong in it."""

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
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

from beneficiaries.api.upload_serializers import (
    Confirmation,
    Mapping,
    PreviewRow,
    RowQuery,
    UploadDetail,
    UploadFile,
    UploadQuery,
)
from beneficiaries.errors.files import FileTooLarge
from beneficiaries.models import Programme, RegistryUpload, UploadRow
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from beneficiaries.services.intake.annotated_file import annotated_upload
from beneficiaries.services.intake.heading_mappings import save_mapping
from beneficiaries.services.intake.registry_template import registry_template
from beneficiaries.services.intake.uploads import (
    cancel_upload,
    confirm_upload,
    receive_upload,
    resume_upload,
    stop_upload,
)
from beneficiaries.tasks import work_on_registries
from staff.api.access import HasRight, actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of, filters_of, no_body
from staff.api.refusals import READ, RefusalBody
from staff.models import AdministrativeUnit, PaperReading
from staff.rights import Right
from staff.services.paper_readings import note_reading

TAG = ["registry-uploads"]
CHANGED = {200: UploadDetail, **READ, 409: RefusalBody}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENVELOPE_BYTES = 64 * 1024  # what a multipart body has beside the file


def _uploads(request: Request) -> QuerySet[RegistryUpload]:
    return RegistryUpload.objects.in_reach(actor_of(request)).select_related("unit")


def _detail(request: Request, upload_id: int, code: int = status.HTTP_200_OK) -> Response:
    return Response(UploadDetail(get_object_or_404(_uploads(request), pk=upload_id)).data, status=code)


def _ring() -> None:
    """The bell rings when the row it is about is there; a broker that is down costs seconds, the clock finds the work too."""
    transaction.on_commit(work_on_registries.delay, robust=True)


def _workbook(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    )


class UploadsView(ListView[RegistryUpload]):
    """Lists sent, newest first."""

    permission_classes = (having(Right.IMPORT_REGISTRY),)
    serializer_class = UploadDetail

    def get_parsers(self) -> list[BaseParser]:
        """A file comes as a form."""
        return [MultiPartParser()]

    @extend_schema(
        operation_id="registry_uploads_list",
        tags=TAG,
        summary="Danh sách đối tượng đã gửi lên",
        parameters=[UploadQuery],
        responses={200: UploadDetail(many=True), 400: RefusalBody, 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Filter by stage and unit."""
        wanted = filters_of(request, UploadQuery, unit="unit__code")
        return self.page_of(_uploads(request).filter(**wanted).order_by("-pk"))

    @extend_schema(
        operation_id="registry_uploads_create",
        tags=TAG,
        summary="Gửi danh sách đối tượng lên để xem trước",
        request={"multipart/form-data": UploadFile},
        responses={202: UploadDetail, 400: RefusalBody, **READ, 409: RefusalBody},
    )
    def post(self, request: Request) -> Response:
        """Kept sealed, read in the background; nothing is taken in before the preview is confirmed."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + ENVELOPE_BYTES:
            raise FileTooLarge
        body = body_of(request, UploadFile)
        actor = actor_of(request)
        unit = AdministrativeUnit.objects.filter(code=body["unit"]).first()
        if unit is None or not actor.reaches(unit):
            raise Http404
        upload = receive_upload(
            content=body["file"].read(MAX_BYTES + 1),
            unit=unit,
            actor=actor,
            now=timezone.now(),
            sheet=body["sheet"],
            file_name=body["file"].name or "",
        )
        _ring()
        return _detail(request, upload.pk, status.HTTP_202_ACCEPTED)


@method_decorator(never_cache, name="dispatch")
class OneUpload(APIView):
    """What all views of one upload share."""

    permission_classes: tuple[type[HasRight], ...] = (having(Right.IMPORT_REGISTRY),)


class UploadView(OneUpload):
    """One upload."""

    @extend_schema(
        operation_id="registry_uploads_retrieve",
        tags=TAG,
        summary="Một danh sách đã gửi: đang ở bước nào",
        responses={200: UploadDetail, **READ},
    )
    def get(self, request: Request, upload_id: int) -> Response:
        """Stage, progress, counts."""
        return _detail(request, upload_id)


class UploadRowsView(ListView[UploadRow]):
    """The preview, row by row."""

    permission_classes = (having(Right.IMPORT_REGISTRY),)
    serializer_class = PreviewRow

    @extend_schema(
        operation_id="registry_uploads_rows",
        tags=TAG,
        summary="Xem trước: mới, thay đổi, không đổi, không còn, sai",
        parameters=[RowQuery],
        responses={200: PreviewRow(many=True), 400: RefusalBody, **READ},
    )
    def get(self, request: Request, upload_id: int) -> Response:
        """In the order of the file; who is gone comes last."""
        query = filters_of(request, RowQuery)
        upload = get_object_or_404(_uploads(request), pk=upload_id)
        wanted = {name: value for name, value in query.items() if value is not None}
        return self.page_of(upload.rows.filter(**wanted).order_by("row_number", "pk"))


class ConfirmUploadView(OneUpload):
    """Yes to the preview."""

    @extend_schema(
        operation_id="registry_uploads_confirm",
        tags=TAG,
        summary="Xác nhận nạp đúng bản xem trước",
        request=Confirmation,
        responses={**CHANGED, 400: RefusalBody},
    )
    def post(self, request: Request, upload_id: int) -> Response:
        """Taken in by the background exactly as previewed."""
        upload = get_object_or_404(_uploads(request), pk=upload_id)
        body = body_of(request, Confirmation)
        confirm_upload(
            upload=upload,
            digest=body["preview_digest"],
            actor=actor_of(request),
            now=timezone.now(),
        )
        _ring()
        return _detail(request, upload_id)


class MappingView(OneUpload):
    """What the headings mean."""

    @extend_schema(
        operation_id="registry_uploads_mapping",
        tags=TAG,
        summary="Khai tên cột của nguồn này, dùng cho các lần sau",
        request=Mapping,
        responses={**CHANGED, 400: RefusalBody},
    )
    def post(self, request: Request, upload_id: int) -> Response:
        """Kept for this unit and these headings; the file is then read again."""
        upload = get_object_or_404(_uploads(request), pk=upload_id)
        body = body_of(request, Mapping)
        save_mapping(
            upload=upload,
            columns={one["position"]: one["key"] for one in body["columns"]},
            actor=actor_of(request),
            now=timezone.now(),
        )
        _ring()
        return _detail(request, upload_id)


class StopUploadView(OneUpload):
    """Hold the work."""

    @extend_schema(
        operation_id="registry_uploads_stop", tags=TAG, summary="Tạm dừng nạp", request=None, responses=CHANGED
    )
    def post(self, request: Request, upload_id: int) -> Response:
        """What was taken in stays; the rest waits."""
        upload = get_object_or_404(_uploads(request), pk=upload_id)
        no_body(request)
        stop_upload(upload=upload, actor=actor_of(request))
        return _detail(request, upload_id)


class ResumeUploadView(OneUpload):
    """Go on."""

    @extend_schema(
        operation_id="registry_uploads_resume", tags=TAG, summary="Nạp tiếp", request=None, responses=CHANGED
    )
    def post(self, request: Request, upload_id: int) -> Response:
        """From where it was stopped."""
        upload = get_object_or_404(_uploads(request), pk=upload_id)
        no_body(request)
        resume_upload(upload=upload, actor=actor_of(request))
        _ring()
        return _detail(request, upload_id)


class CancelUploadView(OneUpload):
    """Drop it."""

    @extend_schema(
        operation_id="registry_uploads_cancel", tags=TAG, summary="Bỏ danh sách đã gửi", request=None, responses=CHANGED
    )
    def post(self, request: Request, upload_id: int) -> Response:
        """Only while nothing of it was taken in."""
        upload = get_object_or_404(_uploads(request), pk=upload_id)
        no_body(request)
        cancel_upload(upload=upload, actor=actor_of(request), now=timezone.now())
        return _detail(request, upload_id)


class UploadErrorsView(OneUpload):
    """The same file with reasons."""

    @extend_schema(
        operation_id="registry_uploads_errors",
        tags=TAG,
        summary="Tải lại đúng tệp đã gửi, thêm cột “Lý do, việc cần làm”",
        responses={(200, XLSX): OpenApiTypes.BINARY, **READ, 409: RefusalBody},
    )
    def get(self, request: Request, upload_id: int) -> HttpResponse:
        """As previewed."""
        upload = get_object_or_404(_uploads(request), pk=upload_id)
        content = annotated_upload(upload=upload)
        actor, kind = actor_of(request), PaperReading.Kind.UPLOAD
        note_reading(kind=kind, paper_id=upload.pk, unit=upload.unit, actor=actor, now=timezone.now())
        return _workbook(content, f"danh-sach-{upload.unit.code}-{upload.pk}-ly-do")


class TemplateView(OneUpload):
    """A blank list."""

    @extend_schema(
        operation_id="registry_templates_retrieve",
        tags=TAG,
        summary="Mẫu danh sách trống của một chính sách",
        responses={(200, XLSX): OpenApiTypes.BINARY, **READ},
    )
    def get(self, request: Request, programme: str) -> HttpResponse:
        """With its catalogue and drop-down choices."""
        found = get_object_or_404(Programme, code=programme)
        return _workbook(registry_template(programme=found), f"mau-{found.code}")
