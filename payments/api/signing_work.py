"""What signing needs around it: who must act, warnings, removal slips, stop notices, the freeze switch, delegations, coverage."""

from datetime import datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api.batches import OneList, require_whole_list
from payments.api.fields import read_month
from payments.api.life_serializers import StopNoticeRow
from payments.api.scope import batches_in_reach, payments_in_reach
from payments.api.serializers import StopReason
from payments.api.signing_shapes import (
    AwaitingRow,
    ConflictNoteIn,
    ConflictRow,
    EverybodyOnceRow,
    NoteIn,
    RemovalSlipRow,
    SlipQuery,
)
from payments.models import Cycle, PaymentBatch, RemovalSlip, StopNotice
from payments.services.lists.conflicts import ConflictKind, conflicts_of, note_conflicts
from payments.services.lists.coverage import cover
from payments.services.signing.awaiting import awaiting
from payments.services.signing.removal import refuse_slip, sign_slip
from payments.services.signing.stop_notice import ask_to_stop
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of, filters_of
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.api.steps import StepView, described
from staff.models import User
from staff.rights import Right

TAG = ["signing"]
SEES = (having(Right.SEE_LISTS), having(Right.SEE_PERSONS))


class AwaitingView(ListView[PaymentBatch]):
    """Who must act now."""

    permission_classes = (having(Right.SEE_LISTS),)
    serializer_class = AwaitingRow

    @extend_schema(
        operation_id="awaiting_list",
        tags=TAG,
        summary="Đang chờ ai ký, từ bao giờ",
        responses={200: AwaitingRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Lists and slips in reach that wait for a signature, the longest waiting first."""
        actor = actor_of(request)
        own = batches_in_reach(actor).filter(paying_unit__path__startswith=actor.unit.path if actor.unit else "-")
        return self.page_of(awaiting(batches=own, now=timezone.now()), asked_by=actor.pk)


class ConflictsView(OneList):
    """What stands against a list."""

    permission_classes = SEES

    @extend_schema(
        operation_id="batches_conflicts",
        tags=TAG,
        summary="Lỗi phải sửa và cảnh báo của danh sách",
        responses={200: ConflictRow(many=True), **READ},
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """Hard ones first; warnings with why they may stand."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        found = conflicts_of(batch_ids=[batch_id])
        others = payments_in_reach(actor).filter(pk__in=[conflict.other_id for conflict in found])
        context = {"in_reach": set(others.values_list("pk", flat=True))}
        return Response(ConflictRow(found, many=True, context=context).data)


class ConflictNoteView(OneList):
    """Let warnings stand."""

    permission_classes = (*SEES, having(Right.SUBMIT))

    @extend_schema(
        operation_id="batches_conflicts_note",
        tags=TAG,
        summary="Ghi lý do cho cảnh báo",
        request=ConflictNoteIn,
        responses={204: None, **WRITE},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """The reason is shown to everybody who signs after."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        body = body_of(request, ConflictNoteIn)
        given = body.get("pairs")
        pairs = [(ConflictKind(pair["kind"]), pair["payment"], pair["other"]) for pair in given] if given else None
        note_conflicts(batch_id=batch_id, pairs=pairs, reason=body["reason"], actor=actor, now=timezone.now())
        return Response(status=204)


class SlipsView(ListView[RemovalSlip]):
    """Removal slips."""

    permission_classes = SEES
    serializer_class = RemovalSlipRow

    @extend_schema(
        operation_id="slips_list",
        tags=TAG,
        summary="Phiếu rút tên",
        parameters=[SlipQuery],
        responses={200: RemovalSlipRow(many=True), 400: RefusalBody, 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """The newest first; of one list, if asked."""
        wanted = filters_of(request, SlipQuery, batch="payment__batch")
        slips = RemovalSlip.objects.filter(payment__in=payments_in_reach(actor_of(request)), **wanted)
        return self.page_of(
            slips.select_related("payment__beneficiary").prefetch_related("signatures__signer").order_by("-pk")
        )


class SlipStepView(StepView[RemovalSlip]):
    """One step of one slip."""

    permission_classes = SEES

    def find(self, actor: User, pk: int) -> RemovalSlip:
        slips = RemovalSlip.objects.filter(payment__in=payments_in_reach(actor)).select_related("payment__beneficiary")
        return get_object_or_404(slips, pk=pk)

    def show(self, actor: User, pk: int) -> Response:
        return Response(RemovalSlipRow(self.find(actor, pk)).data)


@described("slips_sign", "Ký phiếu rút tên", tags=TAG, row=RemovalSlipRow)
class SlipSignView(SlipStepView):
    """Checker or releaser, or a delegate; with the second signature the payment is off the list."""

    def step(self, item: RemovalSlip, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        sign_slip(slip_id=item.pk, actor=actor, now=now)


@described("slips_refuse", "Không đồng ý rút tên", tags=TAG, row=RemovalSlipRow)
class SlipRefuseView(SlipStepView):
    """No to a slip: the payment goes on as it was signed."""

    body = NoteIn

    def step(self, item: RemovalSlip, given: dict[str, Any], *, actor: User, now: datetime) -> None:
        refuse_slip(slip_id=item.pk, note=given["note"], actor=actor, now=now)


@method_decorator(never_cache, name="dispatch")
class StopNoticeView(APIView):
    """Ask bank or provider not to pay."""

    permission_classes = (*SEES, having(Right.STOP_PAYMENT))

    @extend_schema(
        operation_id="payments_stop_notice",
        tags=TAG,
        summary="Lập thông báo dừng chi",
        request=StopReason,
        responses={200: StopNoticeRow, **WRITE},
    )
    def post(self, request: Request, payment_id: int) -> Response:
        """For what was sent or handed over and has no result yet."""
        actor = actor_of(request)
        get_object_or_404(payments_in_reach(actor), pk=payment_id)
        body = body_of(request, StopReason)
        notice = ask_to_stop(payment_id=payment_id, actor=actor, now=timezone.now(), **body)
        return Response(
            StopNoticeRow(StopNotice.objects.select_related("payment__beneficiary__unit").get(pk=notice.pk)).data
        )


@method_decorator(never_cache, name="dispatch")
class CoverageView(APIView):
    """Everybody exactly once."""

    permission_classes = (having(Right.SEE_LISTS),)

    @extend_schema(
        operation_id="cycles_coverage",
        tags=TAG,
        summary="Danh sách tài khoản và tiền mặt: mỗi người đúng một lần",
        parameters=[
            OpenApiParameter("month", OpenApiTypes.STR, OpenApiParameter.PATH, pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
        ],
        responses={200: EverybodyOnceRow, **READ},
    )
    def get(self, request: Request, month: str) -> Response:
        """Counted from rows, within the own reach; whoever does not fit is named by code."""
        first_day = read_month(month)
        if first_day is None:
            raise Http404
        actor = actor_of(request)
        cycle = get_object_or_404(Cycle, month=first_day)
        return Response(EverybodyOnceRow(cover(cycle=cycle, path=actor.unit.path if actor.unit else "-")).data)
