"""Is this file ours, and would it be counted the same today; is the sealed history as it was: asked from a page or a program."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reconciliation.errors import FileTooLarge
from reconciliation.services.few_at_a_time import few_at_a_time
from reconciliation.services.order_seal_check import order_seal_check
from reconciliation.services.verify_file import verify_file
from reconciliation.tasks import check_seals_asked_for
from staff.api.access import actor_of, having
from staff.api.reading import body_of, content_of
from staff.api.refusals import WRITE, RefusalBody
from staff.api.throttles import PerUser
from staff.rights import Right

MAX_BYTES = 20 * 1024 * 1024


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


class FileVerdictBody(serializers.Serializer[Any]):
    """Which paper it is, whether the bytes are ours (`original`), whether everything agrees (`holds`), and in sentences what does not."""

    told = serializers.CharField()
    original = serializers.BooleanField()
    holds = serializers.BooleanField()
    differences = serializers.ListField(child=serializers.CharField())
    recount = serializers.ListField(child=serializers.CharField())
    signers = serializers.ListField(child=serializers.CharField())
    received = serializers.ListField(child=serializers.CharField())


class CheckOrdered(serializers.Serializer[Any]):
    """The check runs in the background."""

    ordered = serializers.BooleanField()


class NothingIn(serializers.Serializer[Any]):
    """No fields."""


@method_decorator(never_cache, name="dispatch")
class VerificationsView(APIView):
    """Files that come back."""

    permission_classes = (having(Right.SEE_REPORTS),)
    parser_classes = (MultiPartParser,)
    throttle_classes = (Verifying,)

    @extend_schema(
        operation_id="verifications_create", tags=["verifications"], summary="Kiểm tra một tệp hệ thống đã phát hành", request={"multipart/form-data": FileIn},
        responses={200: FileVerdictBody, **WRITE, 429: RefusalBody},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Nothing of the file is kept. A paper out of reach is as unknown as one that is not ours."""
        content = content_of(body_of(request, FileIn)["file"], most=MAX_BYTES, refusal=FileTooLarge)
        with few_at_a_time("verify_file"):
            verdict = verify_file(content=content, now=timezone.now(), actor=actor_of(request))
        return Response(FileVerdictBody(verdict).data)


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
        order_seal_check(actor=actor_of(request), now=timezone.now())
        transaction.on_commit(check_seals_asked_for.delay, robust=True)
        return Response(CheckOrdered({"ordered": True}).data, status=202)
