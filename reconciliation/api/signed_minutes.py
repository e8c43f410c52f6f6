"""Minutes that came back signed: upload, list, fetch."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api.fields import read_month
from payments.errors import UnreadablePaper
from payments.models import FundingAccount
from payments.services.signing.papers import MAX_BYTES
from reconciliation.api.minutes import TAG
from reconciliation.api.periods import PATH, accounts_in_reach
from reconciliation.models import SignedMinutes
from reconciliation.services.papers.keep_signed_minutes import (
    content_of_minutes,
    keep_signed_minutes,
    signed_minutes_of,
)
from staff.api.access import actor_of, having
from staff.api.reading import body_of, content_of
from staff.api.refusals import READ, WRITE
from staff.rights import Right, may, no_right
from staff.services.database_clock import database_now


class SignedMinutesRow(serializers.ModelSerializer[SignedMinutes]):
    """What came back signed; `code`: of the minutes that went out, null for a scan, which only people can compare."""

    code = serializers.SerializerMethodField()
    kind_label = serializers.CharField(source="get_kind_display")
    signatures = serializers.ListField(child=serializers.DictField())
    received_by = serializers.CharField(source="received_by.full_name")

    class Meta:
        model = SignedMinutes
        fields = ["id", "kind", "kind_label", "media_type", "content_digest", "code", "signatures", "received_by", "received_at"]  # fmt: skip

    def get_code(self, paper: SignedMinutes) -> str | None:
        return paper.paper.digest[:12] if paper.paper else None


class SignedMinutesIn(serializers.Serializer[Any]):
    """The signed minutes: our PDF with digital signatures, or a scan (PDF, JPEG, PNG)."""

    file = serializers.FileField()


def _of_month(request: Request, account: str, month: str) -> tuple[FundingAccount, date]:
    """404 outside the scope and for what is no month."""
    accounts = accounts_in_reach(actor_of(request)).select_related("paying_unit")
    found, first_day = get_object_or_404(accounts, code=account), read_month(month)
    if first_day is None:
        raise Http404
    return found, first_day


@method_decorator(never_cache, name="dispatch")
class SignedMinutesView(APIView):
    """Signed minutes of one account and month."""

    permission_classes = (having(Right.SEE_RECONCILIATION),)
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="minutes_signed", tags=TAG, summary="Biên bản đã ký của tháng", parameters=PATH,
        responses={200: SignedMinutesRow(many=True), **READ},
    )  # fmt: skip
    def get(self, request: Request, account: str, month: str) -> Response:
        """In the order they came; what each digital signature says."""
        found, first_day = _of_month(request, account, month)
        return Response(SignedMinutesRow(signed_minutes_of(account=found, month=first_day), many=True).data)

    @extend_schema(
        operation_id="minutes_signed_create", tags=TAG, summary="Nộp lại biên bản đã ký", parameters=PATH,
        request={"multipart/form-data": SignedMinutesIn}, responses={200: SignedMinutesRow, **WRITE},
    )  # fmt: skip
    def post(self, request: Request, account: str, month: str) -> Response:
        """Our PDF with digital signatures must be what went out for this month; a scan is kept for people to compare."""
        actor = actor_of(request)
        found, first_day = _of_month(request, account, month)
        if not may(actor, Right.RECONCILE):
            raise no_right(actor, Right.RECONCILE)
        content = content_of(body_of(request, SignedMinutesIn)["file"], most=MAX_BYTES, refusal=UnreadablePaper)
        paper = keep_signed_minutes(account=found, month=first_day, content=content, actor=actor, now=database_now())
        return Response(SignedMinutesRow(paper).data)


@method_decorator(never_cache, name="dispatch")
class SignedMinutesFileView(APIView):
    """One signed copy as it was received."""

    permission_classes = (having(Right.SEE_RECONCILIATION),)

    @extend_schema(
        operation_id="minutes_signed_file", tags=TAG, summary="Tải biên bản đã ký", parameters=PATH,
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **READ},
    )  # fmt: skip
    def get(self, request: Request, account: str, month: str, minutes_id: int) -> HttpResponse:
        """Byte by byte."""
        found, first_day = _of_month(request, account, month)
        paper = get_object_or_404(SignedMinutes, pk=minutes_id, account=found, month=first_day)
        suffix = paper.media_type.rpartition("/")[2]
        name = {"Content-Disposition": f'attachment; filename="bien-ban-da-ky-{paper.pk}.{suffix}"'}
        return HttpResponse(content_of_minutes(paper), content_type=paper.media_type, headers=name)
