"""Asking about people's identity row by row: lists out, answers back, what was answered about one person."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.errors.files import FileTooLarge
from beneficiaries.models import Beneficiary, IdentityEnquiry, Verdict, VerdictSource
from beneficiaries.parsers.large_files import large_files_apart
from beneficiaries.parsers.workbook import MAX_BYTES
from beneficiaries.services.identity.annotated_answers import annotated_answers
from beneficiaries.services.identity.enquiries import ask, count_due, write_list
from beneficiaries.services.identity.import_verdicts import import_verdicts
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.lists import ListView
from staff.api.reading import body_of, content_of, no_body
from staff.api.refusals import RefusalBody
from staff.api.words import Words
from staff.models import User
from staff.rights import Right

TAG = ["enquiries"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ENQUIRY = {
    "id": 12, "unit": "97101", "asked_of": "POLICE_LIST", "purpose": "Rà soát đối tượng quý IV", "asked_at": "2026-11-21T08:30:00+07:00",
    "people": 120, "answered": 96,
}  # fmt: skip


class AskBody(serializers.Serializer[Any]):
    """Whom to ask about and why: the purpose is printed on the list and kept."""

    unit = serializers.CharField(max_length=12, required=False, default="", allow_blank=True)
    purpose = Words(max_length=200)
    only_doubtful = serializers.BooleanField(default=False)


class EnquiryBody(serializers.Serializer[Any]):
    """One enquiry, how many people it asks about and how many were answered."""

    id = serializers.IntegerField()
    unit = serializers.CharField(source="unit.code")
    asked_of = serializers.ChoiceField(source="source", choices=VerdictSource.choices)
    purpose = serializers.CharField()
    asked_at = serializers.DateTimeField()
    people = serializers.IntegerField()
    answered = serializers.IntegerField()


class AnswersFile(serializers.Serializer[Any]):
    """The list as it came back (.xlsx)."""

    file = serializers.FileField()


class IntakeBody(serializers.Serializer[Any]):
    """What the answers did; `problems` are sentences "Dòng 12: cột …"; `repeated`: the same content was here before."""

    answered = serializers.IntegerField()
    repeated = serializers.BooleanField()
    recorded = serializers.IntegerField(source="effect.recorded", default=0)
    confirmed = serializers.IntegerField(source="effect.confirmed", default=0)
    doubted = serializers.IntegerField(source="effect.doubted", default=0)
    cases_opened = serializers.IntegerField(source="effect.cases_opened", default=0)
    problems = serializers.ListField(child=serializers.CharField())
    idle = serializers.ListField(
        child=serializers.CharField(), help_text="Dòng được lưu mà không thay đổi hồ sơ, và vì sao"
    )


class VerdictBody(serializers.Serializer[Any]):
    """One answer about a person."""

    outcome = serializers.ChoiceField(choices=Verdict.Outcome.choices)
    outcome_label = serializers.CharField(source="get_outcome_display")
    asked_of = serializers.ChoiceField(source="source", choices=VerdictSource.choices)
    answered_on = serializers.DateField()
    recorded_at = serializers.DateTimeField()


def _in_reach(actor: User) -> QuerySet[IdentityEnquiry]:
    if actor.unit is None:
        return IdentityEnquiry.objects.none()
    counted = {
        "people": Count("questions", distinct=True),
        "answered": Count("questions", filter=Q(questions__verdicts__isnull=False), distinct=True),
    }
    reach = IdentityEnquiry.objects.filter(unit__path__startswith=actor.unit.path)
    return reach.select_related("unit").annotate(**counted)


class DueBody(serializers.Serializer[Any]):
    """People of the own unit the next list asks about, and who waits for an answer."""

    never = serializers.IntegerField(help_text="chưa có kết quả xác minh nào")
    again = serializers.IntegerField(help_text="kết quả đã quá hạn, đến lượt hỏi lại")
    waiting = serializers.IntegerField(help_text="đã hỏi, chờ trả lời")
    days = serializers.IntegerField(help_text="hỏi lại sau bao nhiêu ngày")


class EnquiriesDueView(APIView):
    """Who is to be asked about."""

    permission_classes = (having(Right.ASK_IDENTITY),)

    @extend_schema(
        operation_id="enquiries_due",
        tags=TAG,
        summary="Bao nhiêu người đến hạn xác minh, xác minh lại",
        responses={200: DueBody, 403: RefusalBody, 404: RefusalBody},
        examples=[
            OpenApiExample(
                "Đến hạn",
                value={"never": 4, "again": 31, "waiting": 12, "days": 180},
                response_only=True,
                status_codes=["200"],
            )
        ],
    )
    def get(self, request: Request) -> Response:
        """Of the own unit and those below."""
        return Response(DueBody(count_due(unit=unit_in_reach(actor_of(request), ""), now=timezone.now())).data)


class EnquiriesView(ListView[IdentityEnquiry]):
    """Enquiries of the own scope."""

    permission_classes = (having(Right.ASK_IDENTITY),)
    serializer_class = EnquiryBody

    @extend_schema(
        operation_id="enquiries_list",
        tags=TAG,
        summary="Các danh sách đề nghị xác minh",
        responses={200: EnquiryBody(many=True), 403: RefusalBody},
        examples=[OpenApiExample("Danh sách", value=_ENQUIRY, response_only=True, status_codes=["200"])],
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        return self.page_of(_in_reach(actor_of(request)).order_by("-pk"))

    @extend_schema(
        operation_id="enquiries_create",
        tags=TAG,
        summary="Lập danh sách đề nghị công an xác minh",
        request=AskBody,
        responses={201: EnquiryBody, 400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 409: RefusalBody},
        examples=[
            OpenApiExample("Lập danh sách", value={"unit": "97101", "purpose": "Rà soát quý IV"}, request_only=True),
            OpenApiExample("Đã lập", value=_ENQUIRY | {"answered": 0}, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request) -> Response:
        """Everyone of the unit who is due; 409 when nobody is."""
        actor = actor_of(request)
        body = body_of(request, AskBody)
        asked = ask(
            unit=unit_in_reach(actor, body["unit"]),
            source=VerdictSource.POLICE_LIST,
            purpose=body["purpose"],
            only_doubtful=body["only_doubtful"],
            actor=actor,
            now=timezone.now(),
        )
        return Response(EnquiryBody(_in_reach(actor).get(pk=asked.enquiry.pk)).data, status=status.HTTP_201_CREATED)


@method_decorator(never_cache, name="dispatch")
class EnquiryListView(APIView):
    """The workbook of an enquiry. By POST, for each time it is written is kept."""

    permission_classes = (having(Right.ASK_IDENTITY),)

    @extend_schema(
        operation_id="enquiries_write",
        tags=TAG,
        summary="Xuất danh sách đề nghị xác minh (Excel)",
        request=None,
        responses={(200, XLSX): OpenApiTypes.BINARY, 403: RefusalBody, 404: RefusalBody},
    )
    def post(self, request: Request, enquiry_id: int) -> HttpResponse:
        """Numbers stand in clear in it: it goes to who answers, nowhere else."""
        actor = actor_of(request)
        enquiry = get_object_or_404(_in_reach(actor), pk=enquiry_id)
        no_body(request)
        content = write_list(enquiry=enquiry, actor=actor, now=timezone.now())
        return HttpResponse(
            content,
            content_type=XLSX,
            headers={"Content-Disposition": f'attachment; filename="xac-minh-{enquiry.pk}.xlsx"'},
        )


class EnquiryAnswersView(APIView):
    """Answers coming back."""

    permission_classes = (having(Right.ASK_IDENTITY),)
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="enquiries_answer",
        tags=TAG,
        summary="Nạp kết quả xác minh",
        request={"multipart/form-data": AnswersFile},
        responses={200: IntakeBody, 400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 409: RefusalBody},
        examples=[
            OpenApiExample(
                "Đã nạp",
                value={"answered": 96, "repeated": False, "recorded": 96, "confirmed": 90, "doubted": 5, "cases_opened": 4,
                       "problems": ["Dòng 12: cột “Ngày trả lời” ở sau hôm nay."],
                       "idle": ["Dòng 40: đã có kết quả hoặc kết luận mới hơn ngày trả lời này; kết quả được lưu, không thay đổi hồ sơ."]},
                response_only=True,
                status_codes=["200"],
            )
        ],
    )  # fmt: skip
    def post(self, request: Request, enquiry_id: int) -> Response:
        """A row with a fault stops no other; the same content again changes nothing."""
        actor = actor_of(request)
        enquiry = get_object_or_404(_in_reach(actor), pk=enquiry_id)
        body = body_of(request, AnswersFile)
        content = content_of(body["file"], most=MAX_BYTES, refusal=FileTooLarge)
        with large_files_apart():
            taken = import_verdicts(content=content, enquiry=enquiry, actor=actor, now=timezone.now())
        return Response(IntakeBody(taken).data)


@method_decorator(never_cache, name="dispatch")
class EnquiryCheckView(APIView):
    """Answers looked at before they are sent in."""

    permission_classes = (having(Right.ASK_IDENTITY),)
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="enquiries_check",
        tags=TAG,
        summary="Kiểm tra kết quả xác minh: trả lại đúng tệp, thêm cột “Lý do, việc cần làm”; không ghi gì",
        request={"multipart/form-data": AnswersFile},
        responses={(200, XLSX): OpenApiTypes.BINARY, 400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 409: RefusalBody},
    )  # fmt: skip
    def post(self, request: Request, enquiry_id: int) -> HttpResponse:
        """Which row would not be taken in, and why."""
        actor = actor_of(request)
        enquiry = get_object_or_404(_in_reach(actor), pk=enquiry_id)
        content = content_of(body_of(request, AnswersFile)["file"], most=MAX_BYTES, refusal=FileTooLarge)
        with large_files_apart():
            checked = annotated_answers(content=content, enquiry=enquiry, actor=actor, now=timezone.now())
        named = {"Content-Disposition": f'attachment; filename="xac-minh-{enquiry.pk}-ly-do.xlsx"'}
        return HttpResponse(checked, content_type=XLSX, headers=named)


@method_decorator(never_cache, name="dispatch")
class PersonVerdictsView(APIView):
    """Everything answered about one person, newest first."""

    permission_classes = (having(Right.SEE_PERSONS),)

    @extend_schema(
        operation_id="people_verdicts_list",
        tags=TAG,
        summary="Kết quả xác minh của một người hưởng",
        responses={200: VerdictBody(many=True), 403: RefusalBody, 404: RefusalBody},
    )
    def get(self, request: Request, person_id: int) -> Response:
        """By date of the answer."""
        actor = actor_of(request)
        if actor.unit is None:
            raise Http404
        person = get_object_or_404(Beneficiary, pk=person_id, unit__path__startswith=actor.unit.path)
        return Response(VerdictBody(person.verdicts.order_by("-answered_on", "-pk")[:100], many=True).data)
