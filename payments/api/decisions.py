"""Decisions about one enrolment: read them, record one, take in who moved here. And what a month would be, before it is built."""

from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.errors import DecisionImpossible, PaperUnreadable
from beneficiaries.models import Decision, Enrolment
from beneficiaries.services.decisions import Draft, record_decision, refuse_arrival, take_in
from beneficiaries.services.decisions.papers import MAX_BYTES as MOST_OF_A_PAPER
from beneficiaries.services.decisions.signers import with_signers
from beneficiaries.services.decisions.transfers import ends_of_moves, what_became_of, with_ends
from beneficiaries.services.read_papers import decisions_to_read, read_decision_paper
from payments.api import examples
from payments.api.access import actor_of, having
from payments.api.decision_shapes import (
    ArrivalRefusedRow,
    DecisionBody,
    DecisionRow,
    DryRunBody,
    DryRunResult,
    MoveInBody,
    RefusalOfArrival,
)
from payments.api.fields import read_month
from payments.models import Cycle
from payments.services.lists.calendar import month_calendar
from payments.services.lists.close_cycle import close_cycle
from payments.services.lists.dry_run import dry_run
from payments.services.lists.order_lists import ask_about_what_came_back
from staff.api.json_bodies import Json
from staff.api.papers import PAPER, paper_answer
from staff.api.reading import body_of, content_of, no_body
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.models import AdministrativeUnit, User
from staff.rights import Right
from staff.services.database_clock import database_now

TAG = ["decisions"]
MONTH = OpenApiParameter("month", OpenApiTypes.STR, OpenApiParameter.PATH, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")


def _enrolments(actor: User) -> QuerySet[Enrolment]:
    """Enrolments of the actor's subtree; outside it nothing exists."""
    if actor.unit is None:
        return Enrolment.objects.none()
    return Enrolment.objects.filter(unit__path__startswith=actor.unit.path).select_related("unit")


def _shown(decision_id: int) -> Decision:
    return with_signers(Decision.objects.select_related("to_unit", "enrolment")).get(pk=decision_id)


@method_decorator(never_cache, name="dispatch")
class DecisionsView(APIView):
    """The decisions one enrolment rests on."""

    parser_classes = (Json, MultiPartParser, FormParser)

    def get_permissions(self) -> list[Any]:
        """Reading is for who sees persons, recording for who decides."""
        right = Right.RECORD_DECISION if self.request.method == "POST" else Right.SEE_PERSONS
        return [*super().get_permissions(), having(right)()]

    @extend_schema(
        operation_id="decisions_list",
        tags=TAG,
        summary="Các quyết định của một hồ sơ hưởng",
        responses={200: DecisionRow(many=True), 403: RefusalBody, 404: RefusalBody},
        examples=[examples.NO_RIGHT, examples.NOT_FOUND],
    )
    def get(self, request: Request, enrolment_id: int) -> Response:
        """Oldest first."""
        enrolment = get_object_or_404(_enrolments(actor_of(request)), pk=enrolment_id)
        known = with_ends(with_signers(enrolment.decisions.select_related("to_unit", "enrolment")))
        rows = list(known.order_by("signed_on", "pk"))
        return Response(DecisionRow(rows, many=True, context={"ends_of_moves": ends_of_moves(rows)}).data)

    @extend_schema(
        operation_id="decisions_create",
        tags=TAG,
        summary="Ghi một quyết định (hưởng, điều chỉnh, tạm dừng, tiếp tục, thôi hưởng, chuyển đi, thu hồi, chi trả khoản chưa nhận)",
        request=DecisionBody,
        responses={201: DecisionRow, **WRITE},
        examples=[examples.NO_RIGHT, examples.NOT_FOUND],
    )
    def post(self, request: Request, enrolment_id: int) -> Response:
        """It takes effect from its month; the signed paper may come along as a file."""
        actor = actor_of(request)
        enrolment = get_object_or_404(_enrolments(actor), pk=enrolment_id)
        given = body_of(request, DecisionBody)
        paper, to_unit, newest = given.pop("paper", None), given.pop("to_unit", None), given.pop("newest", None)
        content = content_of(paper, most=MOST_OF_A_PAPER, refusal=PaperUnreadable) if paper else None
        draft = Draft(**given, to_unit_id=to_unit.pk if to_unit else None)
        decision = record_decision(
            enrolment=enrolment, draft=draft, actor=actor, now=timezone.now(), paper=content, newest=newest
        )
        return Response(DecisionRow(_shown(decision.pk)).data, status=201)


class DecisionPaperView(APIView):
    """The signed paper of one decision."""

    permission_classes = (having(Right.SEE_PERSONS),)

    @extend_schema(
        operation_id="decisions_paper",
        tags=TAG,
        summary="Xem bản quét của quyết định",
        responses={**PAPER, **READ, 409: RefusalBody},
    )
    def get(self, request: Request, decision_id: int) -> HttpResponse:
        """As it was uploaded; that it was read is written down. One that names people elsewhere, or tells of an illness, is for fewer."""
        actor = actor_of(request)
        decision = get_object_or_404(
            decisions_to_read(actor).select_related("paper", "enrolment__unit"), pk=decision_id
        )
        paper = read_decision_paper(decision=decision, actor=actor, now=timezone.now())
        return paper_answer(paper.content, media_type=paper.media_type, name=f"quyet-dinh-{decision.pk}")


def _sent_here(enrolment_id: int, *, actor: User) -> Enrolment:
    """The enrolment lies in another commune until now: only whom it was sent to finds it.

    Raises Http404, and `DecisionImpossible` with what happened where it was sent here and waits no longer.
    """
    if actor.unit is None:
        raise Http404
    found = Enrolment.objects.filter(pk=enrolment_id, moved_to__path__startswith=actor.unit.path).first()
    if found is None:
        if sentence := what_became_of(enrolment_id, sent_to=actor.unit):
            raise DecisionImpossible(sentence)
        raise Http404
    return found


@method_decorator(never_cache, name="dispatch")
class MoveInView(APIView):
    """Who moved here."""

    permission_classes = (having(Right.RECORD_DECISION),)

    @extend_schema(
        operation_id="enrolments_take_in",
        tags=TAG,
        summary="Tiếp nhận hồ sơ chuyển đến: hưởng tiếp từ tháng liền sau tháng nơi cũ đã chi trả",
        request=MoveInBody,
        responses={201: DecisionRow, **WRITE},
        examples=[examples.NO_RIGHT, examples.NOT_FOUND],
    )
    def post(self, request: Request, enrolment_id: int) -> Response:
        """Takes the enrolment over from the month after the last one paid elsewhere."""
        actor = actor_of(request)
        moved = _sent_here(enrolment_id, actor=actor)
        given = body_of(request, MoveInBody)
        code = given.pop("code")
        month = moved.ended_month or timezone.localdate().replace(day=1)
        draft = Draft(kind=Decision.Kind.TRANSFER_IN, effective_month=month, **given)
        enrolment = take_in(moved=moved, code=code, draft=draft, actor=actor, now=timezone.now())
        return Response(DecisionRow(_shown(enrolment.decisions.get().pk)).data, status=201)


@method_decorator(never_cache, name="dispatch")
class RefuseArrivalView(APIView):
    """Who was sent here and is not here."""

    permission_classes = (having(Right.RECORD_DECISION),)

    @extend_schema(
        operation_id="enrolments_refuse_arrival",
        tags=TAG,
        summary="Không tiếp nhận hồ sơ chuyển đến: trả lại nơi cũ, nơi cũ chi trả tiếp",
        request=RefusalOfArrival,
        responses={200: ArrivalRefusedRow, **WRITE},
        examples=[examples.NO_RIGHT, examples.NOT_FOUND],
    )
    def post(self, request: Request, enrolment_id: int) -> Response:
        """Nobody is unpaid for it."""
        actor = actor_of(request)
        moved = _sent_here(enrolment_id, actor=actor)
        given = body_of(request, RefusalOfArrival)
        refusal = refuse_arrival(moved=moved, reason=given["reason"], actor=actor, now=timezone.now())
        return Response(ArrivalRefusedRow(refusal).data)


class DryRunView(APIView):
    """Tính thử."""

    permission_classes = (having(Right.BUILD_LIST),)

    @extend_schema(
        operation_id="cycles_dry_run",
        tags=["cycles"],
        summary="Tính thử: ai được chi bao nhiêu, ai chưa, vì sao, biến động so với tháng trước; không ghi gì",
        parameters=[MONTH],
        request=DryRunBody,
        responses={200: DryRunResult, **WRITE},
        examples=[examples.NO_RIGHT],
    )
    def post(self, request: Request, month: str) -> Response:
        """The unit is one's own or one below; of a commune also person by person. The bank is asked first about money that came back."""
        actor = actor_of(request)
        first_day = read_month(month)
        if first_day is None or actor.unit is None:
            raise Http404
        body = body_of(request, DryRunBody)
        code = body.get("unit") or actor.unit.code
        unit = get_object_or_404(AdministrativeUnit, code=code, path__startswith=actor.unit.path)
        ask_about_what_came_back(now=database_now())
        found = dry_run(
            month=first_day,
            listed_on=body.get("listed_on") or month_calendar(month=first_day).list_on,
            pay_on=body.get("pay_on"),
            months_together=body["months_together"],
            unit=unit,
            actor=actor,
            now=database_now(),
        )
        totals = [{**asdict(row), "total": row.total} for row in found.communes]
        people = [{**asdict(row), "total": row.total} for row in found.people]
        return Response(DryRunResult({**asdict(found), "communes": totals, "people": people}).data)


class CloseCycleView(APIView):
    """Khóa kỳ."""

    permission_classes = (having(Right.CLOSE_CYCLE),)

    @extend_schema(
        operation_id="cycles_close",
        tags=["cycles"],
        summary="Khóa kỳ chi trả; thay đổi về sau vào kỳ sau",
        parameters=[MONTH],
        request=None,
        responses={204: None, 403: RefusalBody, 404: RefusalBody, 409: RefusalBody},
        examples=[examples.NO_RIGHT],
    )
    def post(self, request: Request, month: str) -> Response:
        """Once every payment of the cycle is final."""
        first_day = read_month(month)
        if first_day is None:
            raise Http404
        get_object_or_404(Cycle, month=first_day)
        no_body(request)
        close_cycle(month=first_day, actor=actor_of(request), now=timezone.now())
        return Response(status=204)
