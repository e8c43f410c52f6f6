"""What people do when somebody died or may have: answer notices, see what is to be stopped or asked back, keep the funeral file."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.models import FuneralFile, LifeStatus
from beneficiaries.services.life_events.funeral import count_funeral_files, record_funeral_status, with_status
from beneficiaries.services.life_events.notices import open_notices
from payments.api.life_serializers import (
    FuneralCountRow,
    FuneralFileRow,
    FuneralStatusIn,
    NoticeAnswerIn,
    NoticeRow,
    RecoveryRow,
    StopNoticeRow,
)
from payments.api.scope import payments_in_reach
from payments.models import RecoveryProposal, StopNotice
from payments.services.ledger.undecided_recoveries import undecided
from payments.services.life import answer
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of
from staff.api.refusals import WRITE, RefusalBody
from staff.models import User
from staff.rights import Right

TAG = ["life-events"]
SEES = (having(Right.SEE_PERSONS),)
DECIDES = (having(Right.SEE_PERSONS), having(Right.DECIDE_CASE))


def _path(actor: User) -> str:
    """The actor's subtree; without a unit, a path nobody lives under."""
    return actor.unit.path if actor.unit else "-"


class NoticesView(ListView[LifeStatus]):
    """People whose money is held."""

    permission_classes = SEES
    serializer_class = NoticeRow

    @extend_schema(
        operation_id="death_notices_list",
        tags=TAG,
        summary="Tin báo tử chờ xác minh",
        responses={200: NoticeRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """The oldest first."""
        held = LifeStatus.objects.filter(
            notice__isnull=False, beneficiary__unit__path__startswith=_path(actor_of(request))
        )
        rows = held.select_related("beneficiary__unit", "notice").order_by("notice_on", "pk")
        page = self.paginate_queryset(rows) or []
        known = open_notices([one.pk for one in page])
        return self.get_paginated_response(NoticeRow(page, many=True, context={"notices": known}).data)


@method_decorator(never_cache, name="dispatch")
class NoticeAnswerView(APIView):
    """Confirm or lift."""

    permission_classes = DECIDES

    @extend_schema(
        operation_id="death_notices_answer",
        tags=TAG,
        summary="Xác nhận hoặc bỏ giữ",
        request=NoticeAnswerIn,
        responses={204: None, **WRITE},
    )
    def post(self, request: Request, beneficiary_id: int) -> Response:
        """Money held becomes payable with the next list when lifted."""
        actor = actor_of(request)
        get_object_or_404(LifeStatus, pk=beneficiary_id, beneficiary__unit__path__startswith=_path(actor))
        body = body_of(request, NoticeAnswerIn)
        answer(beneficiary_id=beneficiary_id, actor=actor, now=timezone.now(), **body)
        return Response(status=204)


class RecoveriesView(ListView[RecoveryProposal]):
    """Paid for months after the month of death."""

    permission_classes = (having(Right.SEE_LISTS), *SEES)
    serializer_class = RecoveryRow

    @extend_schema(
        operation_id="recovery_proposals_list",
        tags=TAG,
        summary="Đề nghị thu hồi tiền chi sau tháng mất",
        responses={200: RecoveryRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """What no decision covers yet; from a decision on it is followed as a debt (`recoveries`)."""
        rows = undecided(RecoveryProposal.objects.filter(payment__in=payments_in_reach(actor_of(request))))
        return self.page_of(rows.select_related("payment__beneficiary__unit", "entitlement__enrolment").order_by("pk"))


class StopNoticesView(ListView[StopNotice]):
    """Thông báo dừng chi."""

    permission_classes = (having(Right.SEE_LISTS), *SEES)
    serializer_class = StopNoticeRow

    @extend_schema(
        operation_id="stop_notices_list",
        tags=TAG,
        summary="Thông báo dừng chi",
        responses={200: StopNoticeRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """What the bank or provider is asked not to pay."""
        rows = StopNotice.objects.filter(withdrawn_at__isnull=True, payment__in=payments_in_reach(actor_of(request)))
        return self.page_of(rows.select_related("payment__beneficiary__unit").order_by("pk"))


class FuneralFilesView(ListView[FuneralFile]):
    """Funeral files."""

    permission_classes = SEES
    serializer_class = FuneralFileRow

    @extend_schema(
        operation_id="funeral_files_list",
        tags=TAG,
        summary="Hồ sơ hỗ trợ chi phí mai táng",
        responses={200: FuneralFileRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """The oldest first, each with its last status."""
        files = FuneralFile.objects.filter(beneficiary__unit__path__startswith=_path(actor_of(request)))
        return self.page_of(with_status(files).select_related("beneficiary__unit").order_by("pk"))


@method_decorator(never_cache, name="dispatch")
class FuneralStatusView(APIView):
    """What the one-stop desk said."""

    permission_classes = DECIDES

    @extend_schema(
        operation_id="funeral_files_status",
        tags=TAG,
        summary="Ghi trạng thái hồ sơ",
        request=FuneralStatusIn,
        responses={200: FuneralFileRow, **WRITE},
    )
    def post(self, request: Request, file_id: int) -> Response:
        """One of the official six; whatever is not under way or settled says why."""
        actor = actor_of(request)
        files = FuneralFile.objects.filter(beneficiary__unit__path__startswith=_path(actor))
        get_object_or_404(files, pk=file_id)
        body = body_of(request, FuneralStatusIn)
        record_funeral_status(file_id=file_id, actor=actor, now=timezone.now(), **body)
        return Response(FuneralFileRow(with_status(files).select_related("beneficiary__unit").get(pk=file_id)).data)


@method_decorator(never_cache, name="dispatch")
class FuneralCountsView(APIView):
    """How many, and why not yet."""

    permission_classes = (having(Right.SEE_PERSONS, Right.SEE_REPORTS),)

    @extend_schema(
        operation_id="funeral_files_counts",
        tags=TAG,
        summary="Số hồ sơ theo trạng thái và nguyên nhân",
        responses={200: FuneralCountRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Figures only; every count that is not settled has its reasons."""
        actor = actor_of(request)
        rows = count_funeral_files(unit=actor.unit) if actor.unit else []
        return Response(FuneralCountRow(rows, many=True).data)
