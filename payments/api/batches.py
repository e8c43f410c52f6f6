"""Lists: read them in one's reach, sign them, give them back."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from banks.errors import BankError
from payments.api import examples
from payments.api.progress import progress_by_batch
from payments.api.scope import batches_in_reach, payments_in_reach, sees_whole_list
from payments.api.serializers import BatchContext, BatchDetail, BatchQuery, BatchRow, ReturnNote
from payments.models import PaymentBatch
from payments.services.bank import the_bank
from payments.services.sign import approve, release, return_for_revision, submit
from staff.api.access import HasRight, actor_of, having
from staff.api.pages import Pages
from staff.api.refusals import RefusalBody
from staff.errors import NotAllowed
from staff.models import User
from staff.rights import Right

TAG = ["batches"]
READ = {403: RefusalBody, 404: RefusalBody}
SIGNED = {200: BatchDetail, **READ, 409: RefusalBody}
SIGNED_EXAMPLES = [examples.BATCH, examples.NO_RIGHT, examples.NOT_FOUND, examples.WRONG_STATE]


class BankSilent(APIException):
    """The balance could not be read, so nothing was released."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "bank_silent"
    default_detail = "Ngân hàng tạm thời không trả lời, danh sách chưa được duyệt chi; mời thử lại sau."


def _context(actor: User, batches: Iterable[PaymentBatch]) -> BatchContext:
    batches = list(batches)
    return {
        "progress": progress_by_batch(payments_in_reach(actor), batch_ids=[batch.pk for batch in batches]),
        "whole": {batch.pk for batch in batches if sees_whole_list(actor, batch)},
    }


def _lists(actor: User) -> QuerySet[PaymentBatch]:
    return batches_in_reach(actor).select_related("cycle", "paying_unit", "programme")


def require_whole_list(actor: User, batch_id: int) -> None:
    """404 outside the scope; `NotAllowed` where only a part of the list lies inside it."""
    if not sees_whole_list(actor, get_object_or_404(_lists(actor), pk=batch_id)):
        raise NotAllowed


def _detail(actor: User, batch_id: int) -> Response:
    batch = get_object_or_404(_lists(actor).prefetch_related("signatures__signer"), pk=batch_id)
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
        query = BatchQuery(data=request.query_params)
        query.is_valid(raise_exception=True)
        columns = {"cycle": "cycle__month", "programme": "programme__code", "paying_unit": "paying_unit__code"}
        wanted = {columns.get(name, name): value for name, value in query.validated_data.items()}
        lists = _lists(actor).filter(**wanted)
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
        return _detail(actor_of(request), batch_id)


class SubmitView(OneList):
    """The maker's signature."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.SUBMIT))

    @extend_schema(
        operation_id="batches_submit",
        tags=TAG,
        summary="Trình",
        request=None,
        responses=SIGNED,
        examples=SIGNED_EXAMPLES,
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Sign the list as it stands and hand it to the checker."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        submit(batch_ids=[batch_id], actor=actor, now=timezone.now())
        return _detail(actor, batch_id)


class ApproveView(OneList):
    """The checker's signature."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.APPROVE))

    @extend_schema(
        operation_id="batches_approve",
        tags=TAG,
        summary="Duyệt",
        request=None,
        responses=SIGNED,
        examples=SIGNED_EXAMPLES,
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Sign the list as it stands and hand it to the releaser."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        approve(batch_ids=[batch_id], actor=actor, now=timezone.now())
        return _detail(actor, batch_id)


class ReleaseView(OneList):
    """The releaser's signature."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.RELEASE))

    @extend_schema(
        operation_id="batches_release",
        tags=TAG,
        summary="Duyệt chi",
        request=None,
        responses={**SIGNED, 503: RefusalBody},
        examples=[*SIGNED_EXAMPLES, examples.BANK_SILENT],
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """Sign the list; what changed for the worse since signing is stopped, the rest may be sent to the bank."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        try:
            release(batch_ids=[batch_id], actor=actor, now=timezone.now(), bank=the_bank())
        except BankError as error:
            raise BankSilent from error
        return _detail(actor, batch_id)


class ReturnView(OneList):
    """Back to the maker."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.RETURN_FOR_REVISION))

    @extend_schema(
        operation_id="batches_return",
        tags=TAG,
        summary="Trả lại để sửa",
        request=ReturnNote,
        responses={**SIGNED, 400: RefusalBody},
        examples=[examples.RETURN_NOTE, *SIGNED_EXAMPLES],
    )
    def post(self, request: Request, batch_id: int) -> Response:
        """A new revision, with what has to be corrected; the signatures stay on the old one."""
        actor = actor_of(request)
        require_whole_list(actor, batch_id)
        body = ReturnNote(data=request.data)
        body.is_valid(raise_exception=True)
        return_for_revision(batch_ids=[batch_id], actor=actor, note=body.validated_data["note"], now=timezone.now())
        return _detail(actor, batch_id)
