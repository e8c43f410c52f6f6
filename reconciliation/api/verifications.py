"""Is this file ours, and would it be counted the same today; is the sealed history as it was: asked from a page or a program."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from reconciliation.errors import FileTooLarge
from reconciliation.models import VerificationOrder
from reconciliation.services.papers.order_seal_check import order_seal_check
from reconciliation.services.papers.order_verification import order_verification
from reconciliation.tasks import check_seals_asked_for, verify_files_handed_in
from staff.api.access import actor_of, having
from staff.api.pages import Pages
from staff.api.reading import body_of, content_of
from staff.api.refusals import READ, WRITE, RefusalBody
from staff.api.throttles import PerUser
from staff.rights import Right
from staff.services.database_clock import database_now

MAX_BYTES = 20 * 1024 * 1024
TAG = ["verifications"]


class Verifying(PerUser):
    """Each file counts a whole period again: six a minute for one user."""

    rate = "6/minute"
    scope = "verify_file"


class CheckingSeals(PerUser):
    """Each check reads the whole history: six an hour for one user."""

    rate = "6/hour"
    scope = "check_seals"


class FileIn(serializers.Serializer[Any]):
    """The file as it came back: PDF, Word, Excel or JSON."""

    file = serializers.FileField(help_text="tệp hệ thống đã phát hành, không quá 20 MB")


class FileFindings(serializers.Serializer[Any]):
    """Whether the bytes are ours (`original`), whether everything agrees (`holds`), and in sentences what does not; `definitions`: of which version
    the figures are, if not of today's."""

    original = serializers.BooleanField()
    holds = serializers.BooleanField()
    differences = serializers.ListField(child=serializers.CharField())
    recount = serializers.ListField(child=serializers.CharField())
    signers = serializers.ListField(child=serializers.CharField())
    received = serializers.ListField(child=serializers.CharField())
    definitions = serializers.ListField(child=serializers.CharField(), default=list)


class VerificationRow(serializers.ModelSerializer[VerificationOrder]):
    """One file handed in: `told` says which paper it is ("" before anybody looked); `verdict` when it is DONE, `problem` when it was REFUSED."""

    stage = serializers.CharField()
    stage_label = serializers.CharField(source="get_stage_display")
    verdict = FileFindings(allow_null=True)

    class Meta:
        model = VerificationOrder
        fields = ["id", "stage", "stage_label", "told", "size", "ordered_at", "finished_at", "problem", "verdict"]


class CheckOrdered(serializers.Serializer[Any]):
    """The check runs in the background."""

    ordered = serializers.BooleanField()


class NothingIn(serializers.Serializer[Any]):
    """No fields."""


@method_decorator(never_cache, name="dispatch")
class VerificationsView(GenericAPIView[VerificationOrder]):
    """Files that come back."""

    permission_classes = (having(Right.SEE_REPORTS),)
    parser_classes = (MultiPartParser,)
    pagination_class = Pages
    serializer_class = VerificationRow
    queryset = VerificationOrder.objects.none()

    def get_throttles(self) -> list[BaseThrottle]:
        """Reading what was found costs nothing."""
        return [Verifying()] if self.request.method == "POST" else []

    @extend_schema(
        operation_id="verifications_list", tags=TAG, summary="Các tệp đã gửi kiểm tra", responses={200: VerificationRow(many=True), 403: RefusalBody}
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Own ones, the newest first."""
        page = self.paginate_queryset(own_verifications(request).order_by("-pk"))
        return self.get_paginated_response(VerificationRow(page, many=True).data)

    @extend_schema(
        operation_id="verifications_create", tags=TAG, summary="Kiểm tra một tệp hệ thống đã phát hành", request={"multipart/form-data": FileIn},
        responses={200: VerificationRow, 202: VerificationRow, **WRITE, 429: RefusalBody},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """A commune's report, a short list, a dossier: answered at once (200). What counts a province again is done in the background (202): ask for
        it by its id. The file is forgotten with the answer. A paper out of reach is as unknown as one that is not ours."""
        content = content_of(body_of(request, FileIn)["file"], most=MAX_BYTES, refusal=FileTooLarge)
        order = order_verification(content=content, actor=actor_of(request), now=database_now())
        if order.stage == order.Stage.WAITING:
            transaction.on_commit(verify_files_handed_in.delay, robust=True)
            return Response(VerificationRow(order).data, status=202)
        return Response(VerificationRow(order).data)


@method_decorator(never_cache, name="dispatch")
class VerificationView(GenericAPIView[VerificationOrder]):
    """One file handed in."""

    permission_classes = (having(Right.SEE_REPORTS),)
    serializer_class = VerificationRow
    queryset = VerificationOrder.objects.none()

    @extend_schema(
        operation_id="verifications_retrieve", tags=TAG, summary="Kết quả kiểm tra một tệp", responses={200: VerificationRow, **READ}
    )  # fmt: skip
    def get(self, request: Request, order_id: int) -> Response:
        """404 for what somebody else handed in, as for none."""
        return Response(VerificationRow(get_object_or_404(own_verifications(request), pk=order_id)).data)


def own_verifications(request: Request) -> QuerySet[VerificationOrder]:
    """Without the files."""
    return VerificationOrder.objects.filter(ordered_by=actor_of(request)).defer("sealed")


@method_decorator(never_cache, name="dispatch")
class SealCheckView(APIView):
    """A check of the whole sealed history, now."""

    permission_classes = (having(Right.SEE_HISTORY),)
    throttle_classes = (CheckingSeals,)

    @extend_schema(
        operation_id="history_seals_check", tags=["history"], summary="Kiểm tra lại toàn bộ nhật ký đã niêm phong", request=NothingIn,
        responses={202: CheckOrdered, 403: RefusalBody, 429: RefusalBody},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """In the background; what it found stands in `last_check` of the seals, with its time and who asked."""
        body_of(request, NothingIn)
        order_seal_check(actor=actor_of(request), now=database_now())
        transaction.on_commit(check_seals_asked_for.delay, robust=True)
        return Response(CheckOrdered({"ordered": True}).data, status=202)
