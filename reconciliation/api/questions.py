"""Inspectors' ready questions: which there are, the answer in pages, and as a workbook. Of the actor's subtree alone."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reconciliation.reports.rolls.question_data import data_for
from reconciliation.reports.rolls.questions import QUESTIONS, answer
from reconciliation.reports.rolls.roll import Roll
from reconciliation.reports.rolls.workbook import roll_workbook
from reconciliation.services.months.journal_export import XLSX
from staff.api.access import actor_of, having, unit_in_reach
from staff.api.lists import ListView
from staff.api.query import Query
from staff.api.reading import filters_of
from staff.api.refusals import RefusalBody
from staff.api.throttles import PerUser
from staff.models import AdministrativeUnit, PaperReading
from staff.rights import Right
from staff.services.paper_readings import note_reading

TAG = ["questions"]
LONGEST = timedelta(days=5 * 366)
READ = {400: RefusalBody, 403: RefusalBody, 404: RefusalBody, 429: RefusalBody}
ASKING = (having(Right.SEE_ANSWERS), having(Right.SEE_PERSONS))
QUESTION = OpenApiParameter("question", OpenApiTypes.STR, OpenApiParameter.PATH, enum=list(QUESTIONS))


class Asking(PerUser):
    """Each question reads the payments of a whole period: thirty a minute for one user."""

    rate = "30/minute"
    scope = "ask_question"


class QuestionBody(serializers.Serializer[Any]):
    """A question; `note`: what the answer does not show. With a period also what the answer rests on, with its day, and `missing`, a
    sentence for each gap; `answerable` is false where there is nothing to look at."""

    question = serializers.CharField()
    sentence = serializers.CharField()
    note = serializers.CharField()
    answerable = serializers.BooleanField()
    rests_on = serializers.CharField()
    missing = serializers.ListField(child=serializers.CharField())


class AnswerQuery(Query):
    """The unit (the actor's own unless given) and the period in which money was credited, both days included, at most five years."""

    unit = serializers.CharField(required=False, default="", help_text="mã đơn vị")
    from_on = serializers.DateField(help_text="ngày đầu của kỳ hỏi")
    to_on = serializers.DateField(help_text="ngày cuối của kỳ hỏi")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        first: date = attrs["from_on"]
        if not timedelta(0) <= attrs["to_on"] - first <= LONGEST:
            raise serializers.ValidationError({"to_on": ["phải từ ngày đầu kỳ trở đi, không quá năm năm."]})
        return attrs


class QuestionsQuery(AnswerQuery):
    """Without a period the questions alone; `question` leaves that one."""

    question = serializers.ChoiceField(choices=list(QUESTIONS), required=False)
    from_on = serializers.DateField(required=False, help_text="ngày đầu của kỳ hỏi")
    to_on = serializers.DateField(required=False, help_text="ngày cuối của kỳ hỏi")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("from_on" in attrs) != ("to_on" in attrs):
            raise serializers.ValidationError({"to_on": ["phải đi cùng from_on."]})
        return super().validate(attrs) if "from_on" in attrs else attrs


class FoundBody(serializers.Serializer[Any]):
    """One line of an answer: the enrolment's code, the person, where, đồng credited, and what was found."""

    ordinal = serializers.IntegerField()
    code = serializers.CharField()
    full_name = serializers.CharField()
    unit_name = serializers.CharField()
    amount = serializers.IntegerField()
    found = serializers.CharField()


@method_decorator(never_cache, name="dispatch")
class QuestionsView(APIView):
    """The questions there are."""

    permission_classes = ASKING

    @extend_schema(
        operation_id="questions_list", tags=TAG, summary="Câu hỏi sẵn có của đoàn thanh tra", parameters=[QuestionsQuery],
        responses={200: QuestionBody(many=True), **READ},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """With a period each says where its answer comes from and what it lacks."""
        given = filters_of(request, QuestionsQuery)
        unit = unit_in_reach(actor_of(request), given["unit"])
        wanted = {key: one for key, one in QUESTIONS.items() if given.get("question", key) == key}
        rows = [{"question": key, **vars(one), **_data_of(key, unit, given)} for key, one in wanted.items()]
        return Response(QuestionBody(rows, many=True).data)


def _data_of(question: str, unit: AdministrativeUnit, given: dict[str, Any]) -> dict[str, Any]:
    if "from_on" not in given:
        return {"rests_on": "", "missing": [], "answerable": True}
    return vars(data_for(question, unit=unit, from_on=given["from_on"], to_on=given["to_on"]))


def _asked(request: Request, question: str) -> Roll:
    """The answer; 404 for a question there is not and a unit outside the scope, 400 for a period that is none."""
    given = filters_of(request, AnswerQuery)
    if question not in QUESTIONS:
        raise Http404
    unit = unit_in_reach(actor_of(request), given["unit"])
    now = timezone.now()
    found = answer(question=question, unit=unit, from_on=given["from_on"], to_on=given["to_on"], now=now)
    note_reading(kind=PaperReading.Kind.ANSWER, paper_id=unit.pk, unit=unit, actor=actor_of(request), now=now)
    return found


class AnswerView(ListView[Any]):
    """The answer to one question."""

    permission_classes = ASKING
    throttle_classes = (Asking,)
    serializer_class = FoundBody

    @extend_schema(
        operation_id="questions_answer", tags=TAG, summary="Trả lời một câu hỏi thanh tra", parameters=[QUESTION, AnswerQuery],
        responses={200: FoundBody(many=True), **READ},
    )  # fmt: skip
    def get(self, request: Request, question: str) -> Response:
        """Empty when nobody was found; look at `answerable` and `missing` in the list of questions first."""
        fields = FoundBody().fields
        return self.page_of([dict(zip(fields, row, strict=True)) for row in _asked(request, question).cells])


@method_decorator(never_cache, name="dispatch")
class AnswerFileView(APIView):
    """The answer as a workbook."""

    permission_classes = ASKING
    throttle_classes = (Asking,)

    @extend_schema(
        operation_id="questions_answer_file", tags=TAG, summary="Trả lời một câu hỏi thanh tra (Excel)", parameters=[QUESTION, AnswerQuery],
        responses={(200, XLSX): OpenApiTypes.BINARY, **READ},
    )  # fmt: skip
    def get(self, request: Request, question: str) -> HttpResponse:
        """All lines."""
        roll = _asked(request, question)
        headers = {"Content-Disposition": f'attachment; filename="{roll.name}.xlsx"'}
        return HttpResponse(roll_workbook(roll), content_type=XLSX, headers=headers)
