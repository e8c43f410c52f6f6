"""Messages about people's lives in, by the registry's system or as a file; how far weighing a file has come."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.errors.files import FileTooLarge
from beneficiaries.models import ReceivedFile
from beneficiaries.parsers.large_files import large_files_apart
from beneficiaries.parsers.life_events import read_life_events
from beneficiaries.parsers.workbook import MAX_BYTES
from beneficiaries.services.life_events.settle import progress_of_file
from payments.api.life_serializers import EventFile, EventsIn, EventsOut, FileProgress
from payments.services.life import Received, events_with_reasons, receive
from staff.api.access import actor_of, having
from staff.api.reading import body_of, content_of, read_body
from staff.api.refusals import RefusalBody
from staff.rights import Right

TAG = ["life-events"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAY_REPORT = (having(Right.REPORT_LIFE_EVENTS),)


def _said(received: Received) -> Response:
    recorded = received.recorded
    body = {
        "received": recorded.received,
        "added": len(recorded.added),
        "repeated": recorded.repeated,
        "problems": [{"position": place, "sentence": sentence} for place, sentence in recorded.problems],
        "file": recorded.file_id,
    }
    return Response(EventsOut(body).data)


@method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")
class LifeEventsView(APIView):
    """A batch from a feed."""

    permission_classes = MAY_REPORT

    @extend_schema(
        operation_id="life_events_create",
        tags=TAG,
        summary="Báo sự kiện hộ tịch",
        request=EventsIn,
        responses={200: EventsOut, 400: RefusalBody, 403: RefusalBody},
    )
    def post(self, request: Request) -> Response:
        """Each message counts once by its id, in any order; sending a batch again changes nothing."""
        batch = read_body(request, EventsIn)
        return _said(receive(events=batch.messages(), actor=actor_of(request), now=timezone.now()))


@method_decorator(never_cache, name="dispatch")
class LifeEventsFileView(APIView):
    """The same as a file."""

    permission_classes = MAY_REPORT
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="life_events_file_create",
        tags=TAG,
        summary="Nạp tệp sự kiện hộ tịch",
        request={"multipart/form-data": EventFile},
        responses={200: EventsOut, 400: RefusalBody, 403: RefusalBody, 409: RefusalBody},
    )
    def post(self, request: Request) -> Response:
        """Kept whole before the answer; a long file is weighed in the background."""
        body = body_of(request, EventFile)
        with large_files_apart():
            events = list(read_life_events(content_of(body["file"], most=MAX_BYTES, refusal=FileTooLarge)))
        return _said(receive(events=events, actor=actor_of(request), now=timezone.now(), from_file=True))


@method_decorator(never_cache, name="dispatch")
class LifeEventsReasonsView(APIView):
    """A file looked at; nothing of it is kept."""

    permission_classes = MAY_REPORT
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="life_events_file_reasons",
        tags=TAG,
        summary="Kiểm tra tệp sự kiện hộ tịch: tải lại đúng tệp, thêm cột “Lý do, việc cần làm”",
        request={"multipart/form-data": EventFile},
        responses={(200, XLSX): OpenApiTypes.BINARY, 400: RefusalBody, 403: RefusalBody, 409: RefusalBody},
    )
    def post(self, request: Request) -> HttpResponse:
        """What is wrong with each row, as of now; rows that would be taken have nothing in that column."""
        content = content_of(body_of(request, EventFile)["file"], most=MAX_BYTES, refusal=FileTooLarge)
        with large_files_apart():
            annotated = events_with_reasons(content=content, actor=actor_of(request), now=timezone.now())
        named = {"Content-Disposition": 'attachment; filename="su-kien-ho-tich-ly-do.xlsx"'}
        return HttpResponse(annotated, content_type=XLSX, headers=named)


@method_decorator(never_cache, name="dispatch")
class LifeEventsProgressView(APIView):
    """How far an uploaded file has come."""

    permission_classes = MAY_REPORT

    @extend_schema(
        operation_id="life_events_file_retrieve",
        tags=TAG,
        summary="Tiến độ xử lý một tệp sự kiện",
        responses={200: FileProgress, 403: RefusalBody, 404: RefusalBody},
    )
    def get(self, request: Request, file_id: int) -> Response:
        """Only for whoever sent the file."""
        file = get_object_or_404(
            ReceivedFile, pk=file_id, kind=ReceivedFile.Kind.LIFE_EVENTS, received_by=actor_of(request)
        )
        weighed, events = progress_of_file(file.pk)
        return Response(FileProgress({"weighed": weighed, "events": events}).data)
