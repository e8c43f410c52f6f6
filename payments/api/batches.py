"""Lists: read them in one's reach."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api import examples
from payments.api.progress import progress_by_batch
from payments.api.scope import batches_in_reach, payments_in_reach, sees_whole_list
from payments.api.serializers import BatchContext, BatchDetail, BatchQuery, BatchRow
from payments.models import PaymentBatch
from payments.services.signing.pause import set_paused
from staff.api.access import HasRight, actor_of, having
from staff.api.pages import Pages
from staff.api.reading import filters_of, no_body
from staff.api.refusals import READ, RefusalBody
from staff.models import User
from staff.rights import Right, out_of_reach

TAG = ["batches"]


def _context(actor: User, batches: Iterable[PaymentBatch]) -> BatchContext:
    batches = list(batches)
    return {
        "progress": progress_by_batch(payments_in_reach(actor), batch_ids=[batch.pk for batch in batches]),
        "whole": {batch.pk for batch in batches if sees_whole_list(actor, batch)},
    }


def lists_of(actor: User) -> QuerySet[PaymentBatch]:
    """Lists in reach with what their rows show."""
    return batches_in_reach(actor).select_related("cycle", "paying_unit", "programme")


def require_whole_list(actor: User, batch_id: int) -> None:
    """404 outside the scope; `NotAllowed` where only a part of the list lies inside it."""
    if not sees_whole_list(actor, get_object_or_404(lists_of(actor), pk=batch_id)):
        raise out_of_reach(actor, Right.SEE_LISTS)


def detail_of(actor: User, batch_id: int) -> Response:
    """The list as the actor sees it now."""
    batch = get_object_or_404(
        lists_of(actor).prefetch_related("signatures__signer", "signatures__delegation__delegator"), pk=batch_id
    )
    return Response(BatchDetail(batch, context=dict(_context(actor, [batch]))).data)


@method_decorator(never_cache, name="dispatch")
class BatchesView(GenericAPIView[PaymentBatch]):
    """Lists in reach, newest month first."""

    permission_classes = (having(Right.SEE_LISTS),)
    pagination_class = Pages
    serializer_class = BatchRow
    queryset = PaymentBatch.objects.none()

    @extend_schema(
        operation_id="batches_list",
        tags=TAG,
        summary="Danh sách chi trả trong phạm vi địa bàn",
        parameters=[BatchQuery],
        responses={200: BatchRow(many=True), 400: RefusalBody, 403: RefusalBody},
        examples=[examples.BATCH_ROW, examples.NO_RIGHT],
    )
    def get(self, request: Request) -> Response:
        """Filter by month, status, channel, programme and paying unit."""
        actor = actor_of(request)
        wanted = filters_of(
            request, BatchQuery, cycle="cycle__month", programme="programme__code", paying_unit="paying_unit__code"
        )
        lists = lists_of(actor).filter(**wanted)
        page = self.paginate_queryset(
            lists.order_by("-cycle__month", "paying_unit__path", "programme__code", "channel", "pk")
        )
        return self.get_paginated_response(BatchRow(page, many=True, context=dict(_context(actor, page or []))).data)


@method_decorator(never_cache, name="dispatch")
class OneList(APIView):
    """What all views of one list share."""

    permission_classes: tuple[type[HasRight], ...] = (having(Right.SEE_LISTS),)


class BatchView(OneList):
    """One list."""

    @extend_schema(
        operation_id="batches_retrieve",
        tags=TAG,
        summary="Một danh sách: tiến độ và chữ ký",
        responses={200: BatchDetail, **READ},
        examples=[examples.BATCH, examples.NO_RIGHT, examples.NOT_FOUND],
    )
    def get(self, request: Request, batch_id: int) -> Response:
        """People and đồng per status, counted now."""
        return detail_of(actor_of(request), batch_id)


class PauseView(OneList):
    """Hold back what was not sent."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.PAUSE_LIST))
    paused = True

    @extend_schema(
        operation_id="batches_pause",
        tags=TAG,
        summary="Tạm dừng gửi",
        request=None,
        examples=[examples.BATCH, examples.NO_RIGHT, examples.NOT_FOUND, examples.WRONG_STATE],
        responses={200: BatchDetail, **READ, 409: RefusalBody},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """What the bank may hold already is not touched."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        no_body(request)
        set_paused(batch_id=batch_id, paused=self.paused, actor=actor, now=timezone.now())
        return detail_of(actor, batch_id)


class ResumeView(PauseView):
    """Let it go on."""

    paused = False

    @extend_schema(
        operation_id="batches_resume",
        tags=TAG,
        summary="Gửi tiếp",
        request=None,
        examples=[examples.BATCH, examples.NO_RIGHT, examples.NOT_FOUND, examples.WRONG_STATE],
        responses={200: BatchDetail, **READ, 409: RefusalBody},
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """What waited is sent."""
        return super().post(request, batch_id)
