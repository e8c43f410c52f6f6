"""Opening accounts in bulk, the list of requests out, coverage and flags. Lists that come in: `payments.api.office_files`."""

from dataclasses import asdict

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from beneficiaries.api.account_shapes import (
    AskedCount,
    CoverageQuery,
    CoverageRow,
    FlagRow,
    FunnelQuery,
    NeededCount,
    RequestBody,
    UnitBody,
)
from beneficiaries.api.reach import unit_in_reach
from beneficiaries.services.accounts.account_files import export_openings
from beneficiaries.services.accounts.account_flags import find_flags
from beneficiaries.services.accounts.coverage import BreakDown, coverage, funnel
from beneficiaries.services.accounts.open_accounts import note_needed, request_accounts
from staff.api.access import actor_of, having
from staff.api.reading import body_of, filters_of
from staff.api.refusals import RefusalBody
from staff.models import AdministrativeUnit
from staff.rights import Right, may

TAG = ["account-openings"]
READ = {400: RefusalBody, 403: RefusalBody, 404: RefusalBody}
WRITE = {**READ, 409: RefusalBody}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _unit(request: Request, code: str) -> AdministrativeUnit:
    unit = unit_in_reach(actor_of(request), code)
    if unit is None:
        raise Http404
    return unit


class NeededView(APIView):
    """Who has no account."""

    permission_classes = (having(Right.REQUEST_ACCOUNTS),)

    @extend_schema(
        operation_id="account_openings_need",
        tags=TAG,
        summary="Lập danh sách cần mở tài khoản",
        request=UnitBody,
        responses={200: NeededCount, **WRITE},
    )
    def post(self, request: Request) -> Response:
        """Repeating it adds nobody twice."""
        body = body_of(request, UnitBody)
        unit = _unit(request, body["unit"])
        return Response({"needed": note_needed(unit=unit, actor=actor_of(request), now=timezone.now())})


class RequestAccountsView(APIView):
    """Ask a bank."""

    permission_classes = (having(Right.REQUEST_ACCOUNTS),)

    @extend_schema(
        operation_id="account_openings_request",
        tags=TAG,
        summary="Đề nghị ngân hàng mở tài khoản đồng loạt",
        request=RequestBody,
        responses={200: AskedCount, **WRITE},
    )
    def post(self, request: Request) -> Response:
        """Each account is asked for once; workers send what goes by API."""
        body = body_of(request, RequestBody)
        asked = request_accounts(
            unit=_unit(request, body["unit"]),
            bank_bin=body.get("bank_bin", settings.ACCOUNT_OPENING_BIN),
            way=body["way"],
            people=body.get("people"),
            actor=actor_of(request),
            now=timezone.now(),
        )
        return Response(asdict(asked))


@method_decorator(never_cache, name="dispatch")
class OpeningFileView(APIView):
    """The requests as a file."""

    permission_classes = (having(Right.REQUEST_ACCOUNTS), having(Right.SEE_PERSONS))

    @extend_schema(
        operation_id="account_openings_file",
        tags=TAG,
        summary="Tệp đề nghị mở tài khoản gửi ngân hàng",
        request=RequestBody,
        responses={(200, XLSX): OpenApiTypes.BINARY, **WRITE},
    )
    def post(self, request: Request) -> HttpResponse:
        """A POST, because the requests are then with the bank."""
        body = body_of(request, RequestBody)
        content = export_openings(
            unit=_unit(request, body["unit"]),
            bank_bin=body.get("bank_bin", settings.ACCOUNT_OPENING_BIN),
            actor=actor_of(request),
            now=timezone.now(),
        )
        named = {"Content-Disposition": 'attachment; filename="de-nghi-mo-tai-khoan.xlsx"'}
        return HttpResponse(content, content_type=XLSX, headers=named)


class CoverageView(APIView):
    """Coverage by one break-down."""

    permission_classes = (having(Right.SEE_REPORTS, Right.SEE_PERSONS),)

    @extend_schema(
        operation_id="coverage_list",
        tags=["coverage"],
        summary="Tỷ lệ có tài khoản theo từng phân tổ, tại một ngày",
        parameters=[CoverageQuery],
        responses={200: CoverageRow(many=True), **READ},
    )
    def get(self, request: Request) -> Response:
        """Who may not see persons sees no group under five."""
        given = filters_of(request, CoverageQuery)
        whole = may(actor_of(request), Right.SEE_PERSONS)
        rows = coverage(unit=_unit(request, given["unit"]), on=given["on"], by=BreakDown(given["by"]), whole=whole)
        return Response([asdict(row) for row in rows])


class FunnelView(APIView):
    """How far opening accounts has come."""

    permission_classes = (having(Right.SEE_REPORTS, Right.SEE_PERSONS),)

    @extend_schema(
        operation_id="account_funnel_retrieve",
        tags=["coverage"],
        summary="Tiến độ mở tài khoản tại một ngày (Biểu 07)",
        parameters=[FunnelQuery],
        responses={200: OpenApiTypes.OBJECT, **READ},
    )
    def get(self, request: Request) -> Response:
        """People by step; a leader sees sums of the unit only."""
        given = filters_of(request, FunnelQuery)
        return Response(funnel(unit=_unit(request, given["unit"]), on=given["on"]))


@method_decorator(never_cache, name="dispatch")
class FlagsView(APIView):
    """Accounts and agents that look wrong."""

    permission_classes = (having(Right.SEE_ACCOUNTS), having(Right.SEE_PERSONS))

    @extend_schema(
        operation_id="account_flags_list",
        tags=["accounts"],
        summary="Tài khoản, người nhận thay cần xem lại",
        responses={200: FlagRow(many=True), 403: RefusalBody},
    )
    def get(self, request: Request) -> Response:
        """People below the own unit; of people elsewhere only how many they are."""
        return Response([asdict(row) for row in find_flags(unit=_unit(request, ""), now=timezone.now())])
