"""Reports of the bank on files that could not be applied: which, why, and what the bank answered when it was asked."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.api.signing_shapes import NoteIn
from payments.models import BankReport
from payments.services.files.wrong_reports import close_report
from staff.api.access import actor_of, having
from staff.api.lists import ListView
from staff.api.reading import body_of
from staff.api.refusals import WRITE, RefusalBody
from staff.rights import Right

TAG = ["sending"]


class WrongReportRow(serializers.ModelSerializer[BankReport]):
    """One report: of which account, what is wrong with it, who closed it and what the bank had answered."""

    account = serializers.CharField(source="funding_account.code")
    unit = serializers.CharField(source="funding_account.paying_unit.name")
    closed_by = serializers.SerializerMethodField()

    class Meta:
        model = BankReport
        fields = ("id", "account", "unit", "kind", "received_at", "problem", "closed_by", "note")

    def get_closed_by(self, report: BankReport) -> str:
        return report.closed_by.full_name if report.closed_by else ""


class WrongReportsView(ListView[BankReport]):
    """Wrong reports."""

    permission_classes = (having(Right.SEE_LISTS),)
    serializer_class = WrongReportRow

    @extend_schema(
        operation_id="bank_reports_list",
        tags=TAG,
        summary="Báo cáo của ngân hàng sai: đang mở và đã đóng",
        responses={200: WrongReportRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """Those of the own units, open ones first, then the newest."""
        return self.page_of(_in_reach(request).alias(closed=Q(closed_by__isnull=False)).order_by("closed", "-pk"))


@method_decorator(never_cache, name="dispatch")
class CloseReportView(APIView):
    """One wrong report is closed."""

    permission_classes = (having(Right.SEE_LISTS), having(Right.SETTLE_UNKNOWN))

    @extend_schema(
        operation_id="bank_reports_close",
        tags=TAG,
        summary="Đóng một báo cáo sai của ngân hàng, khi ngân hàng đã trả lời",
        request=NoteIn,
        responses={200: WrongReportRow, **WRITE},
    )
    def post(self, request: Request, report_id: int) -> Response:
        """No payment moves by it: what the bank meant comes in another report, or in its statement."""
        get_object_or_404(_in_reach(request), pk=report_id)
        note = body_of(request, NoteIn)["note"]
        return Response(
            WrongReportRow(
                close_report(report_id=report_id, note=note, actor=actor_of(request), now=timezone.now())
            ).data
        )


def _in_reach(request: Request) -> QuerySet[BankReport]:
    unit = actor_of(request).unit
    return (
        BankReport.objects.exclude(problem="")
        .filter(funding_account__paying_unit__path__startswith=unit.path if unit else "-")
        .select_related("funding_account__paying_unit", "closed_by")
    )
