"""Levels and days off as they are in force, each beside its law or "chưa kiểm chứng"; corrected levels proposed and decided."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.errors import PaperUnreadable
from beneficiaries.errors.files import FileTooLarge
from beneficiaries.models import LevelProposal
from beneficiaries.parsers.large_files import large_files_apart
from beneficiaries.parsers.workbook import MAX_BYTES
from beneficiaries.services.decisions.papers import MAX_BYTES as MOST_OF_A_PAPER
from beneficiaries.services.read_papers import read_level_paper
from beneficiaries.services.rules.levels import UNVERIFIED, decide_levels, levels_on, propose_levels
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.papers import PAPER, paper_answer
from staff.api.query import Query
from staff.api.reading import body_of, content_of, filters_of
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.api.words import Words
from staff.models import CalendarDay
from staff.rights import Right
from staff.services.units import the_province

TAG = ["rules"]
MOST_AT_ONCE = 2_000
SEES = (having(Right.SEE_LISTS, Right.SEE_REPORTS),)


class OnQuery(Query):
    """On which day; today when left out."""

    on = serializers.DateField(required=False)


class LevelRow(serializers.Serializer[Any]):
    """A category's level, đồng per month; `remark` is to stand beside it wherever it is shown."""

    programme = serializers.CharField()
    category = serializers.CharField(help_text="neutral code")
    name = serializers.CharField(allow_blank=True, help_text="empty for a sensitive category")
    coefficient = serializers.DecimalField(max_digits=5, decimal_places=2)
    coefficient_from = serializers.DateField()
    coefficient_source = serializers.CharField(allow_blank=True)
    standard_amount = serializers.IntegerField(allow_null=True)
    standard_from = serializers.DateField(allow_null=True)
    standard_source = serializers.CharField(allow_blank=True)
    amount = serializers.IntegerField(allow_null=True)
    verified = serializers.BooleanField()
    remark = serializers.CharField(allow_blank=True)


class YearQuery(Query):
    """Which year; this one when left out."""

    year = serializers.IntegerField(min_value=2000, max_value=2100, required=False)


class DayOffRow(serializers.Serializer[Any]):
    """A day that differs from its weekday."""

    day = serializers.DateField()
    working = serializers.BooleanField(help_text="a Saturday or Sunday that is worked instead")
    name = serializers.CharField()
    legal_source = serializers.CharField(allow_blank=True)
    remark = serializers.SerializerMethodField()

    def get_remark(self, day: CalendarDay) -> str:
        return "" if day.legal_source else UNVERIFIED


class LevelsBody(serializers.Serializer[Any]):
    """The table (Excel, CSV) and the document it comes from (PDF, JPEG, PNG)."""

    file = serializers.FileField(max_length=200)
    paper = serializers.FileField(max_length=200)


class ProposalRow(serializers.Serializer[Any]):
    """A proposed level: of a category (coefficient) or of a programme (standard amount, đồng)."""

    id = serializers.IntegerField()
    category = serializers.CharField(source="category.neutral_code", default=None, allow_null=True)
    programme = serializers.CharField(source="programme.code", default=None, allow_null=True)
    value = serializers.DecimalField(max_digits=14, decimal_places=2)
    valid_from = serializers.DateField()
    known_on = serializers.DateField()
    legal_source = serializers.CharField()
    status = serializers.ChoiceField(choices=LevelProposal.Status.choices)
    status_label = serializers.CharField(source="get_status_display")
    proposed_by = serializers.CharField(source="proposed_by.full_name")
    proposed_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="decided_by.full_name", default=None, allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class ProposalQuery(Query):
    """Which proposals."""

    status = serializers.ChoiceField(choices=LevelProposal.Status.choices, required=False)


class DecideBody(serializers.Serializer[Any]):
    """Which proposals, and whether they hold from now on."""

    proposals = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), min_length=1, max_length=MOST_AT_ONCE
    )
    adopt = serializers.BooleanField()
    note = Words(max_length=300, required=False, default="", allow_blank=True)


class DecidedCount(serializers.Serializer[Any]):
    """How many were decided."""

    decided = serializers.IntegerField()


@method_decorator(never_cache, name="dispatch")
class LevelsView(APIView):
    """Levels in force."""

    permission_classes = SEES

    @extend_schema(
        operation_id="levels_list",
        tags=TAG,
        summary="Mức hưởng từng nhóm tại một ngày, căn cứ pháp lý, mức nào chưa kiểm chứng",
        parameters=[OnQuery],
        responses={200: LevelRow(many=True), 400: RefusalBody, 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """All categories, by programme and code."""
        on = filters_of(request, OnQuery).get("on") or timezone.localdate()
        return Response(LevelRow(levels_on(on), many=True).data)


@method_decorator(never_cache, name="dispatch")
class DaysOffView(APIView):
    """Days off of a year."""

    permission_classes = SEES

    @extend_schema(
        operation_id="days_off_list",
        tags=TAG,
        summary="Ngày nghỉ, ngày làm bù của một năm, căn cứ, ngày nào chưa kiểm chứng",
        parameters=[YearQuery],
        responses={200: DayOffRow(many=True), 400: RefusalBody, 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """By day."""
        year = filters_of(request, YearQuery).get("year") or timezone.localdate().year
        return Response(DayOffRow(CalendarDay.objects.filter(day__year=year).order_by("day"), many=True).data)


def _proposals() -> QuerySet[LevelProposal]:
    return LevelProposal.objects.select_related("category", "programme", "proposed_by", "decided_by")


class LevelProposalsView(ListView[LevelProposal]):
    """Corrected levels."""

    parser_classes = (MultiPartParser,)
    serializer_class = ProposalRow

    def get_permissions(self) -> list[Any]:
        right = Right.KEEP_RULES if self.request.method == "POST" else Right.SEE_LISTS
        return [having(right)()]

    @extend_schema(
        operation_id="level_proposals_list",
        tags=TAG,
        summary="Các đề nghị về mức hưởng",
        parameters=[ProposalQuery],
        responses={200: ProposalRow(many=True), 400: RefusalBody, 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        return self.page_of(_proposals().filter(**filters_of(request, ProposalQuery)).order_by("-pk"))

    @extend_schema(
        operation_id="level_proposals_create",
        tags=TAG,
        summary="Đề nghị mức hưởng theo văn bản: bảng mức và bản chụp văn bản",
        request={"multipart/form-data": LevelsBody},
        responses={201: ProposalRow(many=True), **WRITE},
    )
    def post(self, request: Request) -> Response:
        """All rows or none; what was wrong stands in `conflicts`, by row and column."""
        body = body_of(request, LevelsBody)
        with large_files_apart():
            proposals = propose_levels(
                content=content_of(body["file"], most=MAX_BYTES, refusal=FileTooLarge),
                paper=content_of(body["paper"], most=MOST_OF_A_PAPER, refusal=PaperUnreadable),
                actor=actor_of(request),
                now=timezone.now(),
            )
        return Response(ProposalRow(proposals, many=True).data, status=201)


@method_decorator(never_cache, name="dispatch")
class DecideLevelsView(APIView):
    """The second person."""

    permission_classes = (having(Right.ADOPT_RULES),)

    @extend_schema(
        operation_id="level_proposals_decide",
        tags=TAG,
        summary="Áp dụng hoặc không áp dụng các mức đã đề nghị",
        request=DecideBody,
        responses={200: DecidedCount, **WRITE},
    )
    def post(self, request: Request) -> Response:
        """All of them or none; never by who proposed one of them."""
        given = body_of(request, DecideBody)
        decided = decide_levels(
            ids=given["proposals"],
            adopt=given["adopt"],
            note=given["note"],
            actor=actor_of(request),
            now=timezone.now(),
        )
        return Response({"decided": decided})


@method_decorator(never_cache, name="dispatch")
class LevelPaperView(APIView):
    """The document of one proposal."""

    permission_classes = (having(Right.SEE_LISTS),)

    @extend_schema(
        operation_id="level_proposals_paper",
        tags=TAG,
        summary="Xem văn bản của một đề nghị mức hưởng",
        responses={**PAPER, **READ},
    )
    def get(self, request: Request, proposal_id: int) -> HttpResponse:
        """As it was uploaded; that it was read is written down."""
        proposal = get_object_or_404(LevelProposal.objects.select_related("paper"), pk=proposal_id)
        province = the_province()
        paper = read_level_paper(proposal=proposal, unit=province, actor=actor_of(request), now=timezone.now())
        return paper_answer(paper.content, media_type=paper.media_type, name=f"van-ban-muc-huong-{proposal.pk}")
