"""Biên bản đối chiếu of a month, as figures and as a paper to sign; the journal as a workbook."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api.fields import MonthField, read_month
from reconciliation.api.periods import PATH, accounts_in_reach
from reconciliation.reports.rolls.docx import roll_docx
from reconciliation.services.months.journal_export import XLSX, export_journal
from reconciliation.services.months.minutes import Minutes, write_minutes
from reconciliation.services.months.minutes_workbook import export_minutes
from reconciliation.services.papers.issue_files import note_issued
from reconciliation.services.papers.issue_minutes import MinutesOut, issue_minutes
from staff.api.access import actor_of, having
from staff.api.refusals import READ
from staff.rights import Right

TAG = ["periods"]
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXAMPLE = {
    "account": "TKCT-971", "month": "2024-08", "agreed": True,
    "rows": [{"name": "Dư đầu kỳ tại ngân hàng", "ours": 0, "theirs": 0, "difference": 0, "cause": ""}],
}  # fmt: skip


class MinutesRowBody(serializers.Serializer[Any]):
    """One row of the form, đồng; `theirs` is null where the other side has not answered."""

    name = serializers.CharField()
    ours = serializers.IntegerField()
    theirs = serializers.IntegerField(allow_null=True)
    difference = serializers.IntegerField(allow_null=True)
    cause = serializers.CharField()


class MinutesBody(serializers.Serializer[Any]):
    """The minutes of a month."""

    account = serializers.CharField(source="account.code")
    month = MonthField()
    agreed = serializers.BooleanField()
    rows = MinutesRowBody(many=True)


class _OfMonth(APIView):
    """One funding account in reach and one month."""

    permission_classes = (having(Right.SEE_RECONCILIATION),)

    def minutes(self, request: Request, account: str, month: str) -> Minutes:
        """404 outside the scope and for what is no month."""
        found, first_day = get_object_or_404(accounts_in_reach(actor_of(request)), code=account), read_month(month)
        if first_day is None:
            raise Http404
        return write_minutes(account=found, month=first_day)

    def issued(self, request: Request, account: str, month: str) -> MinutesOut:
        """The same, written down as handed out."""
        return issue_minutes(minutes=self.minutes(request, account, month), actor=actor_of(request), now=timezone.now())


@method_decorator(never_cache, name="dispatch")
class MinutesView(_OfMonth):
    """The minutes as figures."""

    @extend_schema(
        operation_id="minutes_retrieve", tags=TAG, summary="Biên bản đối chiếu: số liệu", parameters=PATH, responses={200: MinutesBody, **READ},
        examples=[OpenApiExample("Biên bản", value=_EXAMPLE, response_only=True, status_codes=["200"])],
    )  # fmt: skip
    def get(self, request: Request, account: str, month: str) -> Response:
        """Ours, theirs, the difference and its cause."""
        return Response(MinutesBody(self.minutes(request, account, month)).data)


@method_decorator(never_cache, name="dispatch")
class MinutesPaperView(_OfMonth):
    """The minutes as a paper."""

    @extend_schema(
        operation_id="minutes_paper", tags=TAG, summary="Biên bản đối chiếu để ký (PDF)", parameters=PATH,
        responses={(200, "application/pdf"): OpenApiTypes.BINARY, **READ},
    )  # fmt: skip
    def get(self, request: Request, account: str, month: str) -> HttpResponse:
        """To be signed by both sides."""
        out = self.issued(request, account, month)
        name = f'attachment; filename="{out.roll.name}.pdf"'
        return HttpResponse(out.pdf, content_type="application/pdf", headers={"Content-Disposition": name})


@method_decorator(never_cache, name="dispatch")
class MinutesWorkbookView(_OfMonth):
    """The minutes as a workbook."""

    @extend_schema(
        operation_id="minutes_workbook", tags=TAG, summary="Biên bản đối chiếu (Excel)", parameters=PATH,
        responses={(200, XLSX): OpenApiTypes.BINARY, **READ},
    )  # fmt: skip
    def get(self, request: Request, account: str, month: str) -> HttpResponse:
        """The same rows as the paper; a side that has not answered stays empty."""
        out = self.issued(request, account, month)
        content = export_minutes(out.minutes, digest=out.roll.digest, made_at=out.roll.made_at)
        note_issued(names=out.roll.digest, files=[(".xlsx", content)], now=timezone.now())
        name = f'attachment; filename="{out.roll.name}.xlsx"'
        return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": name})


@method_decorator(never_cache, name="dispatch")
class MinutesWordView(_OfMonth):
    """The minutes as a Word document."""

    @extend_schema(
        operation_id="minutes_word", tags=TAG, summary="Biên bản đối chiếu (Word)", parameters=PATH,
        responses={(200, DOCX): OpenApiTypes.BINARY, **READ},
    )  # fmt: skip
    def get(self, request: Request, account: str, month: str) -> HttpResponse:
        """To be completed by both sides before it is signed."""
        out = self.issued(request, account, month)
        content = roll_docx(out.roll)
        note_issued(names=out.roll.digest, files=[(".docx", content)], now=timezone.now())
        name = f'attachment; filename="{out.roll.name}.docx"'
        return HttpResponse(content, content_type=DOCX, headers={"Content-Disposition": name})


@method_decorator(never_cache, name="dispatch")
class JournalExportView(APIView):
    """The journal of a month for accounting software."""

    permission_classes = (having(Right.SEE_RECONCILIATION),)

    @extend_schema(
        operation_id="journal_export", tags=TAG, summary="Bút toán trong tháng (Excel)", parameters=PATH,
        responses={(200, XLSX): OpenApiTypes.BINARY, **READ},
    )  # fmt: skip
    def get(self, request: Request, account: str, month: str) -> HttpResponse:
        """Every posting, and the balances by budget source and year."""
        found, first_day = get_object_or_404(accounts_in_reach(actor_of(request)), code=account), read_month(month)
        if first_day is None:
            raise Http404
        name = f'attachment; filename="but-toan-{first_day:%Y-%m}.xlsx"'
        content = export_journal(account=found, month=first_day)
        return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": name})
