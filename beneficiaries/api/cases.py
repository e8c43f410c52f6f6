"""The queue: read it, count it, see where the pile is."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.api import case_examples
from beneficiaries.api.case_shapes import CaseDetail, CaseQuery, CaseRow, Counts, PileRow
from beneficiaries.models import LIVE, Case, CaseDecision
from beneficiaries.services.cases.piles import find_piles
from beneficiaries.services.cases.queue import count_queue, queue_of, work_of_today
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import filters_of
from staff.api.refusals import RefusalBody
from staff.models import User
from staff.rights import Right, may

TAG = ["cases"]
READ = {400: RefusalBody, 403: RefusalBody, 404: RefusalBody}


def with_names(cases: QuerySet[Any]) -> QuerySet[Any]:
    """Cases with everything a row shows, in a fixed number of queries."""
    return cases.select_related(
        "beneficiary", "enrolment", "unit", "owner", "proposed_by", "against__unit", "against__beneficiary"
    )


def case_for(actor: User, case_id: int) -> Case:
    """The case with its trail; 404 outside the reach."""
    trail = Prefetch("decisions", CaseDecision.objects.select_related("decided_by", "owner_after").order_by("pk"))
    found: Case = get_object_or_404(with_names(queue_of(actor, now=timezone.now())).prefetch_related(trail), pk=case_id)
    return found


def shown(actor: User, case_id: int) -> Response:
    """The case as this reader may see it."""
    return Response(CaseDetail(case_for(actor, case_id), context={"actor": actor}).data)


class CasesView(ListView[Case]):
    """Cases in reach: what is within one's own authority first, easy first, then by due date."""

    permission_classes = (having(Right.SEE_CASES), having(Right.SEE_PERSONS))
    serializer_class = CaseRow

    @extend_schema(
        operation_id="cases_list",
        tags=TAG,
        summary="Việc cần xử lý",
        parameters=[CaseQuery],
        responses={200: CaseRow(many=True), **READ},
        examples=case_examples.CASE_ROW,
    )
    def get(self, request: Request) -> Response:
        """Filtered; a mistyped filter is answered in words."""
        query = filters_of(request, CaseQuery)
        actor = actor_of(request)
        cases = _filtered(queue_of(actor, now=timezone.now()), query, actor=actor)
        return self.page_of(with_names(cases), actor=actor)


def _filtered(cases: QuerySet[Any], asked: dict[str, Any], *, actor: User) -> QuerySet[Any]:
    if "status" not in asked:
        cases = cases.filter(status__in=LIVE)
    if "unit" in asked:
        cases = cases.filter(unit__path__contains=f"/{asked['unit']}/")
    if "owner" in asked:
        cases = cases.filter(owner=actor if asked["owner"] == "me" else None)
    if asked.get("overdue") is not None:
        cases = cases.filter(overdue=asked["overdue"])
    plain = {key: asked[key] for key in ("kind", "reason", "status", "level", "ease", "beneficiary") if key in asked}
    return cases.filter(**plain)


class CasesTodayView(ListView[Case]):
    """My work today: mine, what nobody took, what waits for my confirmation. Overdue first, then easy first."""

    permission_classes = (having(Right.SEE_CASES), having(Right.SEE_PERSONS))
    serializer_class = CaseRow

    @extend_schema(
        operation_id="cases_today",
        tags=TAG,
        summary="Việc hôm nay của tôi",
        responses={200: CaseRow(many=True), **READ},
        examples=case_examples.CASE_ROW,
    )
    def get(self, request: Request) -> Response:
        """At the levels the own unit decides at."""
        actor = actor_of(request)
        return self.page_of(with_names(work_of_today(actor, now=timezone.now())), actor=actor)


@method_decorator(never_cache, name="dispatch")
class CaseCountsView(APIView):
    """How much there is to do."""

    permission_classes = (having(Right.SEE_CASES),)

    @extend_schema(
        operation_id="cases_counts",
        tags=TAG,
        summary="Số việc cần xử lý",
        responses={200: Counts, **READ},
        examples=case_examples.COUNTS,
    )
    def get(self, request: Request) -> Response:
        """Live cases in reach."""
        return Response(Counts(count_queue(actor_of(request), now=timezone.now())).data)


@method_decorator(never_cache, name="dispatch")
class CaseView(APIView):
    """One case and its trail."""

    permission_classes = (having(Right.SEE_CASES), having(Right.SEE_PERSONS))

    @extend_schema(
        operation_id="cases_retrieve",
        tags=TAG,
        summary="Một việc cần xử lý",
        responses={200: CaseDetail, **READ},
        examples=case_examples.CASE,
    )
    def get(self, request: Request, case_id: int) -> Response:
        """Who did what, when and why."""
        return shown(actor_of(request), case_id)


@method_decorator(never_cache, name="dispatch")
class PilesView(APIView):
    """Where is the pile? By unit and kind; for those who see no persons, cells under five are suppressed."""

    permission_classes = (having(Right.SEE_PILES),)

    @extend_schema(
        operation_id="case_piles",
        tags=TAG,
        summary="Việc dồn ở đâu",
        responses={200: PileRow(many=True), **READ},
        examples=case_examples.PILE,
    )
    def get(self, request: Request) -> Response:
        """Biggest first."""
        actor = actor_of(request)
        piles = find_piles(actor=actor, now=timezone.now(), leaves_unit=not may(actor, Right.SEE_CASES))
        return Response(PileRow(piles, many=True).data)
